import { testManager } from './manager.js';

/** As https://dev.digicert.com/certcentral-apis/services-api/orders/list-orders.html shows it, read 2026-12-01. */
const apiKey = 'DIGICERTKEY0123456789';

testManager({
  type: 'digicert',
  configure: (url) => ({ type: 'digicert', url, apiKey, allowPrivate: true }),
  secrets: [apiKey],
  identity: 'sha256',
  script:
    (held, size) =>
    ({ url }) => {
      if (url.pathname === '/services/v2/order/certificate') {
        const offset = Number(url.searchParams.get('offset'));
        const orders = held.slice(offset, offset + size).map(({ id, host }) => ({
          id: 1_000 + id,
          certificate: { id, common_name: host, dns_names: [host, `www.${host}`] },
          status: 'issued',
          organization: { id: 1, name: 'Example Ltd' },
          container: { id: 2, name: 'Web team' },
          product: { name_id: 'ssl_basic', name: 'Basic OV' },
          auto_renew: 1,
        }));
        return { json: { orders, page: { total: held.length, limit: size, offset } } };
      }
      const id = Number(/certificate\/(\d+)\/download\/format\/pem_all$/.exec(url.pathname)?.[1]);
      const pem = held.find((one) => one.id === id)?.pem;
      return pem === undefined ? { status: 404 } : { status: 200, text: pem };
    },
  referenceOf: ({ id }) => `order ${1_000 + id} certificate ${id}`,
  isLaterPage: ({ url }) => url.searchParams.get('offset') === '14',
  unauthorized: ({ headers }) => headers['x-dc-devkey'] !== apiKey,
  first: {
    owner: 'Web team',
    status: 'issued',
    names: ['host-0.example.com', 'www.host-0.example.com'],
    labels: { organization: 'Example Ltd', product: 'Basic OV' },
  },
});
