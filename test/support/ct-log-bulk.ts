import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendAnswer } from './ct-log-answer.js';
import { LogBook } from './ct-log-book.js';
import { generatedEntries, sharedTileEntries } from './ct-log-entries.js';
import {
  answerFaults,
  flipped,
  foreignSigner,
  headFaults,
  pageFaults,
  signatureFaults,
  transientFaults,
  type LogAnswer,
  type LogFault,
} from './ct-log-faults.js';
import { checkpointText, makeLogSigner, signHead, sthJson, type Head } from './ct-log-head.js';
import { MerkleTree } from './ct-log-tree.js';

/** A log of millions of entries that costs little memory: a thousand real (or generated) ones over and over, each with a time of its own. */
export interface BulkLogOptions {
  readonly protocol: 'rfc6962' | 'static-ct';
  /** Entries at the start. */
  readonly entries: number;
  /** Entries added per second. */
  readonly growth: number;
  /** Most entries per get-entries answer. */
  readonly maxPage: number;
  readonly description: string;
  /** Share of the answers (0 to 1) that get one of {@link transientFaults}; default 0. */
  readonly faultShare?: number;
}

/** Real entries where they are at hand, whole tiles of them. */
const templates = ((): ReturnType<typeof generatedEntries> => {
  const shared = sharedTileEntries();
  return shared.length >= 1024 ? shared.slice(0, 1024) : generatedEntries(256);
})();

/** TimestampedEntry begins behind two bytes of the leaf; its first eight are the time. */
const timeAt = 2;
/** Base64 digits of the first 12 leaf bytes, which hold the time. */
const timeDigits = 16;

/** Forms of the templates shared by all logs of a process. */
class Forms {
  readonly leaves: Buffer[];
  readonly json: Buffer[];
  readonly tiles: Buffer[];
  readonly tileOffsets: number[][];

  constructor(leafIndexExtension: boolean) {
    const book = new LogBook(leafIndexExtension);
    for (const entry of templates) book.append(entry, 0);
    this.leaves = book.leafInputs;
    this.json = book.leafInputs.map((leaf, index) => {
      const extra = book.extraData[index]!.toString('base64');
      return Buffer.from(`{"leaf_input":"${leaf.toString('base64')}","extra_data":"${extra}"}`);
    });
    this.tiles = [];
    this.tileOffsets = [];
    for (let at = 0; at < templates.length; at += 256) {
      const leaves = book.tileLeaves.slice(at, at + 256);
      let offset = 0;
      this.tileOffsets.push(leaves.map((leaf) => (offset += leaf.length) - leaf.length));
      this.tiles.push(Buffer.concat(leaves));
    }
  }
}

const forms: Partial<Record<BulkLogOptions['protocol'], Forms>> = {};

/** Serves one bulk log on 127.0.0.1. */
export class BulkLog {
  readonly signer = makeLogSigner();
  readonly tree = new MerkleTree();
  url = '';
  private readonly options: BulkLogOptions;
  private readonly forms: Forms;
  private readonly server: Server;
  private readonly startedMs = Date.now();
  private added = 0;
  /** A leaf's time: distinct for every entry, and in the past. */
  private readonly firstMs = 1_760_000_000_000;

  constructor(options: BulkLogOptions) {
    this.options = options;
    this.forms = forms[options.protocol] ??= new Forms(options.protocol === 'static-ct');
    this.grow();
    this.server = createServer((request, response) => {
      sendAnswer(this.answer(request), response).catch(() => response.destroy());
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** This log as an element of `logs` or `tiled_logs` of a log list. */
  logListEntry(): Record<string, unknown> {
    const address =
      this.options.protocol === 'rfc6962'
        ? { url: this.url }
        : { submission_url: this.url, monitoring_url: this.url };
    const { description } = this.options;
    return {
      description,
      log_id: this.signer.logId,
      key: this.signer.key,
      ...address,
      mmd: 86_400,
      state: { usable: {} },
    };
  }

  /** Appends entries beside those that come by themselves. */
  add(entries: number): void {
    this.added += entries;
    this.grow();
  }

  /** Appends what has come since the start. */
  private grow(): void {
    const { entries, growth } = this.options;
    const size = entries + this.added + Math.floor((growth * (Date.now() - this.startedMs)) / 1000);
    for (let index = this.tree.size; index < size; index += 1) {
      const leaf = this.forms.leaves[index % templates.length]!;
      this.stamp(leaf, timeAt, index);
      if (this.options.protocol === 'static-ct') leaf.writeUIntBE(index, leaf.length - 5, 5);
      this.tree.append(leaf);
    }
  }

  private stamp(bytes: Buffer, at: number, index: number): void {
    bytes.writeUIntBE(this.firstMs + index, at + 2, 6);
  }

  private answer(request: IncomingMessage): LogAnswer {
    const url = new URL(request.url ?? '/', this.url);
    const faults = transientFaults[kindOf(url.pathname)];
    const isFaulty = Math.random() < (this.options.faultShare ?? 0);
    const fault = isFaulty ? faults[Math.floor(Math.random() * faults.length)] : undefined;
    const body =
      this.options.protocol === 'rfc6962' ? this.rfc6962(url, fault) : this.staticCt(url.pathname, fault);
    const answer = { status: body === null ? 404 : 200, headers: {}, body: body ?? Buffer.alloc(0) };
    return named(answerFaults, fault)?.(answer, { kind: 'entries', path: url.pathname, count: 0 }) ?? answer;
  }

  /** The newest head and its signature, as far as `fault` leaves them alone. */
  private head(fault: LogFault | undefined): { head: Head; signature: Buffer } {
    this.grow();
    const good: Head = { size: this.tree.size, timestampMs: Date.now(), root: this.tree.root() };
    const head = named(headFaults, fault)?.(good) ?? good;
    const signature = signHead(head, fault === 'foreign-key' ? foreignSigner : this.signer);
    return { head, signature: named(signatureFaults, fault)?.(signature) ?? signature };
  }

  private rfc6962(url: URL, fault: LogFault | undefined): Buffer | null {
    const number = (name: string): number => Number(url.searchParams.get(name));
    switch (url.pathname) {
      case '/ct/v1/get-sth': {
        const { head, signature } = this.head(fault);
        return Buffer.from(sthJson(head, signature));
      }
      case '/ct/v1/get-entries':
        return this.page(...changedPage(number('start'), number('end') + 1, fault));
      case '/ct/v1/get-sth-consistency': {
        const honest = this.tree.consistencyProof(number('first'), number('second'));
        const proof = fault === 'bad-consistency' ? honest.map(flipped) : honest;
        return Buffer.from(JSON.stringify({ consistency: proof.map((hash) => hash.toString('base64')) }));
      }
      case '/ct/v1/get-proof-by-hash': {
        const last = number('tree_size') - 1;
        const path = this.tree.inclusionProof(last, last + 1).map((hash) => hash.toString('base64'));
        return Buffer.from(JSON.stringify({ leaf_index: last, audit_path: path }));
      }
      default:
        return null;
    }
  }

  private page(start: number, until: number): Buffer {
    const end = Math.min(until, this.tree.size, start + this.options.maxPage);
    const parts = Array.from(
      { length: end - start },
      (_, offset) => this.forms.json[(start + offset) % templates.length]!,
    );
    const opening = '{"entries":[';
    const length = opening.length + parts.reduce((sum, part) => sum + part.length + 1, 0) + 1;
    const body = Buffer.allocUnsafeSlow(length);
    const head = Buffer.alloc(12);
    let at = body.write(opening, 'latin1');
    for (const [offset, part] of parts.entries()) {
      if (offset > 0) body[at++] = 0x2c;
      part.copy(body, at);
      const leaf = this.forms.leaves[(start + offset) % templates.length]!;
      leaf.copy(head, 0, 0, 12);
      this.stamp(head, timeAt, start + offset);
      body.write(head.toString('base64'), at + '{"leaf_input":"'.length, timeDigits, 'latin1');
      at += part.length;
    }
    return body.subarray(0, at + body.write(']}', at, 'latin1'));
  }

  private staticCt(path: string, fault: LogFault | undefined): Buffer | null {
    if (path === '/checkpoint') {
      const { head, signature } = this.head(fault);
      return Buffer.from(checkpointText(head, signature, this.url.slice(7, -1), this.signer));
    }
    const match = /^\/tile\/(data|[0-5])\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d+))?$/.exec(path);
    if (match === null) return null;
    const number = Number(match[2]!.replaceAll(/[x/]/g, ''));
    const width = match[3] === undefined ? 256 : Number(match[3]);
    const level = match[1] === 'data' ? 0 : Number(match[1]);
    if (Math.floor(this.tree.size / 256 ** level) < number * 256 + width) return null;
    return match[1] === 'data'
      ? this.dataTile(number, width)
      : this.tree.nodes(level * 8, number * 256, width);
  }

  private dataTile(number: number, width: number): Buffer {
    const form = number % this.forms.tiles.length;
    const offsets = this.forms.tileOffsets[form]!;
    const template = this.forms.tiles[form]!;
    const tile = Buffer.from(template.subarray(0, width === 256 ? template.length : offsets[width]));
    for (let place = 0; place < width; place += 1) {
      const index = number * 256 + place;
      const leaf = this.forms.leaves[index % templates.length]!;
      this.stamp(tile, offsets[place]!, index);
      tile.writeUIntBE(index, offsets[place]! + leaf.length - 2 - 5, 5);
    }
    return tile;
  }
}

function changedPage(start: number, end: number, fault: LogFault | undefined): [number, number] {
  const [from = start, until = end] = named(pageFaults, fault)?.(start, end) ?? [];
  return [from, until];
}

/** The fault of this name, if it is one of `faults`. */
function named<T>(faults: Readonly<Record<string, T>>, fault: LogFault | undefined): T | undefined {
  return fault === undefined ? undefined : faults[fault];
}

function kindOf(path: string): keyof typeof transientFaults {
  if (path === '/checkpoint' || path.endsWith('/get-sth')) return 'head';
  if (path.endsWith('/get-entries')) return 'entries';
  return path.startsWith('/tile/') ? 'tile' : 'proof';
}
