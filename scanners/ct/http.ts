import { Agent } from 'undici';
import type { Dispatcher } from 'undici';

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

/** Makes a client over its own connection pool; TLS is verified as usual. */
export function createHttpClient(options: HttpOptions): HttpClient {
  const agent = new Agent({
    connections: options.connections,
    pipelining: 1,
    connect: { timeout: options.connectMs },
    headersTimeout: options.requestMs,
    bodyTimeout: options.requestMs,
    maxHeaderSize: 32 * 1024,
  });
  return {
    get: (request) => new Promise((resolve, reject) => dispatch(agent, options, request, resolve, reject)),
    close: () => agent.destroy(),
  };
}

function dispatch(
  agent: Agent,
  options: HttpOptions,
  request: HttpRequest,
  resolve: (answer: HttpAnswer) => void,
  reject: (error: unknown) => void,
): void {
  const url = new URL(request.url);
  const exchange = new Exchange(request, options.requestMs, resolve, reject);
  if (exchange.start())
    agent.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'GET',
        headers: {
          'user-agent': options.userAgent,
          'accept-encoding': 'gzip, identity',
          ...request.headers,
        },
      },
      exchange,
    );
}

/** One request and its answer; settles exactly once, whatever the server does. */
class Exchange implements Dispatcher.DispatchHandler {
  private readonly request: HttpRequest;
  private readonly resolve: (answer: HttpAnswer) => void;
  private readonly reject: (error: unknown) => void;
  private readonly deadline: NodeJS.Timeout;
  private readonly onAbort = (): void => this.fail(this.request.signal.reason);
  private controller: Dispatcher.DispatchController | null = null;
  private settled = false;
  private status = 0;
  private headers: Readonly<Record<string, string | string[] | undefined>> = {};
  /** Allocated at once where the length is announced, else collected. */
  private whole: Buffer | null = null;
  private readonly chunks: Buffer[] = [];
  private received = 0;

  constructor(
    request: HttpRequest,
    requestMs: number,
    resolve: (answer: HttpAnswer) => void,
    reject: (error: unknown) => void,
  ) {
    this.request = request;
    this.resolve = resolve;
    this.reject = reject;
    this.deadline = setTimeout(
      () => this.fail(new HttpError('timeout', `${request.url}: no complete answer in ${requestMs} ms`)),
      requestMs,
    );
  }

  /** False when the signal was aborted before. */
  start(): boolean {
    this.request.signal.addEventListener('abort', this.onAbort, { once: true });
    if (this.request.signal.aborted) this.onAbort();
    return !this.settled;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.settled) controller.abort(new Error('request given up'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
    if (status >= 300 && status < 400 && status !== 304) {
      const location = JSON.stringify(this.header('location'));
      this.fail(new HttpError('redirect', `${this.request.url}: redirect to ${location} refused`, status));
      return;
    }
    const length = Number(this.header('content-length') ?? Number.NaN);
    if (length > this.maxBytes()) this.tooLarge(length);
    else if (length > 0) this.whole = Buffer.allocUnsafeSlow(length);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.settled) return;
    if (this.received + chunk.length > this.maxBytes()) {
      this.tooLarge(this.received + chunk.length);
      return;
    }
    if (this.whole === null) this.chunks.push(chunk);
    else chunk.copy(this.whole, this.received);
    this.received += chunk.length;
  }

  onResponseEnd(): void {
    if (this.status !== 200 && this.status !== 304) {
      const wait = retryAfterMs(this.header('retry-after'), Date.now());
      this.fail(
        new HttpError('status', `${this.request.url}: HTTP status ${this.status}`, this.status, wait),
      );
      return;
    }
    const body = this.whole?.subarray(0, this.received) ?? Buffer.concat(this.chunks);
    this.settle(() =>
      this.resolve({
        status: this.status,
        etag: this.header('etag'),
        lastModified: this.header('last-modified'),
        body,
        gzip: this.header('content-encoding')?.toLowerCase().trim() === 'gzip',
      }),
    );
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
    const kind = /TIMEOUT/.test(code) ? 'timeout' : 'network';
    this.fail(new HttpError(kind, `${this.request.url}: ${code}`, 0, null, cause));
  }

  private header(name: string): string | null {
    const value = this.headers[name];
    return (Array.isArray(value) ? value[0] : value) ?? null;
  }

  private maxBytes(): number {
    return this.status === 200 ? this.request.maxBytes : maxErrorBytes;
  }

  private tooLarge(bytes: number): void {
    this.fail(
      this.status === 200
        ? new HttpError('too-large', `${this.request.url}: answer of ${bytes} bytes or more`)
        : new HttpError('status', `${this.request.url}: HTTP status ${this.status}`, this.status),
    );
  }

  private fail(error: unknown): void {
    this.settle(() => this.reject(error));
    this.controller?.abort(new Error('request given up'));
  }

  private settle(how: () => void): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.deadline);
    this.request.signal.removeEventListener('abort', this.onAbort);
    how();
  }
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
