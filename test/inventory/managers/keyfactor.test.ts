import { testManager } from './manager.js';

/** As https://software.keyfactor.com/Core-OnPrem/Current/Content/WebAPI/KeyfactorAPI/CertificatesGET.htm shows it, read 2026-12-01. */
const password = 'keyfactor-password-1';
const basic = `Basic ${Buffer.from(`EXAMPLE\\api:${password}`).toString('base64')}`;

testManager({
  type: 'keyfactor',
  configure: (url) => ({ type: 'keyfactor', url: `${url}/KeyfactorAPI`, username: 'EXAMPLE\\api', password }),
  secrets: [password, basic],
  identity: 'sha1',
  script:
    (held, size) =>
    ({ url }) => {
      if (url.pathname !== '/KeyfactorAPI/Certificates') return { status: 404 };
      const start = (Number(url.searchParams.get('PageReturned')) - 1) * size;
      return {
        json: held.slice(start, start + size).map(({ id, host, sha1, serial }) => ({
          Id: id,
          Thumbprint: sha1.toUpperCase(),
          SerialNumber: serial,
          IssuedCN: host,
          RequesterName: 'EXAMPLE\\web',
          CertStateString: 'Active',
          CertificateAuthorityName: 'ca.example.com\\Issuing CA',
          Metadata: { 'Email-Contact': 'web@example.com', Count: 3 },
        })),
      };
    },
  referenceOf: ({ id }) => `certificate ${id}`,
  isLaterPage: ({ url }) => url.searchParams.get('PageReturned') === '3',
  unauthorized: ({ headers }) =>
    headers.authorization !== basic || headers['x-keyfactor-requested-with'] !== 'APIClient',
  first: {
    owner: 'EXAMPLE\\web',
    status: 'Active',
    names: ['host-0.example.com'],
    labels: { 'Email-Contact': 'web@example.com', authority: 'ca.example.com\\Issuing CA' },
  },
});
