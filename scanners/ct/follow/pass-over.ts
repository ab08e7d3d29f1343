import { MalformedError } from '../../../src/ct/bytes.js';
import { emptyRange, joinRanges, type CompactRange } from '../../../src/ct/compact-range.js';
import { finishSegment, handOn, save } from './catch-up.js';
import { fetchPage } from '../read/fetch-page.js';
import type { FollowerContext } from './follower-context.js';
import type { SignedHead } from '../read/log-reader.js';
import { addPages, positionOf, type Gap } from './progress.js';
import { rangeProves } from '../read/range-proof.js';
import { provePages } from '../decode/segment.js';
import type { DecodedPage } from '../read/page-collector.js';

/** Entries in a row that may be passed over at once; a log that is wrong everywhere is not read on. */
const longestRun = 16;
/** Gaps remembered; with more the position stays. */
const mostGaps = 64;
/** Time between two tries to have a gap after all. */
const retryMs = 600_000;

/**
 * The entries behind the position do not hash to the signed root, or cannot be read, however often they are asked for. Reads up
 * to the first that is wrong, hands it on unverified, takes the leaf hash from the log's own proofs, checked against the signed
 * head, and moves the position behind it, provided that what follows is right again. True when the position moved on.
 */
export async function passOver(
  context: FollowerContext,
  head: SignedHead,
  signal: AbortSignal,
): Promise<boolean> {
  const start = positionOf(context.progress);
  const end = context.reader.pageEnd(start, head.treeSize);
  const unreadable = await readUpToWrong(context, end, signal);
  const at = positionOf(context.progress);
  if (at >= end) return true;
  if (context.progress.gaps.length >= mostGaps) return at > start;
  const runs = unreadable ? [end - at] : [1, 2, 4, 8, longestRun];
  for (const run of runs.filter((count) => at + count <= head.treeSize)) {
    const gap = { start: at, end: at + run };
    const range = await rangeBehind(context, gap, head, signal);
    if (range === null) break;
    if (!(await goesOn(context, range, head, signal))) continue;
    await takeUnverified(context, gap, range, signal);
    return true;
  }
  return positionOf(context.progress) > start;
}

/** Moves the position to the first entry that is wrong, or to the end if none is; true when that is because the rest of a tile cannot be taken apart. */
async function readUpToWrong(
  context: FollowerContext,
  pageEnd: number,
  signal: AbortSignal,
): Promise<boolean> {
  const { reader, decode, progress, log } = context;
  let end = pageEnd;
  for (let at = positionOf(progress); at < end; at = positionOf(progress)) {
    const middle = Math.ceil((at + end) / 2);
    try {
      const pages = await fetchPage(reader, decode, at, middle, signal);
      if ((await finishSegment(context, pages, signal)) === 'moved') continue;
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      if (log.protocol === 'static-ct') return true;
    }
    if (middle - at === 1) return false;
    end = middle;
  }
  return false;
}

/** The verified range grown over the gap by leaf hashes the log gives, if they lead to the signed head; else null. */
async function rangeBehind(
  { reader, progress }: FollowerContext,
  gap: Gap,
  head: SignedHead,
  signal: AbortSignal,
): Promise<CompactRange | null> {
  let range = progress.range ?? emptyRange;
  for (let index = gap.start; index < gap.end; index += 1) {
    const hashes = await reader.leafHashAt(index, head, signal);
    if (hashes === null) return null;
    range = joinRanges(range, { start: index, end: index + 1, hashes });
  }
  return (await rangeProves(range, head, reader.consistency, signal)) ? range : null;
}

/** True when the entry behind `range` is the one that was signed, or there is none. */
async function goesOn(
  { reader, decode }: FollowerContext,
  range: CompactRange,
  head: SignedHead,
  signal: AbortSignal,
): Promise<boolean> {
  if (range.end === head.treeSize) return true;
  try {
    const pages = await fetchPage(reader, decode, range.end, range.end + 1, signal);
    const proved = await provePages(range, pages, head, reader, signal);
    return proved?.pages.length === pages.length;
  } catch (error) {
    if (error instanceof MalformedError) return false;
    throw error;
  }
}

async function takeUnverified(
  context: FollowerContext,
  gap: Gap,
  range: CompactRange,
  signal: AbortSignal,
): Promise<void> {
  const { progress, memory } = context;
  const pages = await readable(context, gap, signal);
  await handOn(context, pages, signal, false);
  progress.counts = addPages(progress.counts, pages);
  progress.gaps = [...progress.gaps, gap];
  progress.range = range;
  memory.gapsTriedMs = context.now().getTime();
  await save(context);
}

async function readable(
  { reader, decode }: FollowerContext,
  gap: Gap,
  signal: AbortSignal,
): Promise<DecodedPage[]> {
  try {
    return await fetchPage(reader, decode, gap.start, gap.end, signal);
  } catch (error) {
    if (error instanceof MalformedError) return [];
    throw error;
  }
}

/** Tries now and then to have what was passed over: entries that hash to the signed root are handed on as verified. */
export async function retryGaps(
  context: FollowerContext,
  head: SignedHead,
  signal: AbortSignal,
): Promise<void> {
  const { progress, memory, reader, now } = context;
  if (progress.gaps.length === 0 || now().getTime() - memory.gapsTriedMs < retryMs) return;
  memory.gapsTriedMs = now().getTime();
  for (const gap of progress.gaps) {
    const before = gap.start === 0 ? emptyRange : await reader.rangeAt(gap.start, head, signal);
    const pages = await readable(context, gap, signal);
    if (pages.length === 0) continue;
    const proved = await provePages(before, pages, head, reader, signal);
    if (proved?.pages.length !== pages.length) continue;
    await handOn(context, proved.pages, signal);
    progress.gaps = progress.gaps.filter((other) => other !== gap);
  }
  await save(context);
}
