import { MalformedError } from '../../../src/ct/bytes.js';

/** Hears of one answer while it comes in. */
export interface AnswerHandler {
  /** Status and fields, names in lower case, lines of the same name joined by ", " (RFC 9110 section 5.2). */
  head(status: number, fields: ReadonlyMap<string, string>): void;
  /** The next bytes of the body, without framing; they are there during the call only. */
  body(bytes: Buffer): void;
  end(): void;
}

/** Longest head, all fields together, interim answers included. */
const maxHeadBytes = 32 * 1024;

type State = 'status' | 'field' | 'fixed' | 'open' | 'size' | 'chunk' | 'gap' | 'trailer' | 'done';

/**
 * Reads one HTTP/1.x answer to a GET as it comes (RFC 9112), in pieces of any size. Lenient where that is harmless (bare line
 * feeds, folded fields), strict where lengths are concerned: what frames a body in two ways is no answer. Throws {@link MalformedError}.
 */
export class AnswerParser {
  private readonly handler: AnswerHandler;
  private readonly fields = new Map<string, string>();
  private state: State = 'status';
  private lastField = '';
  private line = '';
  /** Bytes of lines so far, and how many there may be: chunks may not be framed by more than they hold. */
  private lineBytes = 0;
  private maxLineBytes = maxHeadBytes;
  /** Of the body or chunk. */
  private left = 0;
  private status = 0;
  private keepAlive = false;

  constructor(handler: AnswerHandler) {
    this.handler = handler;
  }

  get isComplete(): boolean {
    return this.state === 'done';
  }

  /** True when the answer is complete and another one may follow over the same connection. */
  get isReusable(): boolean {
    return this.state === 'done' && this.keepAlive;
  }

  push(bytes: Buffer): void {
    for (let at = 0; at < bytes.length;) {
      if (this.state === 'done') {
        this.keepAlive = false;
        return;
      }
      const isBody = this.state === 'fixed' || this.state === 'chunk' || this.state === 'open';
      at = isBody ? this.takeBody(bytes, at) : this.takeLine(bytes, at);
    }
  }

  /** The connection is closed, which is how some answers end. */
  close(): void {
    if (this.state === 'open') this.finish();
    else if (this.state !== 'done')
      throw new MalformedError('connection closed before the end of the answer');
  }

  private takeBody(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.left);
    this.handler.body(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
    this.left -= end - at;
    if (this.left > 0) return end;
    if (this.state === 'fixed') this.finish();
    else this.state = 'gap';
    return end;
  }

  private takeLine(bytes: Buffer, at: number): number {
    const feed = bytes.indexOf(0x0a, at);
    const end = feed < 0 ? bytes.length : feed + 1;
    this.lineBytes += end - at;
    if (this.lineBytes > this.maxLineBytes) throw new MalformedError('more framing than an answer needs');
    this.line += bytes.toString('latin1', at, end);
    if (feed < 0) return end;
    const line = this.line.endsWith('\r\n') ? this.line.slice(0, -2) : this.line.slice(0, -1);
    this.line = '';
    this.takeText(line);
    return end;
  }

  private takeText(line: string): void {
    if (this.state === 'status') this.takeStatus(line);
    else if (this.state === 'field') {
      if (line === '') this.endHead();
      else this.takeField(line);
    } else if (this.state === 'size') this.takeSize(line);
    else if (line === '' && this.state === 'trailer') this.finish();
    else if (line === '' && this.state === 'gap') this.state = 'size';
    else if (this.state === 'gap') throw new MalformedError('a chunk is longer than its size');
  }

  private takeStatus(line: string): void {
    const [, minor, status] = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: |$)/.exec(line) ?? [];
    if (status === undefined) throw new MalformedError('no HTTP/1.1 answer');
    this.status = Number(status);
    this.keepAlive = minor === '1';
    this.fields.clear();
    this.state = 'field';
  }

  private takeField(line: string): void {
    if (/[\0\r]/.test(line)) throw new MalformedError('a control character in the head');
    const isFolded = line.startsWith(' ') || line.startsWith('\t');
    const colon = line.indexOf(':');
    const name = isFolded ? this.lastField : line.slice(0, Math.max(0, colon)).toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) throw new MalformedError('no field in the head');
    const value = (isFolded ? line : line.slice(colon + 1)).trim();
    const known = this.fields.get(name);
    const joint = isFolded ? ' ' : ', ';
    this.fields.set(name, known === undefined ? value : known + joint + value);
    this.lastField = name;
  }

  /** How the body ends: RFC 9112 section 6.3. */
  private endHead(): void {
    this.lastField = '';
    if (this.status === 101) throw new MalformedError('an answer in another protocol');
    if (this.status < 200) {
      this.state = 'status';
      return;
    }
    const connection = (this.fields.get('connection') ?? '').toLowerCase().split(/\s*,\s*/);
    this.keepAlive = connection.includes('close')
      ? false
      : this.keepAlive || connection.includes('keep-alive');
    const length = this.bodyLength();
    this.state = length === 'chunked' ? 'size' : length === 'open' ? 'open' : 'fixed';
    this.left = typeof length === 'number' ? length : length === 'open' ? Number.POSITIVE_INFINITY : 0;
    this.handler.head(this.status, this.fields);
    if (length === 0) this.finish();
  }

  private bodyLength(): number | 'chunked' | 'open' {
    if (this.status === 204 || this.status === 304) return 0;
    const codings = this.fields.get('transfer-encoding');
    const lengths = this.fields.get('content-length')?.split(/\s*,\s*/);
    if (codings !== undefined && lengths !== undefined) throw new MalformedError('a body framed in two ways');
    if (codings !== undefined) {
      if (codings.toLowerCase() !== 'chunked') throw new MalformedError('an unknown transfer coding');
      return 'chunked';
    }
    if (lengths === undefined) return 'open';
    const [first = ''] = lengths;
    if (!/^\d{1,15}$/.test(first) || lengths.some((other) => other !== first))
      throw new MalformedError('a body of no clear length');
    return Number(first);
  }

  private takeSize(line: string): void {
    const [, size] = /^([0-9a-f]{1,12})[ \t]*(?:;|$)/i.exec(line) ?? [];
    if (size === undefined) throw new MalformedError('a chunk of no size');
    this.left = Number.parseInt(size, 16);
    this.maxLineBytes += this.left;
    this.state = this.left === 0 ? 'trailer' : 'chunk';
  }

  private finish(): void {
    if (this.state === 'open') this.keepAlive = false;
    this.state = 'done';
    this.handler.end();
  }
}
