import { setMaxListeners } from 'node:events';
import { MalformedError } from '../../../src/ct/bytes.js';
import { catchUp, endsAsAnnounced, readLimit, save, type CatchUpEnd } from './catch-up.js';
import type { FollowerContext } from './follower-context.js';
import { LogMisbehaviour, type SignedHead } from '../read/log-reader.js';
import { backoffMs } from '../read/pace.js';
import { pause, pauseUntilWoken } from '../read/pause.js';
import { passOver, retryGaps } from './pass-over.js';
import { accuse, forgive, pollHead, suspect } from './poll-head.js';
import { endOf } from './position.js';
import { positionOf } from './progress.js';
import { rangeProves } from '../read/range-proof.js';
import { startRange } from './start-range.js';

/** Times the same entries must fail to hash to the signed root before the log is blamed. */
const mismatches = 3;
/** A position is saved so often although nothing moved, to show that the log is looked at. */
export const heartbeatMs = 60_000;
/** With `once`, answers in place of a signed head after which the log is given up. */
const mostUnsigned = 2;
/** Entries worth one look at a log. */
const worthwhileEntries = 256;

/**
 * Follows one cursor of one log until the signal is aborted, or, for a backfill, a frozen log or `once`, until its end:
 *
 *   tree head (signature, freshness, consistency) -> pages in parallel -> decode in threads -> segment in order
 *     -> hashed to the signed root -> entries handed on -> position saved -> wait
 *
 * Whatever goes wrong with the log is remembered, told and tried again; only aborting ends in an exception.
 */
export async function follow(context: FollowerContext, signal: AbortSignal): Promise<void> {
  if (context.settings.once) return followOnce(context, signal);
  for (;;) {
    signal.throwIfAborted();
    await look(context, signal);
    if (isDone(context) && (await isSaved(context))) return;
    await rest(context, signal);
  }
}

/** As {@link follow}, but gives up a log that misbehaves, signs nothing, or gives nothing for `giveUpMs`. */
async function followOnce(context: FollowerContext, signal: AbortSignal): Promise<void> {
  const { memory, settings, progress } = context;
  const patience = new AbortController();
  // Every request under way listens, a log's hundreds of issuers among them.
  setMaxListeners(0, patience.signal);
  const abort = (): void => patience.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  memory.activeMs = performance.now();
  const watch = setInterval(() => {
    if (performance.now() - memory.activeMs >= settings.giveUpMs)
      patience.abort(new Error('timed out without data'));
  }, 100);
  try {
    do await look(context, patience.signal);
    while (
      !isDone(context) &&
      progress.misbehaviour === null &&
      memory.unsignedHeads < mostUnsigned &&
      (await pause(waitMs(context), patience.signal), true)
    );
  } catch (error) {
    if (signal.aborted || !patience.signal.aborted) throw error;
    memory.lastError ??= `timed out without data for ${settings.giveUpMs / 1000} s`;
  } finally {
    clearInterval(watch);
    signal.removeEventListener('abort', abort);
  }
  await isSaved(context);
}

/** One look at the log: its head, and everything up to it. */
async function look(context: FollowerContext, signal: AbortSignal): Promise<void> {
  const { progress, memory } = context;
  try {
    if (!(context.settings.once && memory.acceptedHead)) await pollHead(context, signal);
    const head = progress.target;
    if (head === null || !memory.acceptedHead) return await save(context);
    if (progress.range === null) {
      progress.range = await startRange(context, head, signal);
      progress.startedAt = progress.range.end;
      await save(context);
    }
    await readOn(context, signal);
    if (context.now().getTime() - memory.savedMs >= heartbeatMs) await save(context);
  } catch (error) {
    signal.throwIfAborted();
    await failed(context, error);
  }
}

async function readOn(context: FollowerContext, signal: AbortSignal): Promise<void> {
  const { progress, memory } = context;
  if (positionOf(progress) < readLimit(context)) {
    while ((await readAhead(context, signal)) === 'mismatch')
      if (!(await mismatched(context, signal))) return;
  } else {
    progress.caughtUpMs = context.now().getTime();
    // What refused a proof once may have been one front end.
    memory.proofless = false;
    if (memory.suspicion === null) memory.lastError = null;
    if (progress.target !== null) await retryGaps(context, progress.target, signal);
  }
  if (!endsAsAnnounced(context))
    await accuse(
      context,
      'wrong-final-root',
      'the frozen log ends with another root than its list says',
      null,
      false,
    );
  else if (memory.suspicion === null && memory.mismatch === null && progress.gaps.length === 0)
    await forgive(context);
}

/** As {@link catchUp}; entries that cannot be read are as good as wrong ones. */
async function readAhead(context: FollowerContext, signal: AbortSignal): Promise<CatchUpEnd> {
  const { memory, progress } = context;
  try {
    const end = await catchUp(context, () => refresh(context, signal), signal);
    if (end === 'mismatch')
      memory.lastError = `entries from ${positionOf(progress)} on do not hash to the signed root`;
    return end;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof MalformedError)) throw error;
    memory.lastError = `entries from ${positionOf(progress)} on cannot be read: ${error.message}`;
    return 'mismatch';
  }
}

/** A long catch-up looks at the head now and then, so that the backlog shown is the real one. */
async function refresh(context: FollowerContext, signal: AbortSignal): Promise<void> {
  const { memory, settings } = context;
  if (settings.once || context.now().getTime() - memory.polledMs < settings.pollMs) return;
  try {
    await pollHead(context, signal);
  } catch (error) {
    signal.throwIfAborted();
    memory.lastError = messageOf(error);
  }
}

/**
 * Entries did not hash to the signed root, or could not be read. A cache may have served something old: only what stays wrong is
 * the log's fault; then the entry that is wrong is passed over. True when there is more to read at once.
 */
async function mismatched(context: FollowerContext, signal: AbortSignal): Promise<boolean> {
  const { progress, memory, reader } = context;
  const { range, target } = progress;
  const at = positionOf(progress);
  const isKnown = progress.misbehaviour?.problem === 'wrong-entries';
  const before = memory.mismatch?.at === at ? memory.mismatch.times : 0;
  const times = isKnown ? mismatches : before + 1;
  memory.mismatch = { at, times };
  reader.forget();
  if (times < mismatches || range === null || target === null) {
    await pause(backoffMs(times), signal);
    return false;
  }
  const extended = await rangeProves(range, target, reader.consistency, signal);
  await (extended ? accuseOfEntries(context, target) : accuseOfFork(context, target));
  const passed = extended && (await passOver(context, target, signal));
  if (passed) memory.mismatch = null;
  await save(context);
  return passed;
}

function accuseOfEntries(context: FollowerContext, { treeSize, served }: SignedHead): Promise<void> {
  const message = `${context.memory.lastError ?? 'entries are wrong'} (tree size ${treeSize})`;
  return accuse(context, 'wrong-entries', message, { served }, false);
}

function accuseOfFork(context: FollowerContext, { treeSize, served }: SignedHead): Promise<void> {
  const { verified } = context.progress;
  const at = positionOf(context.progress);
  const message = `the tree of size ${treeSize} does not extend the ${at} entries verified before`;
  return accuse(
    context,
    'inconsistent-heads',
    message,
    { served: `${verified?.served ?? ''}\n${served}` },
    false,
  );
}

async function failed(context: FollowerContext, error: unknown): Promise<void> {
  const { memory, log, logger } = context;
  const message = messageOf(error);
  if (memory.lastError !== message)
    logger.warn({ logId: log.logId, log: log.description, error: message }, 'log not read');
  if (error instanceof LogMisbehaviour)
    await suspect(context, error.problem, message, { served: error.served });
  memory.lastError = message;
  await isSaved(context);
}

/** Saves the progress; where that fails (full disk, store away) it is said and tried again after the next look. */
async function isSaved(context: FollowerContext): Promise<boolean> {
  const { memory, log, logger } = context;
  try {
    await save(context);
    return true;
  } catch (error) {
    memory.lastError = messageOf(error);
    logger.error({ logId: log.logId, log: log.description, error: memory.lastError }, 'position not saved');
    return false;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** True when there is nothing left to follow. */
function isDone(context: FollowerContext): boolean {
  const { progress, settings, log, memory } = context;
  if (progress.range === null || progress.target === null || !memory.acceptedHead) return false;
  const end =
    progress.until ?? log.finalTreeHead?.treeSize ?? (settings.once ? progress.target.treeSize : Infinity);
  if (progress.range.end < end && !(settings.once && progress.range.end >= progress.target.treeSize))
    return false;
  progress.complete = progress.until !== null || log.finalTreeHead !== null;
  return true;
}

/** Waits for the next look; a hint may cut it short, but not below the shortest interval. */
async function rest(context: FollowerContext, signal: AbortSignal): Promise<void> {
  const { memory, settings } = context;
  const wait = waitMs(context);
  const least = Math.min(settings.minPollMs, wait);
  await pause(least, signal);
  await pauseUntilWoken(wait - least, memory.woken.signal, signal);
  memory.woken = new AbortController();
}

/**
 * Busy logs are looked at as soon as there is something worth it, quiet ones at the longest interval, one that nobody knows yet
 * soon; up to a fifth sooner by jitter.
 */
function waitMs({ settings, memory, progress }: FollowerContext): number {
  if (memory.mismatch !== null && memory.mismatch.times < mismatches) return 0;
  if (settings.once) return Math.min(settings.minPollMs, 1000);
  const worthwhileMs = memory.growth === null ? 0 : (1000 * worthwhileEntries) / memory.growth;
  // Entries left in a tile that fills up are not left there for long.
  const isLeft = memory.lastError === null && positionOf(progress) < endOf(progress);
  const wait = isLeft
    ? settings.minPollMs
    : Math.min(settings.pollMs, Math.max(settings.minPollMs, worthwhileMs));
  return Math.max(Math.min(settings.minPollMs, settings.pollMs), wait * (0.8 + Math.random() / 5));
}
