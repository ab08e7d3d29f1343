import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { createTokenSource, type AccessToken, type TokenSource } from '../../lib/http/access-token.js';
import { outboundRules } from '../../lib/http/config.js';
import { createGuardedClient, type GuardedClient } from '../../lib/http/guarded-client.js';
import { createRestClient } from '../../lib/http/rest-client.js';
import type { AzureConfig } from './config.js';

/** Numbers come as text from the metadata service. */
const answer = z.object({ access_token: z.string(), expires_in: z.coerce.number() });

/** Tokens for key vaults by the configured method (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow). */
export function azureTokens(config: AzureConfig, client: GuardedClient): TokenSource {
  return createTokenSource(async (signal) => {
    const { auth } = config;
    const got =
      auth.method === 'managed-identity'
        ? await fromMetadata(config, auth.clientId, signal)
        : await fromEntra(config, auth, client, signal);
    return got;
  });
}

async function fromEntra(
  { authority, resource }: AzureConfig,
  auth: Exclude<AzureConfig['auth'], { readonly method: 'managed-identity' }>,
  client: GuardedClient,
  signal: AbortSignal,
): Promise<AccessToken> {
  const proof: Record<string, string> =
    auth.method === 'client-secret'
      ? { client_secret: auth.clientSecret }
      : {
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: (await readFile(auth.tokenFile, 'utf8')).trim(),
        };
  const form = {
    grant_type: 'client_credentials',
    client_id: auth.clientId,
    scope: `${resource}/.default`,
    ...proof,
  };
  const rest = createRestClient({ baseUrl: authority, client, secrets: Object.values(proof) });
  const got = await rest.json(
    answer,
    {
      method: 'POST',
      path: `/${encodeURIComponent(auth.tenantId)}/oauth2/v2.0/token`,
      body: new URLSearchParams(form).toString(),
      contentType: 'application/x-www-form-urlencoded',
      isRepeatable: true,
    },
    signal,
  );
  return tokenOf(got);
}

/** https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token */
async function fromMetadata(
  config: AzureConfig,
  clientId: string | null,
  signal: AbortSignal,
): Promise<AccessToken> {
  const client = createGuardedClient({
    ...outboundRules(config),
    proxy: null,
    allow: ['169.254.169.254', '127.0.0.0/8'],
  });
  try {
    const rest = createRestClient({ baseUrl: config.metadata, client, timeoutMs: 10_000 });
    const query = { 'api-version': '2018-02-01', resource: config.resource, client_id: clientId };
    const request = { path: '/metadata/identity/oauth2/token', query, headers: { metadata: 'true' } };
    return tokenOf(await rest.json(answer, request, signal));
  } finally {
    await client.close();
  }
}

function tokenOf({ access_token: value, expires_in: seconds }: z.infer<typeof answer>): AccessToken {
  return { value, expiresAt: new Date(Date.now() + seconds * 1_000) };
}
