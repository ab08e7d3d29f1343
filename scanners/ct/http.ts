import {
  Agent as HttpAgent,
  request as requestHttp,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';

/** Why a request gave no usable answer. */
export type HttpFailure = 'network' | 'timeout' | 'status' | 'redirect' | 'too-large';

/** A request that gave no usable answer. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly kind: HttpFailure;
  /** HTTP status where `kind` is `status`, else 0. */
  readonly status: number;
  /** The wait the server asked for; null when it did not. */
  readonly retryAfterMs: number | null;

  constructor(
    kind: HttpFailure,
    message: string,
    status = 0,
    retryAfterMs: number | null = null,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.kind = kind;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** An answer with status 200 or 304. */
export interface HttpAnswer {
  readonly status: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** As sent: still compressed when `gzip`. */
  readonly body: Buffer;
  readonly gzip: boolean;
}

/** One GET. */
export interface HttpRequest {
  readonly url: string;
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** GET only, bounded in time and bytes, no redirects. */
export interface HttpClient {
  /** Resolves for 200 and 304; everything else is an {@link HttpError}, or the signal's reason when aborted. */
  get(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** What a client is made of. */
export interface HttpOptions {
  readonly userAgent: string;
  readonly connectMs: number;
  /** Absolute: from the first byte sent to the last received. */
  readonly requestMs: number;
  /** Connections to one origin. */
  readonly connections: number;
}

/** Longest error page read before the connection is dropped. */
const maxErrorBytes = 64 * 1024;
const maxHeaderSize = 32 * 1024;
/** Idle connections are kept beyond the longest usual wait between two looks at a tree head. */
const idleMs = 60_000;

/** Makes a client over its own connection pool; TLS is verified as usual. */
export function createHttpClient(options: HttpOptions): HttpClient {
  const pool = { keepAlive: true, maxSockets: options.connections, timeout: idleMs };
  const agents = { http: new HttpAgent(pool), https: new HttpsAgent(pool) };
  return {
    get: (request) =>
      new Promise((resolve, reject) => new Exchange(request, options, agents, resolve, reject)),
    close() {
      agents.http.destroy();
      agents.https.destroy();
      return Promise.resolve();
    },
  };
}

interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/** One request and its answer; settles exactly once, whatever the server does. */
class Exchange {
  private readonly resolve: (answer: HttpAnswer) => void;
  private readonly reject: (error: unknown) => void;
  private readonly request: HttpRequest;
  private readonly options: HttpOptions;
  private readonly agents: Agents;
  private readonly deadline: NodeJS.Timeout;
  private readonly onAbort = (): void => this.fail(this.request.signal.reason);
  private connecting: NodeJS.Timeout | undefined;
  private sent: ClientRequest | null = null;
  private settled = false;
  /** Allocated at once where the length is announced, else collected. */
  private whole: Buffer | null = null;
  private readonly chunks: Buffer[] = [];
  private received = 0;

  constructor(
    request: HttpRequest,
    options: HttpOptions,
    agents: Agents,
    resolve: (answer: HttpAnswer) => void,
    reject: (error: unknown) => void,
  ) {
    this.request = request;
    this.options = options;
    this.agents = agents;
    this.resolve = resolve;
    this.reject = reject;
    const { requestMs } = options;
    this.deadline = setTimeout(() => this.late(`no complete answer in ${requestMs} ms`), requestMs);
    request.signal.addEventListener('abort', this.onAbort, { once: true });
    if (request.signal.aborted) this.onAbort();
    else this.send();
  }

  private send(): void {
    const { url, headers } = this.request;
    const isSecure = url.startsWith('https:');
    const options = {
      agent: isSecure ? this.agents.https : this.agents.http,
      maxHeaderSize,
      headers: { 'user-agent': this.options.userAgent, 'accept-encoding': 'gzip, identity', ...headers },
    };
    const sent = isSecure ? requestHttps(url, options) : requestHttp(url, options);
    this.sent = sent;
    sent.on('socket', (socket) => this.awaitConnection(socket, isSecure ? 'secureConnect' : 'connect'));
    sent.on('response', (response) => this.answer(response));
    sent.on('error', (error) => this.broken(error));
    sent.end();
  }

  private awaitConnection(socket: Socket, established: string): void {
    if (!socket.connecting) return;
    const { connectMs } = this.options;
    this.connecting = setTimeout(() => this.late(`no connection in ${connectMs} ms`), connectMs);
    socket.once(established, () => clearTimeout(this.connecting));
  }

  private answer(response: IncomingMessage): void {
    const { statusCode: status = 0 } = response;
    const { url } = this.request;
    response.on('error', (error) => this.broken(error));
    if (status >= 300 && status < 400 && status !== 304) {
      const location = JSON.stringify(headerOf(response, 'location'));
      this.fail(new HttpError('redirect', `${url}: redirect to ${location} refused`, status));
      return;
    }
    const maxBytes = status === 200 ? this.request.maxBytes : maxErrorBytes;
    const length = Number(headerOf(response, 'content-length') ?? Number.NaN);
    if (length > maxBytes) {
      this.tooLarge(status, length);
      return;
    }
    if (length > 0) this.whole = Buffer.allocUnsafeSlow(length);
    response.on('data', (chunk: Buffer) => {
      if (this.settled) return;
      if (this.received + chunk.length > maxBytes) this.tooLarge(status, this.received + chunk.length);
      else this.take(chunk);
    });
    response.on('end', () => this.finish(response, status));
  }

  private take(chunk: Buffer): void {
    if (this.whole === null) this.chunks.push(chunk);
    else chunk.copy(this.whole, this.received);
    this.received += chunk.length;
  }

  private finish(response: IncomingMessage, status: number): void {
    if (status !== 200 && status !== 304) {
      const wait = retryAfterMs(headerOf(response, 'retry-after'), Date.now());
      this.fail(new HttpError('status', `${this.request.url}: HTTP status ${status}`, status, wait));
      return;
    }
    const body = this.whole?.subarray(0, this.received) ?? Buffer.concat(this.chunks);
    const etag = headerOf(response, 'etag');
    const lastModified = headerOf(response, 'last-modified');
    const gzip = headerOf(response, 'content-encoding')?.toLowerCase().trim() === 'gzip';
    this.settle(() => this.resolve({ status, etag, lastModified, body, gzip }));
  }

  /** A connection that the server closed while it was idle is no failure: the request goes out again, over another one. */
  private broken(error: Error): void {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
    if (!this.settled && this.sent?.reusedSocket === true && this.received === 0 && code === 'ECONNRESET')
      this.send();
    else this.fail(new HttpError('network', `${this.request.url}: ${code}`, 0, null, error));
  }

  private late(what: string): void {
    this.fail(new HttpError('timeout', `${this.request.url}: ${what}`));
  }

  private tooLarge(status: number, bytes: number): void {
    const { url } = this.request;
    this.fail(
      status === 200
        ? new HttpError('too-large', `${url}: answer of ${bytes} bytes or more`)
        : new HttpError('status', `${url}: HTTP status ${status}`, status),
    );
  }

  private fail(error: unknown): void {
    this.settle(() => this.reject(error));
    this.sent?.destroy();
  }

  private settle(how: () => void): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.deadline);
    clearTimeout(this.connecting);
    this.request.signal.removeEventListener('abort', this.onAbort);
    how();
  }
}

function headerOf({ headers }: IncomingMessage, name: string): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

/** Longest Retry-After believed. */
const maxRetryAfterMs = 24 * 3_600_000;

/** Wait in milliseconds from a Retry-After value, seconds or HTTP date (RFC 9110 section 10.2.3); null when it is neither. */
export function retryAfterMs(value: string | null, nowMs: number): number | null {
  if (value === null) return null;
  const text = value.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), maxRetryAfterMs);
}
