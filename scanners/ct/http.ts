import type { Agent as UndiciAgent, Dispatcher } from 'undici';
import { Agent } from '../../src/lib/undici.js';
import { createScratch } from './scratch.js';

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
  /** As sent, in memory of its own: still compressed where `encoding` says so. */
  readonly body: Buffer;
  readonly encoding: ContentEncoding;
}

/** How a body is compressed. What we do not know is taken as it is: some servers name there what is no compression. */
export type ContentEncoding = 'identity' | 'gzip' | 'deflate' | 'br';

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
}

const scratch = createScratch();
/** Longest error page read before the connection is dropped. */
const maxErrorBytes = 64 * 1024;
const maxHeaderSize = 32 * 1024;
/** A body is read no faster than so many bytes in so many milliseconds, 80 MB/s, once it is larger than that. */
const breathBytes = 4 * 1024 * 1024;
const breathMs = 50;
/** Idle connections are kept beyond the longest usual wait between two looks at a tree head. */
const idleMs = 60_000;

/** Makes a client over its own connection pool; TLS is verified as usual. */
export function createHttpClient(options: HttpOptions): HttpClient {
  const agent = new Agent({
    connect: { timeout: options.connectMs },
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
    maxHeaderSize,
    // The deadline of the exchange is absolute; these would only say the same again.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
  return {
    get: (request) =>
      new Promise((resolve, reject) => new Exchange(request, options, agent, resolve, reject)),
    close: () => agent.destroy(),
  };
}

/** One request and its answer; settles exactly once, whatever the server does. No stream is made of an answer: it is one piece of bytes. */
class Exchange implements Dispatcher.DispatchHandler {
  private readonly resolve: (answer: HttpAnswer) => void;
  private readonly reject: (error: unknown) => void;
  private readonly request: HttpRequest;
  private readonly options: HttpOptions;
  private readonly agent: UndiciAgent;
  private readonly deadline: NodeJS.Timeout;
  private readonly onAbort = (): void => this.fail(this.request.signal.reason);
  private controller: Dispatcher.DispatchController | null = null;
  private settled = false;
  private sentAgain = false;
  private status = 0;
  private headers: Headers = {};
  private maxBytes = 0;
  /** Made for the announced length, or lent by {@link scratch}. */
  private whole: Buffer | null = null;
  private isLent = false;
  private received = 0;

  constructor(
    request: HttpRequest,
    options: HttpOptions,
    agent: UndiciAgent,
    resolve: (answer: HttpAnswer) => void,
    reject: (error: unknown) => void,
  ) {
    this.request = request;
    this.options = options;
    this.agent = agent;
    this.resolve = resolve;
    this.reject = reject;
    const { requestMs } = options;
    this.deadline = setTimeout(() => this.late(`no complete answer in ${requestMs} ms`), requestMs);
    request.signal.addEventListener('abort', this.onAbort, { once: true });
    if (request.signal.aborted) this.onAbort();
    else this.send();
  }

  private send(): void {
    const { origin, pathname, search } = new URL(this.request.url);
    const headers = {
      'user-agent': this.options.userAgent,
      'accept-encoding': 'gzip, identity',
      ...this.request.headers,
    };
    this.agent.dispatch({ origin, path: pathname + search, method: 'GET', headers }, this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.settled) controller.abort(new Error('given up before it was sent'));
  }

  onResponseStart(_controller: unknown, status: number, headers: Headers): void {
    if (status < 200) return;
    const { url } = this.request;
    this.status = status;
    this.headers = headers;
    this.maxBytes = status === 200 ? this.request.maxBytes : maxErrorBytes;
    const length = Number(this.header('content-length') ?? Number.NaN);
    if (status >= 300 && status < 400 && status !== 304) {
      const location = JSON.stringify(this.header('location'));
      this.fail(new HttpError('redirect', `${url}: redirect to ${location} refused`, status));
    } else if (length > this.maxBytes) this.tooLarge(length);
    else if (length > 0 && status === 200) this.whole = Buffer.allocUnsafeSlow(length);
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    if (this.settled) return;
    if (this.received + chunk.length > this.maxBytes) return this.tooLarge(this.received + chunk.length);
    this.whole ??= this.borrow();
    chunk.copy(this.whole, this.received);
    const step = Math.floor(this.received / breathBytes);
    this.received += chunk.length;
    if (Math.floor(this.received / breathBytes) > step) this.breathe();
  }

  /** The pieces of a large body are garbage as soon as they are copied: the collector gets time to keep up with them. */
  private breathe(): void {
    this.controller?.pause();
    setTimeout(() => this.controller?.resume(), breathMs);
  }

  onResponseEnd(): void {
    const { status } = this;
    if (status !== 200 && status !== 304) return this.fail(this.statusError());
    const body = this.body();
    const encoding = encodings[this.header('content-encoding')?.trim().toLowerCase() ?? ''] ?? 'identity';
    const [etag, lastModified] = [this.header('etag'), this.header('last-modified')];
    this.settle(() => this.resolve({ status, etag, lastModified, body, encoding }));
  }

  /** A connection that the server closed while it was idle is no failure: the request goes out again, once, over another one. */
  onResponseError(_controller: unknown, error: Error): void {
    if (this.settled) return;
    const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
    if (code === 'UND_ERR_CONNECT_TIMEOUT') this.late(`no connection in ${this.options.connectMs} ms`);
    else if (this.status === 0 && !this.sentAgain && /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/.test(code)) {
      this.sentAgain = true;
      this.send();
    } else this.fail(new HttpError('network', `${this.request.url}: ${code}`, 0, null, error));
  }

  private borrow(): Buffer {
    this.isLent = true;
    return scratch.take(this.maxBytes);
  }

  private body(): Buffer {
    if (this.whole === null) return Buffer.alloc(0);
    const received = this.whole.subarray(0, this.received);
    if (!this.isLent) return received;
    const own = Buffer.allocUnsafeSlow(this.received);
    received.copy(own);
    return own;
  }

  private header(name: string): string | null {
    const value = this.headers[name];
    return (typeof value === 'object' ? value[0] : value) ?? null;
  }

  private statusError(): HttpError {
    const wait = retryAfterMs(this.header('retry-after'), Date.now());
    return new HttpError('status', `${this.request.url}: HTTP status ${this.status}`, this.status, wait);
  }

  private tooLarge(bytes: number): void {
    const { url } = this.request;
    this.fail(
      this.status === 200
        ? new HttpError('too-large', `${url}: answer of ${bytes} bytes or more`)
        : this.statusError(),
    );
  }

  private late(what: string): void {
    this.fail(new HttpError('timeout', `${this.request.url}: ${what}`));
  }

  private fail(error: unknown): void {
    this.settle(() => this.reject(error));
    this.controller?.abort(error instanceof Error ? error : new Error(String(error)));
  }

  private settle(how: () => void): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.deadline);
    this.request.signal.removeEventListener('abort', this.onAbort);
    how();
    if (this.isLent && this.whole !== null) scratch.give(this.whole);
    this.whole = null;
  }
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const encodings: Readonly<Record<string, ContentEncoding>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'br',
};

/** Longest Retry-After believed. */
const maxRetryAfterMs = 24 * 3_600_000;

/** Wait in milliseconds from a Retry-After value, seconds or HTTP date (RFC 9110 section 10.2.3); null when it is neither. */
export function retryAfterMs(value: string | null, nowMs: number): number | null {
  if (value === null) return null;
  const text = value.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), maxRetryAfterMs);
}
