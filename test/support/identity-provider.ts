import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keyId = 'test';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A signed JWT, or with `alg: none` an unsigned one. */
export function jwt(claims: object, alg = 'RS256'): string {
  const text = `${part({ alg, kid: keyId, typ: 'JWT' })}.${part(claims)}`;
  return alg === 'none'
    ? `${text}.`
    : `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
}

/** What the provider was asked to authorize. */
export interface Authorization {
  readonly issuer: string;
  readonly nonce: string;
  readonly redirectUri: string;
  readonly state: string;
}

/** A provider whose ID tokens are made by the test. */
export interface ScriptedProvider {
  readonly issuer: string;
  /** Reads the address a browser was sent to. */
  authorize(url: string): Authorization;
  /** The ID token of the next exchange. */
  answer(make: () => string): void;
  close(): Promise<void>;
}

/** Starts one on loopback. It checks the PKCE verifier. */
export async function scriptedProvider(): Promise<ScriptedProvider> {
  let make = (): string => '';
  let challenge = '';
  const server = createServer((request, response) => {
    const send = (body: object, status = 200): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/.well-known/openid-configuration')
      return send({
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      });
    if (request.url === '/jwks')
      return send({
        keys: [{ ...publicKey.export({ format: 'jwk' }), kid: keyId, alg: 'RS256', use: 'sig' }],
      });
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    return void request.on('end', () => {
      const verifier = new URLSearchParams(body).get('code_verifier') ?? '';
      const isProof = createHash('sha256').update(verifier).digest('base64url') === challenge;
      if (!isProof) return send({ error: 'invalid_grant' }, 400);
      return send({ access_token: 'a', token_type: 'Bearer', expires_in: 60, id_token: make() });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    authorize(url) {
      const asked = new URL(url).searchParams;
      challenge = asked.get('code_challenge') ?? '';
      const of = (name: string): string => asked.get(name) ?? '';
      return { issuer, nonce: of('nonce'), redirectUri: of('redirect_uri'), state: of('state') };
    },
    answer: (next) => (make = next),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
