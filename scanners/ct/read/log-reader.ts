import type { TreeHead } from '../../../src/ct/tree-head.js';
import type { CompactRange } from '../../../src/ct/compact-range.js';
import type { ContentEncoding } from './http.js';

/** A tree head whose signature was verified, with the bytes it was served as. */
export interface SignedHead extends TreeHead {
  /** get-sth answer or checkpoint, exactly as served: evidence. */
  readonly served: string;
}

/** Bytes that hold some entries, not decoded yet. */
export interface PageBody {
  readonly format: 'get-entries' | 'data-tile';
  readonly bytes: Uint8Array;
  readonly encoding: ContentEncoding;
  /** Most bytes after decompression. */
  readonly maxBytes: number;
  /** Index of the first entry in `bytes`. */
  readonly firstIndex: number;
  /** Entries a data tile holds; for get-entries the most the bytes may hold. */
  readonly width: number;
}

/** Reads one log, whichever protocol it speaks, within its host's budget. All but `page` retry what is worth retrying. */
export interface LogReader {
  /** The newest tree head, signature verified. */
  head(signal: AbortSignal): Promise<SignedHead>;
  /** Where a page that starts at `start` should end: the next aligned boundary, at most `limit`. */
  pageEnd(start: number, limit: number): number;
  /** Asks once for the entries from `start`; the answer may hold fewer than up to `end`, and begin before `start`. */
  page(start: number, end: number, signal: AbortSignal): Promise<PageBody>;
  /** Hears how many entries an answer held of those asked for. */
  learned(start: number, asked: number, got: number): void;
  /** An answer was over the byte limit: asks for fewer from now on; false when the protocol lets nobody ask for fewer. */
  tooLarge(): boolean;
  /** Proof that the tree of size `second` extends that of size `first` (RFC 6962 section 2.1.2), not verified yet. */
  consistency(first: number, second: number, signal: AbortSignal): Promise<Buffer[]>;
  /** All leaves below `size` (1 to head.treeSize) as a compact range, verified against `head`. */
  rangeAt(size: number, head: SignedHead, signal: AbortSignal): Promise<CompactRange>;
  /** Leaf hash of one entry as the log's proofs have it, not verified; null when they do not tell. */
  leafHashAt(index: number, head: SignedHead, signal: AbortSignal): Promise<Buffer | null>;
  /** Drops what was remembered of the log's unauthenticated answers, after one of them proved wrong. */
  forget(): void;
  /** The issuer with this SHA-256 (hex); null where the protocol sends issuers with the entries. */
  issuer(sha256: string, signal: AbortSignal): Promise<Buffer | null>;
}

/**
 * In place of the tree head came something that the log's key did not sign. It proves nothing against the log: a gateway's page,
 * a cut-off answer and another log's head look like this.
 */
export class UnsignedHead extends Error {
  override readonly name = 'UnsignedHead';
}

/** A log answered something that contradicts what it signed. */
export class LogMisbehaviour extends Error {
  override readonly name = 'LogMisbehaviour';
  readonly problem: 'bad-proof';
  /** What the log served, exactly. */
  readonly served: string;

  constructor(problem: LogMisbehaviour['problem'], message: string, served: string) {
    super(message);
    this.problem = problem;
    this.served = served;
  }
}
