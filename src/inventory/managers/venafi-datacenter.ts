import { z } from 'zod';
import { createTokenSource } from '../../lib/http/access-token.js';
import { outboundShape } from '../../lib/http/config.js';
import type { GuardedClient } from '../../lib/http/guarded-client.js';
import { createRestClient, type Authorization } from '../../lib/http/rest-client.js';
import { secretString } from '../../lib/secret.js';
import { commonKeys } from '../common-keys.js';
import type { ConnectorKind } from '../connector.js';
import { listedItem } from '../rest/certificate-item.js';
import { listingConnector } from '../rest/listing-source.js';

/** Venafi Trust Protection Platform, now CyberArk Certificate Manager, Self-Hosted. */
export const venafiDatacenterConfig = z.strictObject({
  type: z
    .literal('venafi-datacenter')
    .describe(
      "Venafi Trust Protection Platform (CyberArk Certificate Manager, Self-Hosted). Built from notes on the vendor's documentation; not run against the vendor.",
    ),
  ...commonKeys,
  url: z.url({ protocol: /^https?$/ }).describe('Address, for example https://tpp.example.com'),
  clientId: z.string().min(1).describe('API integration with the scope certificate.'),
  username: z.string().min(1).describe('User with the right to read certificates.'),
  password: secretString.describe('Its password.'),
  ...outboundShape({ allowPrivate: true }),
});

const page = z.object({
  Certificates: z
    .array(
      z.object({
        DN: z.string(),
        Guid: z.string(),
        X509: z
          .object({
            CN: z.string().default(''),
            Thumbprint: z.string().default(''),
            SANS: z.object({ DNS: z.array(z.string()).default([]) }).optional(),
          })
          .optional(),
      }),
    )
    .default([]),
});
const token = z.object({ access_token: z.string(), expires_in: z.number().default(3_600) });
const pageSize = 100;

function signIn(config: z.infer<typeof venafiDatacenterConfig>, client: GuardedClient): Authorization {
  const rest = createRestClient({ baseUrl: config.url, client, secrets: [config.password] });
  const tokens = createTokenSource(async (signal) => {
    const { clientId, username, password } = config;
    const json = { client_id: clientId, username, password, scope: 'certificate' };
    const got = await rest.json(token, { method: 'POST', path: '/vedauth/authorize/oauth', json }, signal);
    return { value: got.access_token, expiresAt: new Date(Date.now() + got.expires_in * 1_000) };
  });
  return {
    headers: async (_request, signal) => ({ authorization: `Bearer ${await tokens.get(signal)}` }),
    refused: ({ authorization = '' }) => tokens.refused(authorization.slice('Bearer '.length)),
  };
}

/** https://docs.venafi.com/ Web SDK: POST authorize/oauth, GET certificates (the final slash belongs to it). */
export const venafiDatacenter: ConnectorKind<typeof venafiDatacenterConfig> = {
  config: venafiDatacenterConfig,
  defaultName: ({ url }) => new URL(url).host,
  create: (config, name, read) =>
    listingConnector(name, read, {
      baseUrl: config.url,
      outbound: config,
      secrets: [config.password],
      authorize: (client) => signIn(config, client),
      page,
      request: (offset) => ({
        path: '/vedsdk/certificates/',
        query: { limit: pageSize, offset: offset ?? 0 },
      }),
      next: ({ Certificates }, offset) =>
        Certificates.length === 0 ? null : Number(offset ?? 0) + Certificates.length,
      entries: ({ Certificates }) =>
        // Objects that were not enrolled yet have no X.509 part.
        Certificates.flatMap(({ DN, Guid, X509 }) =>
          X509 === undefined || X509.Thumbprint === '' ? [] : [{ reference: `${DN} ${Guid}`, X509, DN }],
        ),
      listed: ({ reference, X509, DN }, { source }) =>
        listedItem(
          { fingerprint: X509.Thumbprint },
          {
            source,
            reference,
            names: [...new Set([X509.CN, ...(X509.SANS?.DNS ?? [])])].filter((one) => one !== ''),
            labels: { folder: DN.split('\\').slice(0, -1).join('\\') },
          },
        ),
    }),
};
