import type { KeyObject } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendAnswer } from './ct-log-answer.js';
import type { LogEntryInput } from './ct-log-entries.js';
import {
  answerFaults,
  flipped,
  foreignSigner,
  headFaults,
  pageFaults,
  passingFaults,
  signatureFaults,
  type LogAnswer,
  type LogFault,
  type LogRequest,
} from './ct-log-faults.js';
import {
  checkpointText,
  makeLogSigner,
  signHead,
  sthJson,
  type Head,
  type LogSigner,
} from './ct-log-head.js';
import { LogBook } from './ct-log-book.js';

export { type LogFault } from './ct-log-faults.js';
export * from './ct-log-entries.js';

/** How to start a loopback log; everything has a default. */
export interface CtLogOptions {
  readonly protocol: 'rfc6962' | 'static-ct';
  readonly entries?: readonly LogEntryInput[];
  readonly description?: string;
  readonly operator?: string;
  /** Default 86,400 for RFC 6962, 60 for static-ct. */
  readonly mmdSeconds?: number;
  /** Most entries per get-entries answer; default 256. */
  readonly maxPage?: number;
  readonly port?: number;
  readonly key?: KeyObject;
  readonly clock?: () => number;
}

/** A running loopback log. */
export interface CtLog {
  /** With a trailing slash. */
  readonly url: string;
  readonly logId: string;
  readonly description: string;
  readonly operator: string;
  readonly protocol: 'rfc6962' | 'static-ct';
  readonly signer: LogSigner;
  readonly book: LogBook;
  /** Faults that hold for every answer they fit; change at will. */
  readonly faults: Set<LogFault>;
  /** Share of the answers (0 to 1) that get one of `passing`, chosen by `random`. */
  faultShare: number;
  passing: readonly LogFault[];
  random: () => number;
  /** Serves an older tree, as a stale front end does, or a rolled back one with `rollback`; null serves everything. */
  served: { readonly size: number; readonly ageMs: number } | null;
  /** Last word on any answer. */
  override: ((request: LogRequest, answer: LogAnswer) => LogAnswer) | null;
  /** State object of the log list, default `{ usable: {...} }`; null leaves it out. */
  state: Readonly<Record<string, unknown>> | null;
  /** Requests so far, by kind. */
  readonly requests: Readonly<Record<LogRequest['kind'], number>>;
  append(...entries: readonly LogEntryInput[]): void;
  head(): Head;
  /** This log as an element of `logs` or `tiled_logs`. */
  logListEntry(): Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

/** Starts a log on 127.0.0.1 that serves `entries`, and whatever is appended later, over one of the two protocols. */
export async function startCtLog(options: CtLogOptions): Promise<CtLog> {
  const log = new LoopbackLog(options);
  await log.listen(options.port ?? 0);
  for (const entry of options.entries ?? []) log.append(entry);
  return log;
}

/** Log list v3 of these logs, as JSON text. */
export function logListJson(logs: readonly CtLog[], now = new Date()): string {
  const operators = [...new Set(logs.map((log) => log.operator))].map((name) => {
    const own = logs.filter((log) => log.operator === name);
    return {
      name,
      email: ['ct@example.com'],
      logs: own.filter((log) => log.protocol === 'rfc6962').map((log) => log.logListEntry()),
      tiled_logs: own.filter((log) => log.protocol === 'static-ct').map((log) => log.logListEntry()),
    };
  });
  return JSON.stringify({ version: '1.0', log_list_timestamp: now.toISOString(), operators }, null, 2);
}

/** Writes {@link logListJson} to a file and answers its path. */
export async function writeLogList(path: string, logs: readonly CtLog[]): Promise<string> {
  await writeFile(path, logListJson(logs));
  return path;
}

class LoopbackLog implements CtLog {
  readonly description: string;
  readonly operator: string;
  readonly protocol: 'rfc6962' | 'static-ct';
  readonly signer: LogSigner;
  readonly book: LogBook;
  readonly faults = new Set<LogFault>();
  faultShare = 0;
  passing = passingFaults;
  random: () => number = Math.random;
  served: CtLog['served'] = null;
  override: CtLog['override'] = null;
  state: CtLog['state'] = { usable: { timestamp: '2025-01-01T00:00:00Z' } };
  readonly requests: Record<LogRequest['kind'], number> = {
    head: 0,
    entries: 0,
    consistency: 0,
    'hash-tile': 0,
    proof: 0,
    issuer: 0,
  };
  url = '';
  private readonly options: CtLogOptions;
  private readonly server: Server;
  private readonly clock: () => number;

  constructor(options: CtLogOptions) {
    this.options = options;
    this.protocol = options.protocol;
    this.description = options.description ?? `Loopback ${options.protocol} log`;
    this.operator = options.operator ?? 'Loopback';
    this.signer = makeLogSigner(options.key);
    this.book = new LogBook(options.protocol === 'static-ct');
    this.clock = options.clock ?? Date.now;
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
  }

  get logId(): string {
    return this.signer.logId;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', resolve);
    });
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  append(...entries: readonly LogEntryInput[]): void {
    for (const entry of entries) this.book.append(entry, this.clock());
  }

  head(): Head {
    const size = Math.min(this.served?.size ?? this.book.size, this.book.size);
    return { size, timestampMs: this.clock() - (this.served?.ageMs ?? 0), root: this.book.tree.root(size) };
  }

  logListEntry(): Readonly<Record<string, unknown>> {
    const address =
      this.protocol === 'rfc6962'
        ? { url: this.url }
        : { submission_url: this.url, monitoring_url: this.url };
    return {
      description: this.description,
      log_id: this.logId,
      key: this.signer.key,
      ...address,
      mmd: this.options.mmdSeconds ?? (this.protocol === 'rfc6962' ? 86_400 : 60),
      ...(this.state === null ? {} : { state: this.state }),
      temporal_interval: { start_inclusive: '2020-01-01T00:00:00Z', end_exclusive: '2099-01-01T00:00:00Z' },
    };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', this.url);
    const kind = kindOf(url.pathname);
    const request: LogRequest = { kind, path: url.pathname + url.search, count: this.requests[kind] };
    this.requests[kind] += 1;
    const passing =
      this.random() < this.faultShare
        ? this.passing[Math.floor(this.random() * this.passing.length)]
        : undefined;
    const faults = passing === undefined ? this.faults : new Set([...this.faults, passing]);
    let answer = this.honest(url, kind, faults);
    for (const [name, fault] of Object.entries(answerFaults))
      if (faults.has(name as LogFault)) answer = fault(answer, request);
    await sendAnswer(this.override?.(request, answer) ?? answer, response);
  }

  /** The answer of a correct log, but for faults of heads, pages and proofs. */
  private honest(url: URL, kind: LogRequest['kind'], faults: ReadonlySet<LogFault>): LogAnswer {
    if (kind === 'head') return text(this.headText(faults));
    const answer = this.protocol === 'rfc6962' ? this.rfc6962(url, faults) : this.staticCt(url, faults);
    return answer ?? { status: 404, headers: {}, body: Buffer.from('not found') };
  }

  private headText(faults: ReadonlySet<LogFault>): string {
    let head = this.head();
    for (const [name, fault] of Object.entries(headFaults))
      if (faults.has(name as LogFault)) head = fault(head);
    const signer = faults.has('foreign-key') ? foreignSigner : this.signer;
    let signature = signHead(head, signer);
    for (const [name, fault] of Object.entries(signatureFaults))
      if (faults.has(name as LogFault)) signature = fault(signature);
    return this.protocol === 'rfc6962'
      ? sthJson(head, signature)
      : checkpointText(head, signature, this.url.replace(/^http:\/\/|\/$/g, ''), signer);
  }

  private rfc6962(url: URL, faults: ReadonlySet<LogFault>): LogAnswer | null {
    const number = (name: string): number => Number(url.searchParams.get(name));
    const tree = this.book.tree;
    switch (url.pathname) {
      case '/ct/v1/get-entries':
        return this.entriesPage(number('start'), number('end') + 1, faults);
      case '/ct/v1/get-sth-consistency': {
        const proof = tree.consistencyProof(number('first'), number('second'));
        const served = faults.has('bad-consistency') ? proof.map(flipped) : proof;
        return json({ consistency: served.map((hash) => hash.toString('base64')) });
      }
      case '/ct/v1/get-proof-by-hash': {
        const index = tree.indexOf(Buffer.from(url.searchParams.get('hash') ?? '', 'base64'));
        if (index < 0) return null;
        const path = tree.inclusionProof(index, number('tree_size'));
        return json({ leaf_index: index, audit_path: path.map((hash) => hash.toString('base64')) });
      }
      default:
        return null;
    }
  }

  private entriesPage(start: number, end: number, faults: ReadonlySet<LogFault>): LogAnswer | null {
    const size = this.head().size;
    let page: readonly number[] = [start, Math.min(end, size, start + (this.options.maxPage ?? 256))];
    if (!(start >= 0 && start < size)) return { status: 400, headers: {}, body: Buffer.from('bad range') };
    for (const [name, fault] of Object.entries(pageFaults))
      if (faults.has(name as LogFault)) page = fault(page[0]!, page[1]!);
    const entries = this.book.leafInputs.slice(page[0], page[1]).map((leaf, offset) => ({
      leaf_input: leaf.toString('base64'),
      extra_data: this.book.extraData[page[0]! + offset]!.toString('base64'),
    }));
    return json({ entries });
  }

  private staticCt(url: URL, faults: ReadonlySet<LogFault>): LogAnswer | null {
    const issuer = this.book.issuers.get(/^\/issuer\/([0-9a-f]{64})$/.exec(url.pathname)?.[1] ?? '');
    if (issuer) return { status: 200, headers: {}, body: issuer };
    const match = /^\/tile\/(data|[0-5])\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d+))?$/.exec(url.pathname);
    if (match === null) return null;
    const number = Number(match[2]!.replaceAll(/[x/]/g, ''));
    const width = match[3] === undefined ? 256 : Number(match[3]);
    if (width < 1 || width > 256 || (match[3] !== undefined && faults.has('no-partials'))) return null;
    const level = match[1] === 'data' ? 0 : Number(match[1]);
    if (Math.floor(this.head().size / 256 ** level) < number * 256 + width) return null;
    return { status: 200, headers: {}, body: this.tile(match[1]!, number, width, faults) };
  }

  private tile(level: string, number: number, width: number, faults: ReadonlySet<LogFault>): Buffer {
    const places = Array.from({ length: width }, (_, offset) => number * 256 + offset);
    if (level === 'data') return Buffer.concat(places.map((index) => this.book.tileLeaves[index]!));
    const hashes = this.book.tree.nodes(Number(level) * 8, number * 256, width);
    return faults.has('bad-consistency') ? flipped(hashes) : hashes;
  }
}

function kindOf(path: string): LogRequest['kind'] {
  if (path === '/checkpoint' || path === '/ct/v1/get-sth') return 'head';
  if (path.startsWith('/tile/data/') || path === '/ct/v1/get-entries') return 'entries';
  if (path.startsWith('/tile/')) return 'hash-tile';
  if (path === '/ct/v1/get-sth-consistency') return 'consistency';
  return path.startsWith('/issuer/') ? 'issuer' : 'proof';
}

function text(body: string): LogAnswer {
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.from(body) };
}

function json(body: unknown): LogAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body)),
  };
}
