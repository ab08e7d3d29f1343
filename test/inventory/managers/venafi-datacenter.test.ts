import { testManager } from './manager.js';

/** As https://docs.venafi.com/ (Web SDK: POST authorize/oauth, GET certificates) shows it, read 2026-12-01. */
const password = 'venafi-password-1';

testManager({
  type: 'venafi-datacenter',
  configure: (url) => ({ type: 'venafi-datacenter', url, clientId: 'certglass', username: 'api', password }),
  secrets: [password],
  identity: 'sha1',
  script:
    (held, size) =>
    ({ url, body }) => {
      if (url.pathname === '/vedauth/authorize/oauth') {
        const asked = JSON.parse(body) as Record<string, string>;
        return asked['password'] === password && asked['scope'] === 'certificate'
          ? { json: { access_token: 'tpp-access-token', expires_in: 7_776_000, refresh_token: 'x' } }
          : { status: 400, text: '{"error":"invalid_grant"}' };
      }
      // Without the final slash the server redirects.
      if (url.pathname !== '/vedsdk/certificates/')
        return { status: 307, headers: { location: '/vedsdk/certificates/' } };
      const offset = Number(url.searchParams.get('offset'));
      const page = held.slice(offset, offset + size).map(({ id, host, sha1, serial }) => ({
        DN: `\\VED\\Policy\\Web\\${host}`,
        Guid: `{${id}}`,
        Name: host,
        X509: {
          CN: host,
          Serial: serial,
          Thumbprint: sha1.toUpperCase(),
          SANS: { DNS: [host] },
          ValidTo: '2027-01-01T00:00:00Z',
        },
      }));
      return { json: { Certificates: page, DataRange: 'x', TotalCount: held.length } };
    },
  referenceOf: ({ id, host }) => `\\VED\\Policy\\Web\\${host} {${id}}`,
  isLaterPage: ({ url }) => url.searchParams.get('offset') === '14',
  unauthorized: ({ url, headers }) =>
    url.pathname.startsWith('/vedsdk') && headers.authorization !== 'Bearer tpp-access-token',
  first: { names: ['host-0.example.com'], labels: { folder: '\\VED\\Policy\\Web' } },
});
