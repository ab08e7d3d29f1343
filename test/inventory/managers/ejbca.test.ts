import { testManager } from './manager.js';

/** As https://docs.keyfactor.com/ejbca/latest/ejbca-rest-interface (POST /v2/certificate/search) shows it, read 2026-12-01. */
const pageOf = (body: string): number =>
  (JSON.parse(body) as { pagination: { current_page: number } }).pagination.current_page;

testManager({
  type: 'ejbca',
  configure: (url) => ({ type: 'ejbca', url }),
  secrets: [],
  identity: 'sha256',
  script:
    (held, size) =>
    ({ url, body }) => {
      if (url.pathname !== '/ejbca/ejbca-rest-api/v2/certificate/search') return { status: 404 };
      const start = (pageOf(body) - 1) * size;
      const certificates = held.slice(start, start + size).map(({ id, der, serial }) => {
        const base64 = der.toString('base64');
        return {
          // Newer versions give base64 of DER, older ones that in base64 again.
          certificate: id % 2 === 0 ? base64 : Buffer.from(base64).toString('base64'),
          serial_number: serial,
          response_format: 'DER',
          username: `entity-${id}`,
          status: 'CERT_ACTIVE',
          certificate_profile: 'SERVER',
          end_entity_profile: 'Web',
        };
      });
      return { json: { certificates, pagination_summary: { page_size: size, current_page: pageOf(body) } } };
    },
  referenceOf: ({ id, serial }) => `entity-${id} ${serial}`,
  isLaterPage: ({ body }) => pageOf(body) === 3,
  unauthorized: () => false,
  first: {
    owner: 'entity-0',
    status: 'CERT_ACTIVE',
    names: ['host-0.example.com'],
    labels: { profile: 'SERVER', endEntityProfile: 'Web' },
  },
});
