import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { isLoopbackHost, roles, type ApiConfig, type Role } from './config.js';
import { Problem } from './problem.js';
import type { Api } from './server.js';

/** Who asks. */
export interface Actor {
  readonly name: string;
  readonly role: Role;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for every route that is not public. */
    actor: Actor;
  }
  interface FastifyContextConfig {
    /** Least role that may use the route; every route must say. */
    access?: Role | 'public';
  }
}

interface KnownToken {
  readonly digest: Buffer;
  readonly actor: Actor;
  readonly expiresAtMs: number;
}

/** Everybody on this machine, where no token is configured. */
const local: Actor = { name: 'local', role: 'admin' };
/** Wrong tokens from one address within a minute before the next wrong one has to wait for the minute to end. */
const maxFailures = 20;
const failureWindowMs = 60_000;

/** Guards every route, unknown ones included: nothing but what is marked public answers without being allowed to. */
export function guard(app: Api, config: ApiConfig, now: () => Date): void {
  const tokens = config.tokens.map(knownToken);
  const failures = new FailureCount();
  app.decorateRequest('actor', null as unknown as Actor);
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) throw new Error(`${route.url} does not say who may use it`);
  });
  app.addHook('onRequest', async (request) => {
    const needed = request.routeOptions.config.access ?? 'reader';
    if (tokens.length === 0) refuseForeignPages(request, config.allowedHosts);
    if (needed === 'public') return;
    request.actor = tokens.length === 0 ? local : authenticate(request, tokens, failures, now());
    if (roles.indexOf(request.actor.role) < roles.indexOf(needed))
      throw new Problem(
        403,
        `this needs the role ${needed}; the token ${request.actor.name} has the role ${request.actor.role}`,
      );
  });
}

function knownToken({ name, token, role, expiresAt }: ApiConfig['tokens'][number]): KnownToken {
  return {
    digest: digestOf(token),
    actor: { name, role },
    expiresAtMs: expiresAt === null ? Infinity : Date.parse(expiresAt),
  };
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/**
 * RFC 6750 section 2.1: the Authorization header alone, never the URL. Compares with every token, in constant time. A good token
 * is good from everywhere, whatever others behind the same address tried; tokens of 30 characters are not guessed by trying.
 */
function authenticate(
  request: FastifyRequest,
  tokens: readonly KnownToken[],
  failures: FailureCount,
  now: Date,
): Actor {
  const [, given] = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.authorization ?? '') ?? [];
  const challenge = { 'www-authenticate': 'Bearer realm="certglass"' };
  if (given === undefined) throw new Problem(401, 'a bearer token is needed', challenge);
  const digest = digestOf(given);
  const [known] = tokens.filter((token) => timingSafeEqual(token.digest, digest));
  if (known !== undefined && now.getTime() < known.expiresAtMs) return known.actor;
  const waitSeconds = failures.waitSeconds(request.ip, now);
  if (waitSeconds > 0)
    throw new Problem(429, 'too many wrong tokens from this address', { 'retry-after': String(waitSeconds) });
  failures.add(request.ip, now);
  const detail = known === undefined ? 'the bearer token is not known' : 'the bearer token has expired';
  throw new Problem(401, detail, { 'www-authenticate': 'Bearer realm="certglass", error="invalid_token"' });
}

/**
 * Without tokens, a web page opened on this machine must not be able to use the API: not by a name that was made to resolve to
 * loopback (DNS rebinding: the Host header tells), not by sending a form or script request from elsewhere (Origin tells).
 */
function refuseForeignPages(request: FastifyRequest, allowedHosts: readonly string[]): void {
  const host = hostOf(`http://${request.headers.host ?? ''}`);
  if (host === null || !(isLoopbackHost(host) || allowedHosts.includes(host)))
    throw new Problem(421, 'this Host is not served without a token; use localhost, or configure a token');
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const foreign =
    origin !== undefined && hostAndPort(origin) !== hostAndPort(`http://${request.headers.host}`);
  if (foreign || site === 'cross-site') throw new Problem(403, 'requests from other web sites are refused');
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : null;
}

function hostAndPort(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host.toLowerCase() : null;
}

/** Wrong tokens by address, for as many addresses as fit into a bounded map. */
class FailureCount {
  readonly #byAddress = new Map<string, { count: number; readonly endsAtMs: number }>();

  add(address: string, now: Date): void {
    const current = this.#current(address, now) ?? { count: 0, endsAtMs: now.getTime() + failureWindowMs };
    current.count += 1;
    this.#byAddress.set(address, current);
    if (this.#byAddress.size <= 10_000) return;
    const [oldest] = this.#byAddress.keys();
    if (oldest !== undefined) this.#byAddress.delete(oldest);
  }

  waitSeconds(address: string, now: Date): number {
    const current = this.#current(address, now);
    if (current === undefined || current.count < maxFailures) return 0;
    return Math.ceil((current.endsAtMs - now.getTime()) / 1000);
  }

  #current(address: string, now: Date): { count: number; readonly endsAtMs: number } | undefined {
    const current = this.#byAddress.get(address);
    return current !== undefined && now.getTime() < current.endsAtMs ? current : undefined;
  }
}
