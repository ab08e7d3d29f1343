import { once } from 'node:events';
import type { Agent as UndiciAgent } from 'undici';
import { readBody } from './body.js';
import { BlockedAddressError } from './errors.js';
import {
  guardedConnector,
  resolveBySystem,
  type ConnectorOptions,
  type OutboundRules,
} from './guarded-connect.js';
import { headersFor, httpUrl, redirectTarget } from './redirect.js';
import { createPlainProxy, type PlainProxy } from './plain-proxy.js';
import { Agent, request } from './undici.js';

/** One request. Every limit is absolute. */
export interface GuardedRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** From the call to the last byte of the body, all redirects included. */
  readonly timeoutMs: number;
  /** A longer body is an error, also after decompression. */
  readonly maxBytes: number;
  /** Ask for, and accept, gzip. Default false: a compressed answer is an error. */
  readonly gzip?: boolean;
  /**
   * Redirects followed, GET only. Default 0: a 3xx is returned as it is. Each target is checked like the first; another origin gets
   * none of the headers that identify the caller, and is refused when there is a client certificate.
   */
  readonly maxRedirects?: number;
  readonly signal?: AbortSignal;
}

/** A whole answer, of any status. Header names are lower-case. */
export interface GuardedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

/** The one way out to addresses that came from certificates, or were typed as receivers or sources. */
export interface GuardedClient {
  /** Throws {@link BlockedAddressError}, or an Error that says what failed; neither holds any part of the URL behind the host. */
  fetch(url: string, options: GuardedRequest): Promise<GuardedResponse>;
  close(): Promise<void>;
}

/** How a client is opened beside its rules; all replaceable for tests. */
export type ClientOptions = Partial<Pick<ConnectorOptions, 'connectTimeoutMs' | 'resolve' | 'dial'>>;

interface Connections {
  readonly agent: UndiciAgent;
  /** For http URLs when there is a proxy. */
  readonly plainProxy: PlainProxy | null;
  readonly mayLeaveOrigin: boolean;
}

/** A client under `rules`. Close it when done. */
export function createGuardedClient(rules: OutboundRules, options: ClientOptions = {}): GuardedClient {
  const closing = new AbortController();
  const connecting = {
    connectTimeoutMs: 10_000,
    resolve: resolveBySystem,
    ...options,
    signal: closing.signal,
  };
  const connections: Connections = {
    agent: new Agent({
      connect: guardedConnector(rules, connecting),
      connections: 8,
      pipelining: 1,
      keepAliveTimeout: 4_000,
      maxHeaderSize: 16_384,
    }),
    plainProxy: rules.proxy ? createPlainProxy(rules, rules.proxy, connecting) : null,
    mayLeaveOrigin: !rules.clientCertificate,
  };
  return {
    fetch: (url, request) => fetchWithin(connections, url, request),
    async close() {
      closing.abort();
      await Promise.all([connections.agent.destroy(), connections.plainProxy?.close()]);
    },
  };
}

/** Runs the request under one timer that covers everything. */
async function fetchWithin(
  connections: Connections,
  url: string,
  options: GuardedRequest,
): Promise<GuardedResponse> {
  const deadline = new AbortController();
  const late = new Error(`no whole answer within ${options.timeoutMs} ms`);
  const timer = setTimeout(() => deadline.abort(late), options.timeoutMs);
  const stop = (): void => deadline.abort(options.signal?.reason);
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    options.signal?.throwIfAborted();
    // undici does not settle an aborted request before its connection stands or fails, hence the race.
    const aborted = once(deadline.signal, 'abort').then(() => Promise.reject(deadline.signal.reason));
    return await Promise.race([follow(connections, httpUrl(url), options, deadline.signal), aborted]);
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', stop);
  }
}

async function follow(
  connections: Connections,
  start: URL,
  options: GuardedRequest,
  signal: AbortSignal,
): Promise<GuardedResponse> {
  const { maxRedirects = 0, method = 'GET' } = options;
  let url = start;
  let headers = options.headers ?? {};
  for (let left = maxRedirects; ; left -= 1) {
    const answer = await sendOnce(connections, url, { ...options, headers }, signal);
    const location = answer.headers['location'];
    const redirected = answer.status >= 300 && answer.status < 400 && typeof location === 'string';
    if (!redirected || method !== 'GET' || maxRedirects === 0) return answer;
    if (left <= 0) throw new Error(`more than ${maxRedirects} redirects`);
    const next = redirectTarget(url, location);
    if (next.origin !== url.origin && !connections.mayLeaveOrigin)
      throw new BlockedAddressError(
        'redirected to another origin, which must not see the client certificate',
      );
    headers = headersFor(url, next, headers);
    url = next;
  }
}

async function sendOnce(
  { agent, plainProxy }: Connections,
  url: URL,
  options: GuardedRequest,
  signal: AbortSignal,
): Promise<GuardedResponse> {
  const gzip = options.gzip ?? false;
  const sent = {
    method: options.method ?? 'GET',
    headers: { 'accept-encoding': gzip ? 'gzip' : 'identity', ...options.headers },
    body: options.body ?? null,
    signal,
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
  };
  const answer =
    plainProxy !== null && url.protocol === 'http:'
      ? await plainProxy.request(url, sent)
      : await request(agent, url, sent);
  const body = await readBody(answer, options.maxBytes, gzip);
  return { status: answer.statusCode, headers: answer.headers, body };
}
