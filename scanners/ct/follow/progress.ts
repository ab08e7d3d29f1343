import { MalformedError, fromBase64 } from '../../../src/ct/bytes.js';
import { emptyRange, rangeFromHashes, type CompactRange } from '../../../src/ct/compact-range.js';
import type { Evidence } from '../../../src/ct/evidence.js';
import {
  countOf,
  parseObject,
  parseSignedTreeHead,
  textOf,
  toSignedTreeHead,
} from '../../../src/ct/tree-head.js';
import type { SignedHead } from '../read/log-reader.js';
import type { DecodedPage } from '../read/page-collector.js';

/** Something a log did wrong. */
export interface Misbehaviour {
  /** Kebab-case: `fork`, `rollback`, `bad-signature`, `bad-tree-head`, `bad-checkpoint`, `bad-proof`, `wrong-entries`, `future-head` ... */
  readonly problem: string;
  readonly message: string;
  readonly sinceMs: number;
  /** Signed contradiction, or the bytes served; JSON-safe. */
  readonly evidence: Evidence | { readonly served: string } | null;
  /** Proved by the log's own signatures: does not pass by itself. */
  readonly proven: boolean;
}

/** How far one cursor has read a log, and what it must remember of it. Changed in place by its follower. */
export interface LogProgress {
  /** Everything in it is verified and handed on, but for the gaps. null: not started. */
  range: CompactRange | null;
  gaps: readonly Gap[];
  /** Newest head that `range` has reached. */
  verified: SignedHead | null;
  /** Newest head accepted. */
  target: SignedHead | null;
  /** Index at which this cursor began. */
  startedAt: number;
  /** Index at which a backfill ends; null for a tail. */
  until: number | null;
  misbehaviour: Misbehaviour | null;
  /** Frozen log or backfill, read to its end. */
  complete: boolean;
  /** Last answer of any kind that was signed by the log. */
  contactMs: number;
  /** Last time nothing was left to read. */
  caughtUpMs: number;
  /** Last time the tree was seen to grow. */
  grewMs: number;
  /** Entries read, by kind. */
  counts: Counts;
}

/** Entries read by a cursor. */
export interface Counts {
  readonly entries: number;
  readonly x509: number;
  readonly precertificate: number;
  readonly unknown: number;
  readonly malformed: number;
  readonly matched: number;
}

/** Entries [start, end) that were passed over: what the log serves there is not what it signed. */
export interface Gap {
  readonly start: number;
  readonly end: number;
}

/** No entries. */
export const noCounts: Counts = {
  entries: 0,
  x509: 0,
  precertificate: 0,
  unknown: 0,
  malformed: 0,
  matched: 0,
};

/** The counts with those of some pages. */
export function addPages(counts: Counts, pages: readonly DecodedPage[]): Counts {
  return pages.reduce(addPage, counts);
}

function addPage(counts: Counts, page: DecodedPage): Counts {
  return {
    entries: counts.entries + page.end - page.start,
    x509: counts.x509 + page.counts.x509,
    precertificate: counts.precertificate + page.counts.precertificate,
    unknown: counts.unknown + page.counts.unknown,
    malformed: counts.malformed + page.counts.malformed,
    matched: counts.matched + page.matched,
  };
}

/** A cursor that has read nothing; times count from `nowMs`. */
export function newProgress(nowMs: number, until: number | null = null): LogProgress {
  return {
    range: null,
    gaps: [],
    verified: null,
    target: null,
    startedAt: 0,
    until,
    misbehaviour: null,
    complete: false,
    contactMs: nowMs,
    caughtUpMs: nowMs,
    grewMs: nowMs,
    counts: noCounts,
  };
}

/** Index below which everything is verified and handed on. */
export function positionOf(progress: LogProgress): number {
  return progress.range?.end ?? 0;
}

/** The follower state kept with a position: JSON text. */
export function serializeProgress(progress: LogProgress): string {
  return JSON.stringify({
    ...progress,
    range: progress.range && { end: progress.range.end, hashes: progress.range.hashes.toString('base64') },
    verified: serializeHead(progress.verified),
    target: serializeHead(progress.target),
  });
}

/** Reads {@link serializeProgress} back; throws {@link MalformedError} on anything else. */
export function parseProgress(json: string, nowMs: number): LogProgress {
  const state = parseObject(json, 'follower state');
  if (!('range' in state)) throw new MalformedError('follower state: no range');
  const progress = { ...newProgress(nowMs), ...state };
  return {
    ...progress,
    range: parseRange(state['range']),
    gaps: parseGaps(state['gaps']),
    verified: parseHead(state['verified']),
    target: parseHead(state['target']),
    counts: { ...noCounts, ...progress.counts },
  };
}

function parseRange(value: unknown): CompactRange | null {
  if (value === null || value === undefined) return null;
  const { end, hashes } = value as Record<string, unknown>;
  const size = countOf(end, 'range');
  return size === 0 ? emptyRange : rangeFromHashes(size, fromBase64(textOf(hashes, 'range'), 'range'));
}

function parseGaps(value: unknown): readonly Gap[] {
  if (!Array.isArray(value)) return [];
  return value.map((gap: unknown) => {
    const { start, end } = (gap ?? {}) as Record<string, unknown>;
    return { start: countOf(start, 'gap'), end: countOf(end, 'gap') };
  });
}

function serializeHead(head: SignedHead | null): unknown {
  return head && { ...toSignedTreeHead(head), served: head.served };
}

function parseHead(value: unknown): SignedHead | null {
  if (value === null || value === undefined) return null;
  const head = parseSignedTreeHead(JSON.stringify(value));
  if (typeof value !== 'object' || !('served' in value)) throw new MalformedError('follower state: head');
  return { ...head, served: textOf(value.served, 'served head') };
}
