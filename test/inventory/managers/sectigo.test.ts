import { testManager } from './manager.js';

/** As the Sectigo Certificate Manager REST API guide (SSL certificates: listing, collecting) shows it, read 2026-12-01. */
const password = 'sectigo-password-1';

testManager({
  type: 'sectigo',
  configure: (url) => ({
    type: 'sectigo',
    url,
    customerUri: 'example',
    login: 'api',
    password,
    allowPrivate: true,
  }),
  secrets: [password],
  identity: 'sha256',
  script:
    (held, size) =>
    ({ url }) => {
      if (url.pathname === '/api/ssl/v1') {
        const position = Number(url.searchParams.get('position'));
        const page = held.slice(position, position + size).map(({ id, host, serial }) => ({
          sslId: id,
          commonName: host,
          subjectAlternativeNames: [host],
          serialNumber: serial,
        }));
        return { json: page };
      }
      const id = Number(/\/collect\/(\d+)\/x509CO$/.exec(url.pathname)?.[1]);
      const pem = held.find((one) => one.id === id)?.pem;
      return pem === undefined ? { status: 404 } : { status: 200, text: pem };
    },
  referenceOf: ({ id, serial }) => `ssl ${id} serial ${serial}`,
  isLaterPage: ({ url }) => url.searchParams.get('position') === '14',
  unauthorized: ({ headers }) => headers['password'] !== password || headers['customeruri'] !== 'example',
  first: { names: ['host-0.example.com'] },
});
