import { emptyRange, type CompactRange } from '../../../src/ct/compact-range.js';
import type { StartAt } from '../config.js';
import { fetchPage } from '../read/fetch-page.js';
import type { FollowerContext } from './follower-context.js';
import type { SignedHead } from '../read/log-reader.js';

/** The compact range of everything before the start, verified against `head`, so that reading from there can be verified. */
export async function startRange(
  context: FollowerContext,
  head: SignedHead,
  signal: AbortSignal,
): Promise<CompactRange> {
  const index = await startIndex(context, head, signal);
  return index === 0 ? emptyRange : context.reader.rangeAt(index, head, signal);
}

async function startIndex(context: FollowerContext, head: SignedHead, signal: AbortSignal): Promise<number> {
  const start: StartAt = context.settings.start;
  if (start === 'head') return head.treeSize;
  if (start === 'zero') return 0;
  if (typeof start === 'number' && start > head.treeSize)
    context.memory.lastError = `the start ${start} lies beyond the tree of ${head.treeSize} entries; begun at its head`;
  if (typeof start === 'number') return Math.min(start, head.treeSize);
  return indexAtTime(context, Date.parse(start), head.treeSize, signal);
}

/**
 * First index that may hold an entry stamped at or after `timeMs`: found by halving over the entries' timestamps, which rise
 * but for the log's merge delay, so one merge delay is added on the safe side.
 */
async function indexAtTime(
  context: FollowerContext,
  timeMs: number,
  treeSize: number,
  signal: AbortSignal,
): Promise<number> {
  const wanted = timeMs - context.log.mmdSeconds * 1000;
  let low = 0;
  let high = treeSize;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const stamped = await timestampAt(context, middle, signal);
    // An entry that tells no time may be of any.
    if (stamped !== 0 && stamped < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function timestampAt(
  { reader, decode }: FollowerContext,
  index: number,
  signal: AbortSignal,
): Promise<number> {
  const [page] = await fetchPage(reader, decode, index, index + 1, signal);
  return page?.lastTimestampMs ?? 0;
}
