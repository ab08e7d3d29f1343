import { z } from 'zod';
import { outboundShape } from '../../lib/http/config.js';
import { secretString } from '../../lib/secret.js';
import { commonKeys } from '../common-keys.js';
import type { ConnectorKind } from '../connector.js';
import { certificateItem } from '../rest/certificate-item.js';
import { listingConnector } from '../rest/listing-source.js';

/** DigiCert CertCentral. */
export const digicertConfig = z.strictObject({
  type: z
    .literal('digicert')
    .describe(
      "DigiCert CertCentral. Built from notes on the vendor's documentation; not run against the vendor.",
    ),
  ...commonKeys,
  apiKey: secretString.describe('API key; a key with the restriction "View only" is enough.'),
  url: z
    .url({ protocol: /^https?$/ })
    .default('https://www.digicert.com')
    .describe('Address of the services.'),
  ...outboundShape({ allowPrivate: false }),
});

const page = z.object({
  orders: z
    .array(
      z.object({
        id: z.number(),
        status: z.string().default(''),
        certificate: z.object({
          id: z.number().optional(),
          common_name: z.string().default(''),
          dns_names: z.array(z.string()).default([]),
        }),
        organization: z.object({ name: z.string() }).optional(),
        container: z.object({ name: z.string() }).optional(),
        product: z.object({ name: z.string() }).optional(),
        auto_renew: z.number().optional(),
      }),
    )
    .default([]),
  page: z.object({ total: z.number(), offset: z.number() }),
});

/** At most 1,000 orders a page. */
const pageSize = 1_000;

/** https://dev.digicert.com/certcentral-apis/services-api/orders/list-orders.html and .../certificates/download-certificate.html */
export const digicert: ConnectorKind<typeof digicertConfig> = {
  config: digicertConfig,
  defaultName: ({ url }) => new URL(url).host,
  create: (config, name, read) =>
    listingConnector(name, read, {
      baseUrl: config.url,
      outbound: config,
      secrets: [config.apiKey],
      authorize: () => ({ headers: () => Promise.resolve({ 'x-dc-devkey': config.apiKey }) }),
      page,
      request: (offset) => ({
        path: '/services/v2/order/certificate',
        query: { limit: pageSize, offset: offset ?? 0 },
      }),
      next: ({ orders, page: { total, offset } }) =>
        orders.length > 0 && offset + orders.length < total ? offset + orders.length : null,
      entries: ({ orders }) =>
        // Orders that wait for validation have no certificate yet.
        orders.flatMap(({ id, status, certificate, organization, container, product, auto_renew: renews }) =>
          certificate.id === undefined
            ? []
            : [
                {
                  id: certificate.id,
                  reference: `order ${id} certificate ${certificate.id}`,
                  facts: {
                    status: status === '' ? null : status,
                    owner: container?.name ?? null,
                    names: [...new Set([certificate.common_name, ...certificate.dns_names])].filter(
                      (one) => one !== '',
                    ),
                    labels: { organization: organization?.name ?? '', product: product?.name ?? '' },
                    renewal: {
                      isAutomatic: renews === undefined ? null : renews > 0,
                      dueAt: null,
                      failedAt: null,
                      failures: null,
                      message: null,
                    },
                  },
                },
              ],
        ),
      async fetch({ id, reference, facts }, { rest, source }, signal) {
        const answer = await rest.send(
          { path: `/services/v2/certificate/${id}/download/format/pem_all` },
          signal,
        );
        return certificateItem(answer.body, { source, reference, ...facts }, read);
      },
      // 100 requests in 5 seconds.
      concurrency: 4,
    }),
};
