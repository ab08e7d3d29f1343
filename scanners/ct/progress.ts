import { MalformedError, fromBase64 } from '../../src/ct/bytes.js';
import { emptyRange, rangeFromHashes, type CompactRange } from '../../src/ct/compact-range.js';
import type { Evidence } from '../../src/ct/evidence.js';
import {
  countOf,
  parseObject,
  parseSignedTreeHead,
  textOf,
  toSignedTreeHead,
} from '../../src/ct/tree-head.js';
import type { SignedHead } from './log-reader.js';

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
export interface Progress {
  /** Everything in it is verified and handed on. null: not started. */
  range: CompactRange | null;
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

/** No entries. */
export const noCounts: Counts = {
  entries: 0,
  x509: 0,
  precertificate: 0,
  unknown: 0,
  malformed: 0,
  matched: 0,
};

/** A cursor that has read nothing; times count from `nowMs`. */
export function newProgress(nowMs: number, until: number | null = null): Progress {
  return {
    range: null,
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
export function positionOf(progress: Progress): number {
  return progress.range?.end ?? 0;
}

/** The follower state kept with a position: JSON text. */
export function serializeProgress(progress: Progress): string {
  return JSON.stringify({
    ...progress,
    range: progress.range && { end: progress.range.end, hashes: progress.range.hashes.toString('base64') },
    verified: serializeHead(progress.verified),
    target: serializeHead(progress.target),
  });
}

/** Reads {@link serializeProgress} back; throws {@link MalformedError} on anything else. */
export function parseProgress(json: string, nowMs: number): Progress {
  const state = parseObject(json, 'follower state');
  const progress = { ...newProgress(nowMs), ...state };
  return {
    ...progress,
    range: parseRange(state['range']),
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

function serializeHead(head: SignedHead | null): unknown {
  return head && { ...toSignedTreeHead(head), served: head.served };
}

function parseHead(value: unknown): SignedHead | null {
  if (value === null || value === undefined) return null;
  const head = parseSignedTreeHead(JSON.stringify(value));
  if (typeof value !== 'object' || !('served' in value)) throw new MalformedError('follower state: head');
  return { ...head, served: textOf(value.served, 'served head') };
}
