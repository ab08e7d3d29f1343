import { asBuffer, MalformedError } from '../../../src/ct/bytes.js';
import type { LogInfo } from '../../../src/ct/log-list.js';
import { loadLogKey, type LogKey } from '../../../src/ct/log-key.js';
import { consistencyRanges, rangeFromLastLeaf } from '../../../src/ct/proof.js';
import {
  countOf,
  hashesOf,
  parseObject,
  parseSignedTreeHead,
  verifyTreeHead,
} from '../../../src/ct/tree-head.js';
import type { DecodePool } from '../decode/decode-pool.js';
import { fetchPage } from './fetch-page.js';
import { UnsignedHead, type LogReader, type SignedHead } from './log-reader.js';
import { retrying, usualBytes, type LogTransport } from './log-transport.js';
import { createPageSize } from './page-size.js';
import { assertRange } from './range-proof.js';

/** How one log is asked. */
export interface ReaderOptions {
  /** Entries per request to begin with. */
  readonly pageSize: number;
  readonly maxBodyBytes: number;
  readonly decode: DecodePool['decode'];
}

const maxHeadBytes = 64 * 1024;
const maxProofBytes = 64 * 1024;
/** Also holds an entry, which is not read. */
const maxEntryAndProofBytes = 1024 * 1024;
const attempts = 4;
/** Most bytes of one entry in JSON, whatever less is configured: a certificate of 16 MB (RFC 6962 section 3.1) in base64, and a chain. */
const entryBytes = 32 * 1024 * 1024;

/** Asks a question below ct/v1/ whose answer is a JSON object. */
type Ask = (path: string, maxBytes: number, signal: AbortSignal) => Promise<Record<string, unknown>>;

/** Reads a log over RFC 6962 section 4. */
export function createRfc6962Reader(
  log: LogInfo,
  transport: LogTransport,
  options: ReaderOptions,
): LogReader {
  const key = loadLogKey(log.key);
  const pageSize = createPageSize(options.pageSize);
  const ask: Ask = (path, maxBytes, signal) =>
    retrying(attempts, signal, async () => {
      const bytes = await transport.bytes(`ct/v1/${path}`, maxBytes, signal);
      return parseObject(bytes.toString('utf8'), path);
    });
  const consistency: LogReader['consistency'] = async (first, second, signal) => {
    const answer = await ask(`get-sth-consistency?first=${first}&second=${second}`, maxProofBytes, signal);
    return hashesOf(answer['consistency'], 'consistency');
  };
  const reader: LogReader = {
    consistency,
    head: (signal) => readHead(transport, key, signal),
    async rangeAt(size, head, signal) {
      // Entries are hostile text of any length: they are read where all of them are.
      const [page] = await fetchPage(reader, options.decode, size - 1, size, signal);
      const leaf = asBuffer(page?.hashes ?? Buffer.alloc(0));
      const path = await auditPath(ask, leaf, size, signal);
      const range = rangeFromLastLeaf(leaf, size, path);
      await assertRange(range, head, consistency, signal);
      return range;
    },
    async leafHashAt(index, _head, signal) {
      // The proof from the tree before the entry to the tree with it holds the entry's own hash.
      if (index === 0) return null;
      const proof = await consistency(index, index + 1, signal);
      const place = consistencyRanges(index, index + 1).findIndex(({ start }) => start === index);
      return proof[place] ?? null;
    },
    pageEnd: (start, limit) => pageSize.end(start, limit),
    learned: (start, asked, got) => pageSize.learned(start, asked, got),
    tooLarge() {
      pageSize.tooLarge();
      return true;
    },
    forget: () => undefined,
    issuer: () => Promise.resolve(null),
    async page(start, end, signal) {
      const path = `ct/v1/get-entries?start=${start}&end=${end - 1}`;
      // Larger pages than usual are asked for by halves.
      const isAlone = end - start === 1;
      const { maxBodyBytes } = options;
      const maxBytes = isAlone ? Math.max(maxBodyBytes, entryBytes) : Math.min(maxBodyBytes, usualBytes);
      const { body, encoding } = await (isAlone ? transport.page : transport.get)(path, maxBytes, signal);
      return {
        format: 'get-entries',
        bytes: body,
        encoding,
        maxBytes,
        firstIndex: start,
        width: end - start,
      };
    },
  };
  return reader;
}

async function readHead(transport: LogTransport, key: LogKey, signal: AbortSignal): Promise<SignedHead> {
  const head = await retrying(attempts, signal, async () => {
    const served = (await transport.bytes('ct/v1/get-sth', maxHeadBytes, signal)).toString('utf8');
    return { ...parseSignedTreeHead(served), served };
  }).catch(asUnsigned);
  if (verifyTreeHead(head, key)) return head;
  throw new UnsignedHead('signed tree head: signature does not verify');
}

/** What cannot be read as a head is not signed. */
export function asUnsigned(error: unknown): never {
  throw error instanceof MalformedError ? new UnsignedHead(error.message, { cause: error }) : error;
}

/** Audit path of the last leaf of the tree of `size`; by get-entry-and-proof where the leaf's hash occurs twice. */
async function auditPath(ask: Ask, leaf: Buffer, size: number, signal: AbortSignal): Promise<Buffer[]> {
  const last = size - 1;
  const hash = encodeURIComponent(leaf.toString('base64'));
  const proof = await ask(`get-proof-by-hash?hash=${hash}&tree_size=${size}`, maxProofBytes, signal);
  if (countOf(proof['leaf_index'], 'leaf_index') === last) return hashesOf(proof['audit_path'], 'audit_path');
  const path = `get-entry-and-proof?leaf_index=${last}&tree_size=${size}`;
  return hashesOf((await ask(path, maxEntryAndProofBytes, signal))['audit_path'], 'audit_path');
}
