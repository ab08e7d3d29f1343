import { ConnectionPool, type Connection } from './http-connection.js';
import { HttpSyntaxError, ResponseReader, type ResponseHead } from './http-response.js';

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

/** Longest error page read before the connection is dropped. */
const maxErrorBytes = 64 * 1024;
/** Idle connections are kept beyond the longest usual wait between two looks at a tree head. */
const idleMs = 60_000;

/** Makes a client over its own connection pool; TLS is verified as usual. */
export function createHttpClient(options: HttpOptions): HttpClient {
  const pool = new ConnectionPool();
  return {
    get: (request) =>
      new Promise((resolve, reject) => new Exchange(request, options, pool, resolve, reject)),
    close() {
      pool.close();
      return Promise.resolve();
    },
  };
}

/** One request and its answer; settles exactly once, whatever the server does. */
class Exchange {
  private readonly resolve: (answer: HttpAnswer) => void;
  private readonly reject: (error: unknown) => void;
  private readonly request: HttpRequest;
  private readonly options: HttpOptions;
  private readonly pool: ConnectionPool;
  private readonly deadline: NodeJS.Timeout;
  private readonly onAbort = (): void => this.fail(this.request.signal.reason);
  private connecting: NodeJS.Timeout | undefined;
  private connection: Connection | null = null;
  private reader = this.newReader();
  private settled = false;

  constructor(
    request: HttpRequest,
    options: HttpOptions,
    pool: ConnectionPool,
    resolve: (answer: HttpAnswer) => void,
    reject: (error: unknown) => void,
  ) {
    this.request = request;
    this.options = options;
    this.pool = pool;
    this.resolve = resolve;
    this.reject = reject;
    const { requestMs } = options;
    this.deadline = setTimeout(() => this.late(`no complete answer in ${requestMs} ms`), requestMs);
    request.signal.addEventListener('abort', this.onAbort, { once: true });
    if (request.signal.aborted) this.onAbort();
    else this.send();
  }

  private newReader(): ResponseReader {
    return new ResponseReader((head, bytes) => this.limitFor(head, bytes));
  }

  private send(): void {
    const url = new URL(this.request.url);
    const connection = this.pool.take(url);
    const { connectMs } = this.options;
    this.connection = connection;
    this.reader = this.newReader();
    this.connecting = setTimeout(() => this.late(`no connection in ${connectMs} ms`), connectMs);
    connection.use(
      { data: (bytes) => this.take(bytes), ended: (error) => this.ended(connection, error) },
      () => clearTimeout(this.connecting),
    );
    connection.write(requestText(url, this.options.userAgent, this.request.headers ?? {}));
  }

  /** Refuses what is no answer to read, before its body comes. */
  private limitFor({ status, headers }: ResponseHead, bytes: number): number {
    const { url, maxBytes } = this.request;
    if (status >= 300 && status < 400 && status !== 304) {
      const location = JSON.stringify(headers.get('location') ?? null);
      throw new HttpError('redirect', `${url}: redirect to ${location} refused`, status);
    }
    const limit = status === 200 ? maxBytes : maxErrorBytes;
    if (bytes <= limit) return limit;
    throw status === 200
      ? new HttpError('too-large', `${url}: answer of ${bytes} bytes or more`)
      : this.statusError(status, headers);
  }

  private take(bytes: Buffer): void {
    if (this.settled) return;
    try {
      this.reader.take(bytes);
      if (this.reader.done) this.finish();
    } catch (error) {
      this.fail(error instanceof HttpSyntaxError ? this.networkError(error.message, error) : error);
    }
  }

  /** A connection that the server closed while it was idle is no failure: the request goes out again, over another one. */
  private ended(connection: Connection, error: Error | null): void {
    clearTimeout(this.connecting);
    if (this.settled) return;
    if (error === null && this.reader.end()) this.finish();
    else if (connection.reused && !this.reader.started) this.send();
    else {
      const code = error !== null && 'code' in error && typeof error.code === 'string' ? error.code : null;
      this.fail(this.networkError(code ?? error?.message ?? 'the connection ended within the answer', error));
    }
  }

  private finish(): void {
    const { head, reusable } = this.reader;
    if (head === null) return;
    const { status, headers } = head;
    if (status === 200 || status === 304) {
      const etag = headers.get('etag') ?? null;
      const lastModified = headers.get('last-modified') ?? null;
      const body = this.reader.body();
      this.settle(() => this.resolve({ status, etag, lastModified, body, encoding: encodingOf(headers) }));
    } else this.settle(() => this.reject(this.statusError(status, headers)));
    const ms = reusable ? idleTime(headers.get('keep-alive')) : 0;
    if (this.connection !== null && ms > 0) this.pool.keep(this.connection, ms);
    else this.connection?.destroy();
  }

  private statusError(status: number, headers: ResponseHead['headers']): HttpError {
    const wait = retryAfterMs(headers.get('retry-after') ?? null, Date.now());
    return new HttpError('status', `${this.request.url}: HTTP status ${status}`, status, wait);
  }

  private networkError(message: string, cause: unknown): HttpError {
    return new HttpError('network', `${this.request.url}: ${message}`, 0, null, cause);
  }

  private late(what: string): void {
    this.fail(new HttpError('timeout', `${this.request.url}: ${what}`));
  }

  private fail(error: unknown): void {
    this.settle(() => this.reject(error));
    this.connection?.destroy();
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

/** A GET request (RFC 9112). Header values come from configuration and from servers: what would break a line is left out. */
function requestText(url: URL, userAgent: string, headers: Readonly<Record<string, string>>): string {
  const fields = { host: url.host, 'user-agent': userAgent, 'accept-encoding': 'gzip, identity', ...headers };
  const lines = Object.entries(fields).map(
    ([name, value]) => `${name}: ${value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')}`,
  );
  return `GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

/** How long the connection may wait for the next request: a second less than the server says it will. */
function idleTime(keepAlive: string | undefined): number {
  const [, seconds] = /\btimeout=(\d{1,6})/i.exec(keepAlive ?? '') ?? [];
  return seconds === undefined ? idleMs : Math.min(idleMs, (Number(seconds) - 1) * 1000);
}

const encodings: Readonly<Record<string, ContentEncoding>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'br',
};

function encodingOf(headers: ResponseHead['headers']): ContentEncoding {
  return encodings[headers.get('content-encoding')?.toLowerCase() ?? ''] ?? 'identity';
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
