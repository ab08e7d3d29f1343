/** Bytes that are no HTTP/1.1 answer (RFC 9112), or one over the limits. */
export class HttpSyntaxError extends Error {
  override readonly name = 'HttpSyntaxError';
}

/** Status line and header fields of an answer; field names in lower case. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
}

const newline = 0x0a;
/** Longest head, and longest trailer. */
const maxHeadBytes = 32 * 1024;
/** After so many chunks they must be larger than this on average, for each costs time. */
const manyChunks = 10_000;
const smallChunk = 64;
/** Fields whose values form one list when they come more than once; of others the first counts. */
const lists = new Set(['connection', 'content-encoding', 'content-length', 'transfer-encoding']);

type State = 'status' | 'field' | 'body' | 'chunk-size' | 'chunk-end' | 'trailer' | 'done';

/**
 * Reads one answer from the bytes of a connection as they come, copying the body out of them. Node's own client makes a stream
 * of events of every answer, which costs three times as much as all of this; an answer of a log is one piece of bytes.
 */
export class ResponseReader {
  /** null until it is complete. */
  head: ResponseHead | null = null;
  /** Something of the answer came. */
  started = false;
  /** The connection can take another request afterwards. */
  reusable = false;
  private readonly limitFor: (head: ResponseHead, announced: number) => number;
  private state: State = 'status';
  private line = '';
  private lineBytes = 0;
  private status = 0;
  private minor = 1;
  private readonly fields = new Map<string, string>();
  /** Bytes of the body, or of its chunk, still to come; Infinity: until the connection ends. */
  private left = 0;
  private maxBytes = 0;
  /** Allocated at once where the length is announced, else collected. */
  private whole: Buffer | null = null;
  /** What was collected, with room for more. */
  private store = Buffer.alloc(0);
  private received = 0;
  private chunks = 0;

  /** `limitFor` answers the most body bytes to be taken (`announced` of them, 0 when not said), or throws to refuse the answer. */
  constructor(limitFor: (head: ResponseHead, announced: number) => number) {
    this.limitFor = limitFor;
  }

  get done(): boolean {
    return this.state === 'done';
  }

  /** The bytes are only looked at during the call. Throws {@link HttpSyntaxError}, or what `limitFor` throws. */
  take(bytes: Buffer): void {
    this.started ||= bytes.length > 0;
    let at = 0;
    while (at < bytes.length && this.state !== 'done')
      at = this.state === 'body' ? this.takeBody(bytes, at) : this.takeText(bytes, at);
    if (at < bytes.length) this.reusable = false;
  }

  /** The connection ended; true when that completes the answer. */
  end(): boolean {
    if (this.state === 'body' && this.left === Number.POSITIVE_INFINITY) this.state = 'done';
    return this.done;
  }

  /** The body, in memory of its own. */
  body(): Buffer {
    if (this.whole !== null) return this.whole;
    const whole = Buffer.allocUnsafeSlow(this.received);
    this.store.copy(whole, 0, 0, this.received);
    return whole;
  }

  private takeText(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(newline, at);
    const stop = end < 0 ? bytes.length : end;
    this.lineBytes += stop - at + 1;
    if (this.lineBytes > maxHeadBytes) throw new HttpSyntaxError('header of the answer too long');
    this.line += bytes.toString('latin1', at, stop);
    if (end < 0) return stop;
    const line = this.line.endsWith('\r') ? this.line.slice(0, -1) : this.line;
    this.line = '';
    this.takeLine(line);
    return end + 1;
  }

  private takeLine(line: string): void {
    if (this.state === 'status') this.takeStatus(line);
    else if (this.state === 'field') this.takeField(line);
    else if (this.state === 'chunk-size') this.takeChunkSize(line);
    else if (this.state === 'chunk-end') this.expectChunk(line);
    else if (line === '') this.state = 'done';
  }

  private takeStatus(line: string): void {
    const [, minor, status] = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: .*)?$/s.exec(line) ?? [];
    if (status === undefined) throw new HttpSyntaxError('not an HTTP/1.1 answer');
    this.status = Number(status);
    this.minor = Number(minor);
    this.fields.clear();
    this.state = 'field';
  }

  private takeField(line: string): void {
    if (line === '') return this.endHead();
    const [, name = '', value = ''] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/s.exec(line) ?? [];
    if (name === '') throw new HttpSyntaxError('broken header field');
    const key = name.toLowerCase();
    const known = this.fields.get(key);
    if (known === undefined) this.fields.set(key, value);
    else if (lists.has(key)) this.fields.set(key, `${known}, ${value}`);
  }

  private endHead(): void {
    this.lineBytes = 0;
    if (this.status < 200) {
      if (this.status === 101) throw new HttpSyntaxError('the server changes the protocol');
      this.state = 'status';
      return;
    }
    const coding = this.fields.get('transfer-encoding')?.toLowerCase();
    if (coding !== undefined && coding !== 'chunked')
      throw new HttpSyntaxError(`transfer coding ${JSON.stringify(coding)}`);
    const length = coding === undefined ? this.contentLength() : null;
    const isEmpty = this.status === 204 || this.status === 304 || length === 0;
    this.reusable = this.keepsAlive() && (coding !== undefined || length !== null || isEmpty);
    this.head = { status: this.status, headers: this.fields };
    this.maxBytes = this.limitFor(this.head, length ?? 0);
    if (isEmpty) this.state = 'done';
    else if (coding !== undefined) this.state = 'chunk-size';
    else this.startBody(length);
  }

  private startBody(length: number | null): void {
    this.state = 'body';
    this.left = length ?? Number.POSITIVE_INFINITY;
    if (length !== null) this.whole = Buffer.allocUnsafeSlow(length);
  }

  private contentLength(): number | null {
    const text = this.fields.get('content-length');
    if (text === undefined) return null;
    const [first = '', ...others] = text.split(/[ \t]*,[ \t]*/);
    if (!/^\d{1,15}$/.test(first) || others.some((other) => other !== first))
      throw new HttpSyntaxError('broken content-length');
    return Number(first);
  }

  private keepsAlive(): boolean {
    const options = (this.fields.get('connection') ?? '').toLowerCase().split(/[ \t]*,[ \t]*/);
    if (this.fields.has('transfer-encoding') && this.fields.has('content-length')) return false;
    return this.minor === 1 ? !options.includes('close') : options.includes('keep-alive');
  }

  private takeChunkSize(line: string): void {
    const [, size] = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;.*)?$/s.exec(line) ?? [];
    if (size === undefined) throw new HttpSyntaxError('broken chunk size');
    this.lineBytes = 0;
    this.chunks += 1;
    if (this.chunks > manyChunks && this.received < this.chunks * smallChunk)
      throw new HttpSyntaxError('answer in crumbs');
    this.left = Number.parseInt(size, 16);
    this.state = this.left === 0 ? 'trailer' : 'body';
  }

  private expectChunk(line: string): void {
    if (line !== '') throw new HttpSyntaxError('chunk of another size than it says');
    this.state = 'chunk-size';
  }

  private roomFor(bytes: number): Buffer {
    if (this.store.length >= bytes) return this.store;
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes, this.store.length * 2));
    this.store.copy(larger, 0, 0, this.received);
    this.store = larger;
    return larger;
  }

  private takeBody(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.left);
    if (this.head !== null && this.received + end - at > this.maxBytes)
      this.limitFor(this.head, this.received + end - at);
    bytes.copy(this.whole ?? this.roomFor(this.received + end - at), this.received, at, end);
    this.received += end - at;
    this.left -= end - at;
    if (this.left === 0) this.state = this.whole === null ? 'chunk-end' : 'done';
    return end;
  }
}
