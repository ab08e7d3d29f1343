import { ConnectTimeout, type Connection, type ConnectionUser } from './http-connection.js';
import { HttpError, retryAfterMs, type ContentEncoding, type HttpAnswer, type HttpRequest } from './http.js';
import { pageMemory } from './page-memory.js';

/** Longest error page read before the connection is dropped. */
const maxErrorBytes = 64 * 1024;

/** What an exchange needs of its client. */
export interface ExchangeOptions {
  /** Absolute: from the first byte sent to the last received. */
  readonly requestMs: number;
  /** A connection to the request's origin, an idle one unless `fresh`. */
  connection(fresh: boolean): Connection;
  /** The bytes of the request. */
  readonly text: string;
}

/** One request and its answer; settles exactly once, whatever the server does. */
export class Exchange implements ConnectionUser {
  /** The answer, when it is complete. */
  readonly answer: Promise<HttpAnswer>;
  private readonly request: HttpRequest;
  private readonly options: ExchangeOptions;
  private readonly deadline: NodeJS.Timeout;
  private readonly onAbort = (): void => this.fail(this.request.signal.reason);
  private resolve: (answer: HttpAnswer) => void = () => undefined;
  private reject: (error: unknown) => void = () => undefined;
  private connection: Connection | null = null;
  private settled = false;
  private sentAgain = false;
  private status = 0;
  private fields: ReadonlyMap<string, string> = new Map();
  private maxBytes = 0;
  /** Of the announced length, or as much as may come, of which a copy is made in the end. */
  private memory: Buffer | null = null;
  private announced = false;
  private received = 0;

  constructor(request: HttpRequest, options: ExchangeOptions) {
    this.request = request;
    this.options = options;
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    const { requestMs } = options;
    this.deadline = setTimeout(() => this.late(`no complete answer in ${requestMs} ms`), requestMs);
    request.signal.addEventListener('abort', this.onAbort, { once: true });
    if (request.signal.aborted) this.onAbort();
    else this.send();
  }

  head(status: number, fields: ReadonlyMap<string, string>): void {
    this.status = status;
    this.fields = fields;
    this.maxBytes = status === 200 ? this.request.maxBytes : maxErrorBytes;
    const length = Number(fields.get('content-length') ?? Number.NaN);
    if (length > this.maxBytes) this.tooLarge(length);
    else if (length > 0 && status === 200) {
      this.announced = true;
      this.memory = pageMemory.take(length);
    }
  }

  body(bytes: Buffer): void {
    if (this.settled) return;
    if (this.received + bytes.length > this.maxBytes) return this.tooLarge(this.received + bytes.length);
    this.memory ??= pageMemory.take(this.maxBytes);
    this.memory.set(bytes, this.received);
    this.received += bytes.length;
  }

  end(): void {
    const { status } = this;
    // It is the pool's again.
    this.connection = null;
    if (this.settled) return;
    if (status !== 200 && status !== 304) return this.fail(this.statusError());
    const body = this.whole();
    const encoding = encodings[this.field('content-encoding')?.toLowerCase() ?? ''] ?? 'identity';
    const [etag, lastModified] = [this.field('etag'), this.field('last-modified')];
    this.settle(() => this.resolve({ status, etag, lastModified, body, encoding }));
  }

  /** A connection that the server closed while it was idle is no failure: the request goes out again, once, over a new one. */
  failed(error: Error, heard: boolean): void {
    if (this.settled) return;
    const wasIdle = this.connection?.isUsed === true && !heard;
    this.connection = null;
    if (error instanceof ConnectTimeout) this.late(error.message);
    else if (wasIdle && !this.sentAgain) {
      this.sentAgain = true;
      this.send();
    } else {
      const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
      this.fail(new HttpError('network', `${this.request.url}: ${code}`, 0, null, error));
    }
  }

  private send(): void {
    this.connection = this.options.connection(this.sentAgain);
    this.connection.send(this.options.text, this);
  }

  private whole(): Buffer {
    const { memory, received } = this;
    if (memory === null) return Buffer.alloc(0);
    this.memory = this.announced ? null : memory;
    if (this.announced) return memory.subarray(0, received);
    const own = pageMemory.take(received);
    memory.copy(own, 0, 0, received);
    return own.subarray(0, received);
  }

  private field(name: string): string | null {
    return this.fields.get(name) ?? null;
  }

  private statusError(): HttpError {
    const { status } = this;
    if (status >= 300 && status < 400) {
      const location = this.field('location') ?? '';
      const message = `${this.request.url}: redirect to ${JSON.stringify(location)} refused`;
      return new HttpError('redirect', message, status, null, undefined, location);
    }
    const wait = retryAfterMs(this.field('retry-after'), Date.now());
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
    this.connection?.abandon();
  }

  private settle(how: () => void): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.deadline);
    this.request.signal.removeEventListener('abort', this.onAbort);
    how();
    if (this.memory !== null) pageMemory.give(this.memory.buffer);
    this.memory = null;
  }
}

const encodings: Readonly<Record<string, ContentEncoding>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'br',
};
