import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { createTokenSource } from '../../lib/http/access-token.js';
import { createRestClient, type Authorization } from '../../lib/http/rest-client.js';
import type { GuardedClient } from '../../lib/http/guarded-client.js';
import type { VaultConfig } from './config.js';

const answer = z.object({
  auth: z.object({ client_token: z.string(), lease_duration: z.number() }),
});

/** Lets requests in with the token of the configured auth method, renewed when it ends or is refused. */
export function vaultAuthorization(config: VaultConfig, client: GuardedClient): Authorization {
  const { auth, url, namespace } = config;
  const space: Record<string, string> = namespace === null ? {} : { 'x-vault-namespace': namespace };
  if (auth.method === 'token')
    return { headers: () => Promise.resolve({ ...space, 'x-vault-token': auth.token }) };
  const rest = createRestClient({ baseUrl: url, client, secrets: secretsOf(config) });
  const tokens = createTokenSource(async (signal) => {
    const json =
      auth.method === 'approle'
        ? { role_id: auth.roleId, secret_id: auth.secretId }
        : { role: auth.role, jwt: (await readFile(auth.tokenFile, 'utf8')).trim() };
    const path = `/v1/auth/${auth.mount}/login`;
    const { auth: got } = await rest.json(answer, { method: 'POST', path, json, headers: space }, signal);
    const lifeMs = got.lease_duration * 1_000;
    return { value: got.client_token, expiresAt: lifeMs > 0 ? new Date(Date.now() + lifeMs) : null };
  });
  return {
    headers: async (_request, signal) => ({ ...space, 'x-vault-token': await tokens.get(signal) }),
    refused: (headers) => tokens.refused(headers['x-vault-token'] ?? ''),
  };
}

/** What must not appear in an error. */
export function secretsOf({ auth }: VaultConfig): readonly string[] {
  if (auth.method === 'token') return [auth.token];
  return auth.method === 'approle' ? [auth.roleId, auth.secretId] : [];
}
