import { testManager } from './manager.js';

/** As https://docs.venafi.cloud/api/ and the sources of Venafi's vcert (pkg/venafi/cloud/search.go) show it, read 2026-12-01. */
const apiKey = 'a1b2c3d4-venafi-api-key';
const pageOf = (body: string): number =>
  (JSON.parse(body) as { paging: { pageNumber: number } }).paging.pageNumber;

testManager({
  type: 'venafi-cloud',
  configure: (url) => ({ type: 'venafi-cloud', url, apiKey, allowPrivate: true }),
  secrets: [apiKey],
  identity: 'sha1',
  script:
    (held, size) =>
    ({ body }) => {
      const start = pageOf(body) * size;
      const certificates = held.slice(start, start + size).map(({ id, host, sha1, serial }) => ({
        id: `uuid-${id}`,
        fingerprint: sha1.toUpperCase(),
        serialNumber: serial,
        certificateStatus: 'ACTIVE',
        subjectCN: [host],
        subjectAlternativeNamesByType: { dNSName: [host, `www.${host}`] },
        applicationIds: ['app-1'],
      }));
      return { json: { count: held.length, certificates } };
    },
  referenceOf: ({ id }) => `certificate uuid-${id}`,
  isLaterPage: ({ body }) => pageOf(body) === 2,
  unauthorized: ({ headers }) => headers['tppl-api-key'] !== apiKey,
  first: {
    status: 'ACTIVE',
    names: ['host-0.example.com', 'www.host-0.example.com'],
    labels: { applications: 'app-1' },
  },
});
