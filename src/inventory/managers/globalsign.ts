import { z } from 'zod';
import { createTokenSource } from '../../lib/http/access-token.js';
import { outboundShape } from '../../lib/http/config.js';
import type { GuardedClient } from '../../lib/http/guarded-client.js';
import { createRestClient, type Authorization } from '../../lib/http/rest-client.js';
import { secretString } from '../../lib/secret.js';
import { commonKeys } from '../common-keys.js';
import type { ConnectorKind } from '../connector.js';
import { certificateItem } from '../rest/certificate-item.js';
import { listingConnector } from '../rest/listing-source.js';

/** GlobalSign Atlas. */
export const globalsignConfig = z.strictObject({
  type: z
    .literal('globalsign')
    .describe(
      "GlobalSign Atlas (HVCA API), by API key and client certificate. Built from notes on the vendor's documentation; not run against the vendor.",
    ),
  ...commonKeys,
  apiKey: secretString.describe('API key of the account.'),
  apiSecret: secretString.describe('Secret that belongs to the API key.'),
  url: z
    .url({ protocol: /^https?$/ })
    .default('https://emea.api.hvca.globalsign.com:8443')
    .describe('Address of the region.'),
  ...outboundShape({ allowPrivate: false }),
});

const page = z.array(z.object({ serial_number: z.string() }));
const issued = z.object({ certificate: z.string(), status: z.string().default('') });
const login = z.object({ access_token: z.string() });
const pageSize = 100;

function signIn(config: z.infer<typeof globalsignConfig>, client: GuardedClient): Authorization {
  const rest = createRestClient({ baseUrl: config.url, client, secrets: [config.apiKey, config.apiSecret] });
  const tokens = createTokenSource(async (signal) => {
    const json = { api_key: config.apiKey, api_secret: config.apiSecret };
    const got = await rest.json(login, { method: 'POST', path: '/v2/login', json }, signal);
    // Good for ten minutes, which the answer does not say.
    return { value: got.access_token, expiresAt: new Date(Date.now() + 600_000) };
  });
  return {
    headers: async (_request, signal) => ({ authorization: `Bearer ${await tokens.get(signal)}` }),
    refused: ({ authorization = '' }) => tokens.refused(authorization.slice('Bearer '.length)),
  };
}

/** https://www.globalsign.com/en/resources/apis/api-documentation/globalsign_hvca_api.html: POST /login, GET /stats/issued, GET /certificates */
export const globalsign: ConnectorKind<typeof globalsignConfig> = {
  config: globalsignConfig,
  defaultName: ({ url }) => new URL(url).host,
  create: (config, name, read) =>
    listingConnector(name, read, {
      baseUrl: config.url,
      outbound: config,
      secrets: [config.apiKey, config.apiSecret],
      authorize: (client) => signIn(config, client),
      page,
      request: (number) => ({
        path: '/v2/stats/issued',
        query: { page: number ?? 1, per_page: pageSize, from: 0 },
      }),
      next: (entries, number) => (entries.length === 0 ? null : Number(number ?? 1) + 1),
      entries: (entries) =>
        entries.map(({ serial_number: serial }) => ({ serial, reference: `certificate ${serial}` })),
      async fetch({ serial, reference }, { rest, source }, signal) {
        const got = await rest.json(
          issued,
          { path: `/v2/certificates/${encodeURIComponent(serial)}` },
          signal,
        );
        return certificateItem(
          got.certificate,
          { source, reference, status: got.status === '' ? null : got.status },
          read,
        );
      },
    }),
};
