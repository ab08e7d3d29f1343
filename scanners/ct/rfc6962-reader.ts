import { MalformedError, fromBase64 } from '../../src/ct/bytes.js';
import type { CompactRange } from '../../src/ct/compact-range.js';
import type { LogInfo } from '../../src/ct/log-list.js';
import { loadLogKey } from '../../src/ct/log-key.js';
import { leafHash } from '../../src/ct/merkle.js';
import { rangeFromLastLeaf } from '../../src/ct/proof.js';
import {
  countOf,
  hashesOf,
  parseObject,
  parseSignedTreeHead,
  textOf,
  verifyTreeHead,
} from '../../src/ct/tree-head.js';
import { HttpError } from './http.js';
import { LogMisbehaviour, type LogReader, type SignedHead } from './log-reader.js';
import { retrying, type LogTransport } from './log-transport.js';
import { createPageSize } from './page-size.js';
import { assertRange } from './range-proof.js';

/** How one log is asked. */
export interface ReaderOptions {
  /** Entries per request to begin with. */
  readonly pageSize: number;
  readonly maxBodyBytes: number;
}

const maxHeadBytes = 64 * 1024;
const maxProofBytes = 64 * 1024;
const attempts = 4;

/** Most bytes of one entry in JSON: certificate, precertificate and chain of 16 MB each, in base64. */
const maxEntryBytes = 72 * 1024 * 1024;

/** Reads a log over RFC 6962 section 4. */
export function createRfc6962Reader(
  log: LogInfo,
  transport: LogTransport,
  options: ReaderOptions,
): LogReader {
  const key = loadLogKey(log.key);
  const pageSize = createPageSize(options.pageSize);

  async function json(path: string, maxBytes: number, signal: AbortSignal): Promise<Record<string, unknown>> {
    return retrying(attempts, signal, async () => {
      const bytes = await transport.bytes(`ct/v1/${path}`, maxBytes, signal);
      return parseObject(bytes.toString('utf8'), path);
    });
  }

  async function head(signal: AbortSignal): Promise<SignedHead> {
    const served = await retrying(attempts, signal, async () => {
      const text = (await transport.bytes('ct/v1/get-sth', maxHeadBytes, signal)).toString('utf8');
      return { ...parseSignedTreeHead(text), served: text };
    });
    if (!verifyTreeHead(served, key))
      throw new LogMisbehaviour(
        'bad-signature',
        'signed tree head: signature does not verify',
        served.served,
      );
    return served;
  }

  async function consistency(first: number, second: number, signal: AbortSignal): Promise<Buffer[]> {
    const answer = await json(`get-sth-consistency?first=${first}&second=${second}`, maxProofBytes, signal);
    return hashesOf(answer['consistency'], 'consistency');
  }

  /** Audit path of the last leaf of the tree of `size`; get-entry-and-proof where the leaf's hash occurs twice. */
  async function lastLeaf(size: number, signal: AbortSignal): Promise<{ leaf: Buffer; path: Buffer[] }> {
    const answer = await json(`get-entries?start=${size - 1}&end=${size - 1}`, maxEntryBytes, signal);
    const leaf = leafHash(firstLeafInput(answer));
    const hash = encodeURIComponent(leaf.toString('base64'));
    const proof = await json(`get-proof-by-hash?hash=${hash}&tree_size=${size}`, maxProofBytes, signal);
    if (countOf(proof['leaf_index'], 'leaf_index') === size - 1)
      return { leaf, path: hashesOf(proof['audit_path'], 'audit_path') };
    const other = await json(
      `get-entry-and-proof?leaf_index=${size - 1}&tree_size=${size}`,
      maxEntryBytes,
      signal,
    );
    return { leaf, path: hashesOf(other['audit_path'], 'audit_path') };
  }

  async function rangeAt(size: number, signed: SignedHead, signal: AbortSignal): Promise<CompactRange> {
    const { leaf, path } = await lastLeaf(size, signal);
    const range = rangeFromLastLeaf(leaf, size, path);
    await assertRange(range, signed, consistency, signal);
    return range;
  }

  return {
    head,
    consistency,
    rangeAt,
    pageEnd: (start, limit) => pageSize.end(start, limit),
    learned: (start, asked, got) => pageSize.learned(start, asked, got),
    forget: () => undefined,
    issuer: () => Promise.resolve(null),
    async page(start, end, signal) {
      const maxBytes = end - start === 1 ? maxEntryBytes : options.maxBodyBytes;
      const path = `ct/v1/get-entries?start=${start}&end=${end - 1}`;
      try {
        const answer = await transport.get(path, maxBytes, signal);
        return {
          format: 'get-entries',
          bytes: answer.body,
          gzip: answer.gzip,
          maxBytes,
          firstIndex: start,
          width: end - start,
        };
      } catch (error) {
        if (error instanceof HttpError && error.kind === 'too-large') pageSize.tooLarge();
        throw error;
      }
    },
  };
}

function firstLeafInput(answer: Readonly<Record<string, unknown>>): Buffer {
  const entries: unknown = answer['entries'];
  const first: unknown = Array.isArray(entries) ? entries[0] : undefined;
  if (typeof first !== 'object' || first === null || !('leaf_input' in first))
    throw new MalformedError('get-entries: no entry in the answer');
  return fromBase64(textOf(first.leaf_input, 'leaf_input'), 'leaf_input');
}
