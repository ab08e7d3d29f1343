import { z } from 'zod';
import { secretString } from '../lib/secret.js';

/** What a token may do: read; also act (acknowledge, silence, scan); also administer. */
export const roles = ['reader', 'operator', 'admin'] as const;

/** One of {@link roles}. */
export type Role = (typeof roles)[number];

/** The port that gives way to the next free one when it is taken. */
export const defaultPort = 8450;

const token = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9._@-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, hyphens, @ or underscores')
    .describe('Who uses it; stands in the audit trail and beside what was acknowledged.'),
  token: secretString
    .pipe(z.string().regex(/^[\x21-\x7e]{24,512}$/, 'must be 24 to 512 characters without spaces'))
    .describe('The secret itself, best as ${ENV} or file:. Make one with: openssl rand -hex 32'),
  role: z.enum(roles).default('reader').describe('What it allows: reader, operator or admin.'),
  expiresAt: z.iso
    .datetime({ offset: true })
    .nullable()
    .default(null)
    .describe('From this instant on it is refused, for example 2027-01-31T00:00:00Z. null: never.'),
});

const oidc = z.strictObject({
  label: z.string().min(1).max(60).default('single sign-on').describe('What the sign-in button says.'),
  issuer: z.url({ protocol: /^https?$/ }).describe('Issuer, for example https://id.example.com/realms/main.'),
  clientId: z.string().min(1).describe('Id of Certglass at the provider.'),
  clientSecret: secretString.describe('Its secret, best as ${ENV} or file:.'),
  scopes: z.array(z.string()).default(['openid', 'profile', 'email']).describe('Scopes to ask for.'),
  nameClaim: z.string().default('preferred_username').describe('Claim of the ID token that names the user.'),
  groupsClaim: z.string().default('groups').describe('Claim of the ID token that lists the groups.'),
  roles: z
    .record(z.string(), z.enum(roles))
    .describe('Role of each group; of several the highest counts. Users in none of them are refused.'),
});

/** The HTTP API. */
export const apiConfig = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address to listen on. Anything but loopback needs a token.'),
    port: z
      .number()
      .int()
      .min(0)
      .max(65_535)
      .default(defaultPort)
      .describe(`Port; 0 takes a free one, ${defaultPort} (the default) the next free one when it is taken.`),
    tokens: z
      .array(token)
      .default([])
      .describe(
        'Bearer tokens, beside those made with `certglass token create`. While there is no token, user or oidc at all, every program on this machine may do everything.',
      ),
    allowedHosts: z
      .array(z.string().regex(/^[a-z0-9.-]+$/, 'must be a lower-case host name'))
      .default([])
      .describe(
        'Host names the API answers to, beside localhost and loopback addresses; every other Host header is refused. Empty: any, once a credential is needed.',
      ),
    publicUrl: z
      .url({ protocol: /^https?$/ })
      .nullable()
      .default(null)
      .describe(
        'Address at which browsers reach the console, for example https://certglass.example.com: used in links, and its host is allowed. null: as asked for.',
      ),
    trustProxy: z
      .array(z.string())
      .default([])
      .describe(
        'Addresses or CIDRs of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. Empty: none.',
      ),
    tls: z
      .strictObject({
        certificateFile: z.string().describe('PEM file: the certificate, then its chain.'),
        keyFile: z.string().describe('PEM file: the private key.'),
      })
      .nullable()
      .default(null)
      .describe('Serves HTTPS with these files, which are read again when they change. null: plain HTTP.'),
    sessionHours: z
      .number()
      .min(0.1)
      .max(720)
      .default(12)
      .describe('Hours after which a browser has to sign in again.'),
    oidc: oidc.nullable().default(null).describe('Signing in through an OpenID Connect provider. null: off.'),
    metricsEndpoints: z
      .int()
      .min(0)
      .max(100_000)
      .default(5_000)
      .describe(
        'Endpoints whose expiry `/metrics` shows with a time series each, at most; 0: none. `certglass_endpoints_left_out` is 1 when there are more.',
      ),
    requestsPerSecond: z
      .number()
      .min(1)
      .max(100_000)
      .default(1_000)
      .describe('Requests per second that one address may make on average; more are answered 429.'),
    maxConcurrentRequests: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(64)
      .describe('Requests worked on at a time; more are answered 503 at once.'),
  })
  .refine(({ tokens }) => new Set(tokens.map(({ name }) => name)).size === tokens.length, {
    path: ['tokens'],
    message: 'two tokens have the same name; names tell who did what',
  });

/** The HTTP API. */
export type ApiConfig = z.infer<typeof apiConfig>;

/** True for names and addresses that only this machine can reach. */
export function isLoopbackHost(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);
}
