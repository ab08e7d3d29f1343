import { timingSafeEqual } from 'node:crypto';
import { isLoopbackHost, type ApiConfig } from '../config.js';
import { Problem } from '../problem.js';
import type { Actor, Asking } from './actor.js';
import { digestOf, type Credentials, type SessionRecord } from './credentials.js';
import { FailureCount } from './failures.js';
import { sessionCookie } from './cookies.js';

/** A token that is good: who it stands for, and the id under which it is kept (null: in the configuration). */
export interface KnownToken {
  readonly id: string | null;
  readonly actor: Actor;
}

/** Finds out who asks. */
export interface Authenticator {
  /** True while no credential is configured or stored: whoever reaches the loopback address may do everything. */
  isOpen(): boolean;
  /** True once there is any token, user or provider, revoked ones included. */
  hasCredentials(): boolean;
  /** Who the request comes from, by its bearer token or its session; null when it brings neither. Throws a Problem on a wrong one. */
  actorOf(request: Asking): Actor | null;
  /** Who a token stands for. Throws a Problem, and counts it, when it is unknown or has expired. */
  tokenOf(secret: string, address: string): KnownToken;
  /** The session of a cookie and who it stands for; null when it is over. */
  sessionOf(cookie: string | null): { readonly id: string; readonly actor: Actor } | null;
}

/** What authentication works with. */
export interface AuthenticatorParts {
  readonly config: ApiConfig;
  readonly credentials: Credentials;
  /** Secret of the file by which commands on this machine find in; null: there is none. */
  readonly localToken: string | null;
  readonly now: () => Date;
}

const usedEveryMs = 300_000;

/** See {@link Authenticator}. */
export function createAuthenticator({
  config,
  credentials,
  localToken,
  now,
}: AuthenticatorParts): Authenticator {
  const failures = new FailureCount();
  const configured = configuredTokens(config, localToken);
  const hasCredentials = (): boolean =>
    config.tokens.length > 0 ||
    config.oidc !== null ||
    credentials.tokens.all().size > 0 ||
    credentials.users.all().size > 0;

  function find(secret: string): KnownToken | null {
    const digest = digestOf(secret);
    const [known] = configured.filter((token) => isEqual(token.digest, digest));
    if (known !== undefined) return known;
    for (const [id, record] of credentials.tokens.all()) {
      if (record.revokedAt !== null || !isEqual(record.digest, digest)) continue;
      noteUse(credentials, id, now());
      return { id, actor: { ...record, via: 'token', csrfToken: null } };
    }
    return null;
  }

  function tokenOf(secret: string, address: string): KnownToken {
    const known = find(secret);
    if (known !== null && !isOver(known.actor.expiresAt, now())) return known;
    const waitSeconds = failures.waitSeconds(address, now());
    if (waitSeconds > 0)
      throw new Problem(429, 'too many wrong tokens from this address', {
        'retry-after': String(waitSeconds),
      });
    failures.add(address, now());
    const detail = known === null ? 'the bearer token is not known' : 'the bearer token has expired';
    throw new Problem(401, detail, { 'www-authenticate': 'Bearer realm="certglass", error="invalid_token"' });
  }

  function sessionOf(cookie: string | null): { id: string; actor: Actor } | null {
    if (cookie === null) return null;
    const id = digestOf(cookie);
    const session = credentials.sessions.all().get(id);
    if (session === undefined || isOver(session.expiresAt, now())) return null;
    const holder = holderOf(session, credentials, configured);
    if (holder === null) return null;
    const { name, via, csrfToken, expiresAt } = session;
    return { id, actor: { ...holder, name, via, csrfToken, expiresAt } };
  }

  return {
    hasCredentials,
    isOpen: () => isLoopbackHost(config.host) && !hasCredentials(),
    tokenOf,
    sessionOf,
    actorOf(request) {
      const { authorization } = request.headers;
      if (authorization === undefined) return sessionOf(sessionCookie(request))?.actor ?? null;
      // RFC 6750 section 2.1: the Authorization header alone, never the URL.
      const [, secret] = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization) ?? [];
      return secret === undefined ? null : tokenOf(secret, request.ip).actor;
    },
  };
}

type Configured = KnownToken & { readonly digest: string };

function configuredTokens(config: ApiConfig, localToken: string | null): readonly Configured[] {
  const tokens = config.tokens.map(({ name, token, role, expiresAt }) => ({
    id: null,
    digest: digestOf(token),
    actor: {
      name,
      role,
      scope: null,
      via: 'token' as const,
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
      csrfToken: null,
    },
  }));
  if (localToken === null) return tokens;
  const actor = {
    name: 'local',
    role: 'admin',
    scope: null,
    via: 'local',
    expiresAt: null,
    csrfToken: null,
  } as const;
  return [...tokens, { id: null, digest: digestOf(localToken), actor }];
}

/** Role and scope a session has now: those of its credential as it is, or none when that is gone or has expired. */
function holderOf(
  session: SessionRecord,
  { tokens, users }: Credentials,
  configured: readonly Configured[],
): Pick<Actor, 'role' | 'scope'> | null {
  const { via, credential, name } = session;
  if (via === 'oidc') return session;
  if (via === 'password') return present(users.all().get(credential ?? ''), 'removedAt');
  if (credential === null) return configured.find(({ actor }) => actor.name === name)?.actor ?? null;
  return present(tokens.all().get(credential), 'revokedAt');
}

/** The record, unless it was ended. */
function present<K extends string, R extends Readonly<Record<K, Date | null>>>(
  record: R | undefined,
  ended: K,
): R | null {
  return record === undefined || record[ended] !== null ? null : record;
}

function isOver(end: Date | null, now: Date): boolean {
  return end !== null && now >= end;
}

/** Both are hashes in hex. */
function isEqual(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function noteUse({ used }: Credentials, id: string, now: Date): void {
  const last = used.all().get(id);
  if (last === undefined || now.getTime() - last.at.getTime() > usedEveryMs) used.put(id, { at: now });
}
