import { emptyRoot } from './merkle.js';
import type { TreeHead } from './tree-head.js';

/**
 * What a tree head, its signature verified, means beside the last one accepted:
 * `newer` (or the first) and `same` are fine; `stale` comes from a front end that lags behind; `fork` has the same size and
 * another root; `rollback` is smaller although it was signed later; `future` and `expired` are signed for a wrong time;
 * `bad-tree-head` is an empty tree that has not the root of one.
 */
export type HeadVerdict =
  'newer' | 'same' | 'stale' | 'fork' | 'rollback' | 'future' | 'expired' | 'bad-tree-head';

/** How far a log's clock may be ahead of ours. */
export const clockToleranceMs = 5 * 60_000;

/**
 * Heads older than this are refused, but never before the log's maximum merge delay is over: tiled logs promise one minute,
 * and a head some minutes old still proves what it covers.
 */
export const oldestHeadMs = 24 * 3_600_000;

/** Judges `head` at `nowMs`. `mmdSeconds` null: the log is frozen and signs no more, so its age means nothing. */
export function judgeHead(
  head: TreeHead,
  last: TreeHead | null,
  mmdSeconds: number | null,
  nowMs: number,
): HeadVerdict {
  if (head.timestampMs > nowMs + clockToleranceMs) return 'future';
  if (head.treeSize === 0 && !head.rootHash.equals(emptyRoot)) return 'bad-tree-head';
  if (last !== null && head.treeSize === last.treeSize && !head.rootHash.equals(last.rootHash)) return 'fork';
  if (last !== null && head.treeSize < last.treeSize)
    return head.timestampMs > last.timestampMs ? 'rollback' : 'stale';
  if (mmdSeconds !== null && nowMs - head.timestampMs > Math.max(mmdSeconds * 1000, oldestHeadMs))
    return 'expired';
  return last !== null && head.treeSize === last.treeSize ? 'same' : 'newer';
}

/** True when the log has not signed a head within its maximum merge delay, a minute's grace included. */
export function missesMergeDelay(head: TreeHead, mmdSeconds: number, nowMs: number): boolean {
  return nowMs - head.timestampMs > mmdSeconds * 1000 + 60_000;
}
