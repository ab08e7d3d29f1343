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
        'Bearer tokens. None: everybody on this machine may do everything, and nobody else anything.',
      ),
    allowedHosts: z
      .array(z.string().regex(/^[a-z0-9.-]+$/, 'must be a lower-case host name'))
      .default([])
      .describe(
        'Host names under which the API answers without tokens, beside localhost and loopback addresses.',
      ),
    maxConcurrentRequests: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(64)
      .describe('Requests worked on at a time; more are answered 503 at once.'),
  })
  .refine(({ host, tokens }) => tokens.length > 0 || isLoopbackHost(host), {
    path: ['tokens'],
    message: 'listening beyond loopback needs a token at least; add one, or write host: 127.0.0.1',
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
