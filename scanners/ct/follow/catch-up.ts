import { rootOf } from '../../../src/ct/compact-range.js';
import type { CtEntry } from '../../../src/model/ct-entry.js';
import type { FollowerContext, FollowerMemory } from './follower-context.js';
import { fetchPage } from '../read/fetch-page.js';
import { tileWidth } from '../../../src/ct/tile.js';
import { inOrder } from '../read/in-order.js';
import { joinPages, type DecodedPage } from '../read/page-collector.js';
import { addPages, positionOf } from './progress.js';
import { provePages } from '../decode/segment.js';

/** Entries hashed to a signed root, handed on and saved together at most. */
const segmentEntries = 16_384;
const segmentMatches = 512;
const segmentMs = 10_000;
/** Handed on at a time: what a segment holds, for each time waits for the store. */
const handOnEntries = 1024;
/** A log whose next tile is full so soon is not asked for the partial one. */
const worthWaitingMs = 2_500;

/** How reading ended: everything is read, or the next entries do not belong to the signed tree. */
export type CatchUpEnd = 'reached' | 'mismatch';

/**
 * Reads from the position to the target head. Pages are fetched and decoded in parallel; in order they are joined to
 * segments, each is hashed to the signed root, handed on, and only then the position moves.
 */
export async function catchUp(
  context: FollowerContext,
  refresh: () => Promise<void>,
  signal: AbortSignal,
): Promise<CatchUpEnd> {
  const { reader, decode, settings, progress } = context;
  let planned = positionOf(progress);
  const next = (): { start: number; end: number } | undefined => {
    const start = planned;
    const limit = readLimit(context);
    if (start >= limit) return undefined;
    planned = reader.pageEnd(start, limit);
    return { start, end: planned };
  };
  let pending: DecodedPage[] = [];
  let since = performance.now();
  const fetch = ({ start, end }: { start: number; end: number }, stop: AbortSignal): Promise<DecodedPage[]> =>
    fetchPage(reader, decode, start, end, stop);
  try {
    for await (const parts of inOrder(next, settings.width, fetch, signal)) {
      pending.push(...parts);
      noteProgress(context.memory, parts);
      if (context.memory.proofless) pending = await shrink(context, pending, signal);
      if (!isDue(context, pending, since)) continue;
      const end = await finishSegment(context, pending, signal);
      if (end === 'mismatch') return end;
      if (end === 'waiting') continue;
      pending = [];
      since = performance.now();
      if (!context.memory.proofless) await refresh();
    }
  } catch (error) {
    // A page that cannot be had holds up what comes after it, not what came before.
    if (!signal.aborted && pending.length > 0) await finishSegment(context, pending, signal);
    throw error;
  }
  return 'reached';
}

/** The same entries read again are no sign of life. */
function noteProgress(memory: FollowerMemory, parts: readonly DecodedPage[]): void {
  const end = parts.at(-1)?.end ?? 0;
  if (end <= memory.furthest) return;
  memory.furthest = end;
  memory.activeMs = performance.now();
}

/** Index to read up to: the target head, but not into a tile that fills up in a moment, nor past a backfill's end. */
export function readLimit(context: FollowerContext): number {
  const { log, progress, memory, settings } = context;
  const size = progress.target?.treeSize ?? 0;
  const until = Math.min(size, progress.until ?? size, log.finalTreeHead?.treeSize ?? size);
  if (log.protocol !== 'static-ct' || settings.once || memory.proofless || until < size) return until;
  const full = Math.floor(until / tileWidth) * tileWidth;
  const fillsInMs = (1000 * (full + tileWidth - until)) / (memory.growth ?? 0);
  if (full === until || fillsInMs >= worthWaitingMs || waitedEnough(context, full)) return until;
  return Math.max(full, positionOf(progress));
}

/** True when the tile that starts at `full` was left to fill up long enough. */
function waitedEnough({ memory, now }: FollowerContext, full: number): boolean {
  const nowMs = now().getTime();
  if (memory.fillingTile?.at !== full) memory.fillingTile = { at: full, sinceMs: nowMs };
  return nowMs - memory.fillingTile.sinceMs >= worthWaitingMs;
}

function isDue(context: FollowerContext, pending: readonly DecodedPage[], since: number): boolean {
  const end = pending.at(-1)?.end ?? 0;
  if (end >= readLimit(context)) return true;
  if (context.memory.proofless) return false;
  const matches = pending.reduce((sum, page) => sum + page.found.length, 0);
  return (
    end - (pending[0]?.start ?? 0) >= segmentEntries ||
    matches >= segmentMatches ||
    performance.now() - since >= segmentMs
  );
}

/** Proves the segment and hands on what is proved. `waiting`: it can be proved only at the head. */
export async function finishSegment(
  context: FollowerContext,
  pending: readonly DecodedPage[],
  signal: AbortSignal,
): Promise<'moved' | 'mismatch' | 'waiting'> {
  const { progress, reader, memory } = context;
  const { range, target } = progress;
  if (range === null || target === null) throw new Error('a segment before the start');
  const proved = await provePages(range, pending, target, reader, signal);
  if (proved === null) {
    memory.proofless = true;
    return 'waiting';
  }
  if (proved.pages.length > 0) {
    await handOn(context, proved.pages, signal);
    progress.range = proved.range;
    if (proved.range.end === target.treeSize) progress.verified = target;
    await moved(context, proved.pages);
  }
  return proved.pages.length === pending.length ? 'moved' : 'mismatch';
}

/**
 * A log that gives no consistency proofs can be verified only at its head, which may be far away: what was found until there is
 * handed on unverified and the pages become one, so that memory stays bounded. The position stays.
 */
async function shrink(
  context: FollowerContext,
  pages: DecodedPage[],
  signal: AbortSignal,
): Promise<DecodedPage[]> {
  const matches = pages.reduce((sum, page) => sum + page.found.length, 0);
  if (pages.length < 256 && matches < segmentMatches) return pages;
  if (pages.at(-1)?.end === context.progress.target?.treeSize) return pages;
  await handOn(context, pages, signal, false);
  return [joinPages(pages)];
}

/** Hands on what was found in the pages. */
export async function handOn(
  context: FollowerContext,
  pages: readonly DecodedPage[],
  signal: AbortSignal,
  verified = true,
): Promise<void> {
  const found = pages.flatMap((page) => page.found);
  if (found.length === 0) return;
  const seenAt = context.now();
  const { logId } = context.log;
  const complete = await context.withIssuers(found, signal);
  const entries: CtEntry[] = complete.map((entry) => ({ ...entry, logId, verified, seenAt }));
  for (let at = 0; at < entries.length; at += handOnEntries)
    await context.sink.entries(entries.slice(at, at + handOnEntries));
}

async function moved(context: FollowerContext, pages: readonly DecodedPage[]): Promise<void> {
  const { progress, memory } = context;
  const nowMs = context.now().getTime();
  progress.counts = addPages(progress.counts, pages);
  measure(memory, progress.counts.entries, nowMs);
  memory.mismatch = null;
  memory.lastError = null;
  if (positionOf(progress) >= readLimit(context)) progress.caughtUpMs = nowMs;
  await save(context);
}

/** Entries per second since the last measurement, at least a second ago. */
function measure(memory: FollowerMemory, entries: number, nowMs: number): void {
  const { atMs, entries: before } = memory.measured;
  if (nowMs - atMs < 1000) return;
  memory.entriesPerSecond = (1000 * (entries - before)) / (nowMs - atMs);
  memory.measured = { atMs: nowMs, entries };
}

/** Saves the progress as it stands. */
export async function save(context: FollowerContext): Promise<void> {
  const { progress, memory } = context;
  memory.savedMs = context.now().getTime();
  await context.sink.progress(progress, {
    lastError: memory.lastError,
    entriesPerSecond: memory.entriesPerSecond,
  });
}

/** False when a frozen log, read to its end, has another root than the log list says. */
export function endsAsAnnounced({ log, progress }: FollowerContext): boolean {
  const final = log.finalTreeHead;
  if (final === null || progress.range === null || progress.range.end !== final.treeSize) return true;
  return rootOf(progress.range).equals(final.rootHash);
}
