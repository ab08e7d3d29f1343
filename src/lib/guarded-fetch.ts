import { once } from 'node:events';
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, rootCertificates } from 'node:tls';
import type { Agent as UndiciAgent, buildConnector, Dispatcher } from 'undici';
import { addressGuard, type AddressRules } from './address-guard.js';
import { Agent, request } from './undici.js';

/** What the guarded client may connect to. */
export interface OutboundRules extends AddressRules {
  /** Ports that may be connected to; null means any. URLs found in certificates get `[80, 443]`. */
  readonly ports: readonly number[] | null;
  /** PEM of further authorities to trust beside Node's own; null means Node's own alone. */
  readonly ca: string | null;
}

/** One request. Every limit is absolute. */
export interface GuardedRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** From the call to the last byte of the body, all redirects included. */
  readonly timeoutMs: number;
  /** A longer body is an error. The answer is asked for, and accepted, without compression only. */
  readonly maxBytes: number;
  /** Redirects followed, GET only and on the same host only. Default 0: a 3xx is returned as it is. */
  readonly maxRedirects?: number;
  readonly signal?: AbortSignal;
}

/** A whole answer, of any status. Header names are lower-case. */
export interface GuardedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

/** The one way out to addresses that came from certificates, or were typed as receivers. */
export interface GuardedClient {
  /** Throws {@link BlockedAddressError}, or an Error that says what failed; both without the URL's secrets. */
  fetch(url: string, options: GuardedRequest): Promise<GuardedResponse>;
  close(): Promise<void>;
}

/** The address, port or scheme is not one that the rules allow. */
export class BlockedAddressError extends Error {
  override readonly name = 'BlockedAddressError';
}

/** Resolves a name to all its addresses, as `dns.lookup` with `all` does. */
export type ResolveAll = (
  hostname: string,
  callback: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

const resolveBySystem: ResolveAll = (hostname, callback) => systemLookup(hostname, { all: true }, callback);

/** How a connector behaves beside its rules. */
export interface ConnectorOptions {
  readonly connectTimeoutMs: number;
  /** Once aborted, connections under way are given up. */
  readonly signal?: AbortSignal;
  /** Replaceable for tests. */
  readonly resolve?: ResolveAll;
}

/**
 * An undici connector that connects to allowed addresses only. Two checks, for neither covers the other: literals never
 * pass through `lookup`, and names are judged by every address they resolve to, at connect time (DNS rebinding).
 */
export function guardedConnector(rules: OutboundRules, options: ConnectorOptions): buildConnector.connector {
  const blocked = addressGuard(rules);
  const lookup = guardedLookup(blocked, options.resolve ?? resolveBySystem);
  const tls = {
    ALPNProtocols: ['http/1.1'],
    ...(rules.ca === null ? {} : { ca: [...rootCertificates, rules.ca] }),
  };
  return ({ hostname, port: givenPort, protocol }, callback) => {
    const port = Number(givenPort || (protocol === 'https:' ? 443 : 80));
    const host = hostname.replace(/^\[|\]$/g, '');
    const reason = isIP(host) ? blocked(host) : null;
    if (reason !== null) return callback(new BlockedAddressError(reason), null);
    if (rules.ports !== null && !rules.ports.includes(port))
      return callback(new BlockedAddressError(`port ${port} is not among the allowed ports`), null);
    const to = { host, port, lookup, noDelay: true, keepAlive: true };
    if (protocol === 'https:') {
      const socket = connectTls({ ...to, ...tls, servername: isIP(host) ? '' : host });
      settle(socket, 'secureConnect', options, callback);
    } else settle(connectTcp(to), 'connect', options, callback);
  };
}

/** Resolves to the allowed addresses only; an error when there is none. */
function guardedLookup(blocked: (address: string) => string | null, resolve: ResolveAll): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const open = addresses.filter(({ address }) => blocked(address) === null);
      const [first] = open;
      if (first === undefined) return callback(refusal(hostname, addresses, blocked), '', 0);
      if (options.all) return callback(null, [...open]);
      callback(null, first.address, first.family);
    });
  };
}

/** Calls back once: connected, failed, too late or given up. */
function settle(
  socket: Socket,
  connected: 'connect' | 'secureConnect',
  { connectTimeoutMs, signal }: ConnectorOptions,
  callback: buildConnector.Callback,
): void {
  const giveUp = (): void => void socket.destroy(new Error('given up while connecting'));
  const timer = setTimeout(() => {
    socket.destroy(new Error(`no connection within ${connectTimeoutMs} ms`));
  }, connectTimeoutMs);
  let settled = false;
  const settleOnce = (error: Error | null): void => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
    if (error === null) callback(null, socket);
    else callback(error, null);
  };
  signal?.addEventListener('abort', giveUp, { once: true });
  // The error listener stays: undici attaches its own only after the callback's turn.
  socket.on('error', settleOnce).once(connected, () => settleOnce(null));
}

function refusal(
  hostname: string,
  addresses: readonly LookupAddress[],
  blocked: (address: string) => string | null,
): Error {
  const reasons = addresses.slice(0, 4).map(({ address }) => blocked(address));
  return new BlockedAddressError(`${hostname}: ${reasons.join(', ') || 'no address'}`);
}

/** A client under `rules`; `resolve` is replaceable for tests. Close it when done. */
export function createGuardedClient(rules: OutboundRules, resolve = resolveBySystem): GuardedClient {
  const closing = new AbortController();
  const agent = new Agent({
    connect: guardedConnector(rules, { connectTimeoutMs: 10_000, signal: closing.signal, resolve }),
    connections: 8,
    pipelining: 1,
    keepAliveTimeout: 4_000,
    maxHeaderSize: 16_384,
  });
  return {
    fetch: (url, options) => fetchWithin(agent, url, options),
    close: () => {
      closing.abort();
      return agent.destroy();
    },
  };
}

/** Runs the request under one timer that covers everything. */
async function fetchWithin(
  agent: UndiciAgent,
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
    return await Promise.race([follow(agent, httpUrl(url), options, deadline.signal), aborted]);
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', stop);
  }
}

async function follow(
  agent: UndiciAgent,
  start: URL,
  options: GuardedRequest,
  signal: AbortSignal,
): Promise<GuardedResponse> {
  let url = start;
  for (let left = options.maxRedirects ?? 0; ; left -= 1) {
    const answer = await request(agent, url, {
      method: options.method ?? 'GET',
      headers: { 'accept-encoding': 'identity', ...options.headers },
      body: options.body ?? null,
      signal,
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
    });
    const body = await readBody(answer, options.maxBytes);
    const location = answer.headers['location'];
    const redirected = answer.statusCode >= 300 && answer.statusCode < 400 && typeof location === 'string';
    if (!redirected || (options.method ?? 'GET') !== 'GET' || (options.maxRedirects ?? 0) === 0)
      return { status: answer.statusCode, headers: answer.headers, body };
    if (left <= 0) throw new Error(`more than ${options.maxRedirects} redirects`);
    url = sameHost(url, location);
  }
}

async function readBody(answer: Dispatcher.ResponseData, maxBytes: number): Promise<Uint8Array> {
  const encoding = answer.headers['content-encoding'] ?? 'identity';
  const tooLong = new Error(`the answer is longer than ${maxBytes} bytes`);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    if (encoding !== 'identity')
      throw new Error('the answer is compressed although plain bytes were asked for');
    if (Number(answer.headers['content-length'] ?? 0) > maxBytes) throw tooLong;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes) throw tooLong;
      chunks.push(chunk);
    }
  } catch (error) {
    answer.body.on('error', ignoreAfterFailure).destroy();
    throw error;
  }
  return Buffer.concat(chunks, length);
}

/** The failure was already thrown; the destroyed stream has nothing to add. */
function ignoreAfterFailure(): void {}

function httpUrl(text: string): URL {
  if (!URL.canParse(text)) throw new Error('not a URL');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new BlockedAddressError(`only http and https are allowed, not ${url.protocol}`);
  return url;
}

function sameHost(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) throw new Error('redirected to something that is no URL');
  const url = httpUrl(new URL(location, from).href);
  if (url.hostname !== from.hostname)
    throw new BlockedAddressError('redirected to another host, which is not followed');
  if (from.protocol === 'https:' && url.protocol !== 'https:')
    throw new BlockedAddressError('redirected from https to http, which is not followed');
  return url;
}
