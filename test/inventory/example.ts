import { z } from 'zod';
import { outboundShape } from '../../src/lib/http/config.js';
import { secretString } from '../../src/lib/secret.js';
import { commonKeys } from '../../src/inventory/common-keys.js';
import type { ConnectorKind } from '../../src/inventory/connector.js';
import { certificateItem } from '../../src/inventory/rest/certificate-item.js';
import { listingConnector } from '../../src/inventory/rest/listing-source.js';

/** Example Manager. */
export const exampleConfig = z.strictObject({
  type: z.literal('example').describe('Example Manager.'),
  ...commonKeys,
  url: z.url({ protocol: /^https?$/ }).describe('Address of the API.'),
  token: secretString.describe('Token with the right to list certificates.'),
  ...outboundShape({ allowPrivate: true }),
});

const page = z.object({
  items: z.array(z.object({ id: z.string(), owner: z.string().nullish() })),
  next: z.string().nullish(),
});

/** https://example.com/docs/api: GET /certificates, GET /certificates/ID.pem */
export const example: ConnectorKind<typeof exampleConfig> = {
  config: exampleConfig,
  defaultName: ({ url }) => new URL(url).host,
  create: (config, name, read) =>
    listingConnector(name, read, {
      baseUrl: config.url,
      outbound: config,
      secrets: [config.token],
      authorize: () => ({ headers: () => Promise.resolve({ authorization: `Bearer ${config.token}` }) }),
      page,
      request: (cursor) => ({ path: '/certificates', query: { limit: 100, cursor } }),
      next: ({ next }) => next ?? null,
      // The reference names one certificate for ever: what an earlier run has read is not read again.
      entries: ({ items }) =>
        items.map(({ id, owner }) => ({
          id,
          reference: `certificate ${id}`,
          facts: { owner: owner ?? null },
        })),
      async fetch({ id, reference, facts }, { rest, source }, signal) {
        const { body } = await rest.send({ path: `/certificates/${encodeURIComponent(id)}.pem` }, signal);
        return certificateItem(body, { source, reference, ...facts }, read);
      },
    }),
};
