import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { openRecordFolder, type RecordFolder } from '../../lib/record-folder.js';
import { roles } from '../config.js';

const domain = z.string().regex(/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/, 'must be a domain in lower case');

/** What a credential is limited to. */
export const scopeShape = z
  .strictObject({
    domains: z.array(domain).max(1_000).readonly().default([]),
    tags: z.array(z.string().min(1).max(200)).max(1_000).readonly().default([]),
  })
  .describe('Domains (with everything under them) and tags of findings that are visible.');

/** Names of tokens and users: they stand in the audit trail. */
export const credentialName = z
  .string()
  .regex(
    /^[A-Za-z0-9_@-][A-Za-z0-9._@-]{0,63}$/,
    'must be 1 to 64 letters, digits, dots, hyphens, @ or underscores',
  );

const when = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

const common = {
  name: credentialName,
  role: z.enum(roles),
  scope: scopeShape.nullable(),
  createdAt: when,
  createdBy: z.string(),
};

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const tokenShape = z.object({
  ...common,
  digest,
  expiresAt: when.nullable(),
  /** A revoked token stays on record: where credentials were needed once they always are. */
  revokedAt: when.nullable(),
});
const userShape = z.object({
  ...common,
  /** null: no password was chosen yet. */
  password: z.object({ salt: z.string(), hash: z.string() }).nullable(),
  /** Of the link by which the user chooses a password. */
  setup: z.object({ digest, expiresAt: when }).nullable(),
  /** A removed user stays on record as well. */
  removedAt: when.nullable(),
});
const sessionShape = z.object({
  name: z.string(),
  via: z.enum(['token', 'password', 'oidc']),
  /** Id of the token or user; sessions end with it. Those of OIDC stand for themselves. */
  credential: z.string().nullable(),
  role: z.enum(roles),
  scope: scopeShape.nullable(),
  csrfToken: z.string(),
  createdAt: when,
  expiresAt: when,
});
const usedShape = z.object({ at: when });

/** A token: its secret is kept as a SHA-256 alone, which is enough for 256 bits of chance. */
export type TokenRecord = z.output<typeof tokenShape>;
/** A user with a password. */
export type UserRecord = z.output<typeof userShape>;
/** A browser that signed in; the id is the SHA-256 of its cookie. */
export type SessionRecord = z.output<typeof sessionShape>;

/** Everything that lets somebody in, on the disk. */
export interface Credentials {
  readonly tokens: RecordFolder<TokenRecord>;
  /** By name. */
  readonly users: RecordFolder<UserRecord>;
  readonly sessions: RecordFolder<SessionRecord>;
  /** When each token was used, to the nearest few minutes. */
  readonly used: RecordFolder<{ readonly at: Date }>;
}

/** Opens the credentials below a data folder. */
export function openCredentials(dataDir: string, complain: (sentence: string) => void): Credentials {
  const open = <S extends z.ZodType>(name: string, shape: S): RecordFolder<z.output<S>> => {
    const folder = openRecordFolder(join(dataDir, 'access', name), (json) => shape.parse(json), complain);
    return { ...folder, put: (id, record) => folder.put(id, shape.encode(record) as z.output<S>) };
  };
  return {
    tokens: open('tokens', tokenShape),
    users: open('users', userShape),
    sessions: open('sessions', sessionShape),
    used: open('used', usedShape),
  };
}

/** SHA-256 in hex: how secrets of high entropy are kept and found. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** 256 random bits as text. */
export function newSecret(prefix = ''): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`;
}

/** A new token. The secret is shown once; what is stored does not give it away. */
export function createToken(
  { tokens }: Pick<Credentials, 'tokens'>,
  token: Pick<TokenRecord, 'name' | 'role' | 'scope' | 'expiresAt' | 'createdBy'>,
  now: Date,
): { readonly id: string; readonly secret: string; readonly record: TokenRecord } {
  const secret = newSecret('cgl_');
  const id = randomBytes(8).toString('hex');
  const record = { ...token, digest: digestOf(secret), createdAt: now, revokedAt: null };
  tokens.put(id, record);
  return { id, secret, record };
}
