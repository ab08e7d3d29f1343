import { testManager } from './manager.js';

/** As https://www.globalsign.com/en/resources/apis/api-documentation/globalsign_hvca_api.html shows it, read 2026-12-01. */
const apiSecret = 'globalsign-secret-1';

testManager({
  type: 'globalsign',
  configure: (url) => ({ type: 'globalsign', url, apiKey: 'gs-api-key', apiSecret, allowPrivate: true }),
  secrets: [apiSecret],
  identity: 'sha256',
  script:
    (held, size) =>
    ({ url, body }) => {
      if (url.pathname === '/v2/login')
        return (JSON.parse(body) as Record<string, string>)['api_secret'] === apiSecret
          ? { json: { access_token: 'gs-access-token' } }
          : { status: 401 };
      if (url.pathname === '/v2/stats/issued') {
        const start = (Number(url.searchParams.get('page')) - 1) * size;
        return { json: held.slice(start, start + size).map(({ serial }) => ({ serial_number: serial })) };
      }
      const serial = url.pathname.replace('/v2/certificates/', '');
      const pem = held.find((one) => one.serial === serial)?.pem;
      return pem === undefined
        ? { status: 404 }
        : { json: { certificate: pem, status: 'ISSUED', updated_at: 1_790_000_000 } };
    },
  referenceOf: ({ serial }) => `certificate ${serial}`,
  isLaterPage: ({ url }) => url.searchParams.get('page') === '3',
  unauthorized: ({ url, headers }) =>
    url.pathname !== '/v2/login' && headers.authorization !== 'Bearer gs-access-token',
  first: { status: 'ISSUED', names: ['host-0.example.com'] },
});
