import { z } from 'zod';
import { outboundShape } from '../../lib/http/config.js';
import { secretString } from '../../lib/secret.js';
import { commonKeys } from '../common-keys.js';

const tenant = z.string().min(1).describe('Directory (tenant) id.');
const client = z.string().min(1).describe('Application (client) id.');

/** Certificates in Azure key vaults. */
export const azureConfig = z.strictObject({
  type: z
    .literal('azure')
    .describe(
      "Azure Key Vault: certificates with all their versions. Built from notes on the vendor's documentation; not run against the vendor.",
    ),
  ...commonKeys,
  vaults: z
    .array(z.url({ protocol: /^https?$/ }))
    .min(1)
    .describe('Addresses of the vaults, for example https://example.vault.azure.net'),
  auth: z
    .discriminatedUnion('method', [
      z.strictObject({
        method: z.literal('client-secret').describe('The secret of an application.'),
        tenantId: tenant,
        clientId: client,
        clientSecret: secretString.describe('Its secret: `${ENV}` or file:PATH.'),
      }),
      z.strictObject({
        method: z.literal('workload-identity').describe('The federated token that AKS puts into pods.'),
        tenantId: tenant,
        clientId: client,
        tokenFile: z
          .string()
          .min(1)
          .default('/var/run/secrets/azure/tokens/azure-identity-token')
          .describe('The federated token; read again at every sign-in.'),
      }),
      z.strictObject({
        method: z.literal('managed-identity').describe('The identity of the virtual machine.'),
        clientId: client
          .nullable()
          .default(null)
          .describe('Of a user-assigned identity. If null, the system-assigned one.'),
      }),
    ])
    .describe(
      'How to sign in. Needs the data permission certificates/list and certificates/get (Key Vault Reader is enough with RBAC).',
    ),
  authority: z
    .url({ protocol: /^https?$/ })
    .default('https://login.microsoftonline.com')
    .describe('Address of Entra ID; other clouds have their own.'),
  resource: z
    .url()
    .default('https://vault.azure.net')
    .describe('What the token is for; other clouds have their own.'),
  metadata: z
    .url({ protocol: /^https?$/ })
    .default('http://169.254.169.254')
    .describe('Address of the metadata service for managed identities.'),
  ...outboundShape({ allowPrivate: true }),
});

/** Certificates in Azure key vaults. */
export type AzureConfig = z.infer<typeof azureConfig>;
