import pLimit, { type LimitFunction } from 'p-limit';
import { BlockedAddressError } from '../../src/lib/http/errors.js';
import { outboundRules } from '../../src/lib/http/config.js';
import { createGuardedClient, type GuardedResponse } from '../../src/lib/http/guarded-client.js';
import { retryAfterMs } from '../../src/lib/http/retry-after.js';
import type { RevocationConfig } from './config.js';

/** One request to an address that a certificate names. */
export interface FetchRequest {
  readonly url: string;
  readonly maxBytes: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Present: POST. */
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
}

/** A whole answer with status 200 or 304; anything else is a failure in one clause. */
export type Fetched =
  | { readonly ok: true; readonly answer: GuardedResponse }
  | {
      readonly ok: false;
      readonly reason: string;
      readonly isRefused: boolean;
      readonly retryAfterMs: number | null;
    };

/** Fetches what certificates point to, which is hostile: guarded addresses, capped bytes and time, few requests to a host. */
export interface Fetcher {
  /** Rejects only when `signal` is aborted. */
  fetch(request: FetchRequest): Promise<Fetched>;
  close(): Promise<void>;
}

const requestsPerHost = 2;
const maxRetryAfterMs = 24 * 3_600_000;
const maxHosts = 10_000;

/** Opens connections; close it. */
export function createFetcher(config: RevocationConfig): Fetcher {
  const client = createGuardedClient({ ...outboundRules(config), ports: config.ports });
  const gate = pLimit(config.concurrency);
  const hosts = new Map<string, LimitFunction>();

  function ofHost(host: string): LimitFunction {
    const known = hosts.get(host);
    if (known !== undefined) return known;
    if (hosts.size >= maxHosts) hosts.clear();
    const limit = pLimit(requestsPerHost);
    hosts.set(host, limit);
    return limit;
  }

  async function send({ url, maxBytes, headers, body, signal }: FetchRequest): Promise<Fetched> {
    try {
      const answer = await client.fetch(url, {
        timeoutMs: config.requestSeconds * 1000,
        maxBytes,
        signal,
        maxRedirects: 3,
        headers: { 'user-agent': 'certglass', ...headers },
        ...(body === undefined ? {} : { method: 'POST', body }),
      });
      if (answer.status === 200 || answer.status === 304) return { ok: true, answer };
      return {
        ok: false,
        reason: `HTTP status ${answer.status}`,
        isRefused: false,
        retryAfterMs: retryAfterMs(answer.headers['retry-after'], new Date(), maxRetryAfterMs),
      };
    } catch (error) {
      signal.throwIfAborted();
      const isRefused = error instanceof BlockedAddressError;
      return { ok: false, reason: reasonOf(error), isRefused, retryAfterMs: null };
    }
  }

  return {
    async fetch(request) {
      const url = URL.canParse(request.url) ? new URL(request.url) : null;
      if (url === null || !/^https?:$/.test(url.protocol))
        return { ok: false, reason: 'not an http or https address', isRefused: true, retryAfterMs: null };
      return ofHost(url.host)(() => gate(() => send(request)));
    },
    close: () => client.close(),
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' && error.message === ''
    ? error.code
    : error.message;
}
