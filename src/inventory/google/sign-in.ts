import { createSign } from 'node:crypto';
import { z } from 'zod';
import { createTokenSource, type AccessToken, type TokenSource } from '../../lib/http/access-token.js';
import { outboundRules } from '../../lib/http/config.js';
import { createGuardedClient, type GuardedClient } from '../../lib/http/guarded-client.js';
import { createRestClient } from '../../lib/http/rest-client.js';
import type { GoogleConfig } from './config.js';

const answer = z.object({ access_token: z.string(), expires_in: z.number() });
const serviceAccount = z.object({ client_email: z.string(), private_key: z.string(), token_uri: z.url() });

/** Tokens by a service account's key (https://developers.google.com/identity/protocols/oauth2/service-account) or the metadata service. */
export function googleTokens(config: GoogleConfig, client: GuardedClient): TokenSource {
  const { credentials } = config;
  return createTokenSource((signal) =>
    credentials.from === 'key' ? byKey(credentials.json, client, signal) : byMetadata(config, signal),
  );
}

async function byKey(json: string, client: GuardedClient, signal: AbortSignal): Promise<AccessToken> {
  const account = serviceAccount.safeParse(parsed(json));
  if (!account.success) throw new Error('credentials.json is no key of a service account');
  const { client_email: email, private_key: key, token_uri: tokenUri } = account.data;
  const seconds = Math.floor(Date.now() / 1_000);
  const scope = 'https://www.googleapis.com/auth/cloud-platform.read-only';
  const claims = { iss: email, scope, aud: tokenUri, iat: seconds, exp: seconds + 3_600 };
  const text = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const assertion = `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
  const url = new URL(tokenUri);
  const rest = createRestClient({ baseUrl: url.origin, client, secrets: [assertion] });
  const body = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion,
  }).toString();
  const contentType = 'application/x-www-form-urlencoded';
  const request = { method: 'POST', path: url.pathname, body, contentType, isRepeatable: true } as const;
  return tokenOf(await rest.json(answer, request, signal));
}

async function byMetadata(config: GoogleConfig, signal: AbortSignal): Promise<AccessToken> {
  const client = createGuardedClient({
    ...outboundRules(config),
    proxy: null,
    allow: ['169.254.169.254', '127.0.0.0/8'],
  });
  try {
    const rest = createRestClient({ baseUrl: config.metadata, client, timeoutMs: 10_000 });
    const path = '/computeMetadata/v1/instance/service-accounts/default/token';
    return tokenOf(await rest.json(answer, { path, headers: { 'metadata-flavor': 'Google' } }, signal));
  } finally {
    await client.close();
  }
}

function tokenOf({ access_token: value, expires_in: seconds }: z.infer<typeof answer>): AccessToken {
  return { value, expiresAt: new Date(Date.now() + seconds * 1_000) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
