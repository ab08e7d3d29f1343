import type { CtPosition } from '../../../src/model/ct-entry.js';
import type { FollowerContext } from './follower-context.js';
import { positionOf, serializeProgress, type LogProgress } from './progress.js';

/** The cursors of a log: what is new, and what was there before. */
export type Cursor = 'tail' | 'backfill';

/** What is stored of a follower. */
export function toPosition(context: FollowerContext, cursor: Cursor): CtPosition {
  const { log, progress, memory, now } = context;
  const lag = lagOf(context);
  return {
    logId: log.logId,
    cursor,
    description: log.description,
    operator: log.operator,
    url: log.url,
    protocol: log.protocol,
    state: log.state,
    treeSize: endOf(progress),
    verifiedIndex: positionOf(progress),
    followerState: serializeProgress(progress),
    lastError: memory.lastError,
    entriesPerSecond: memory.entriesPerSecond,
    lagSeconds: lag.seconds,
    etaSeconds: lag.etaSeconds,
    budget: context.budget(),
    updatedAt: now(),
  };
}

/** Index the cursor reads up to. */
export function endOf(progress: LogProgress): number {
  return progress.until ?? progress.target?.treeSize ?? 0;
}

/** How far a cursor is behind. */
export interface Lag {
  readonly entries: number;
  /** Since everything was read for the last time; 0 when nothing is left. */
  readonly seconds: number;
  /** Until everything is read, at the present rate; null when that cannot be said. */
  readonly etaSeconds: number | null;
}

/** The lag of a follower at its clock's time. */
export function lagOf({ progress, memory, now }: FollowerContext): Lag {
  const entries = Math.max(0, endOf(progress) - positionOf(progress));
  const rate = memory.entriesPerSecond;
  return {
    entries,
    seconds: entries === 0 ? 0 : Math.max(0, (now().getTime() - progress.caughtUpMs) / 1000),
    etaSeconds: entries === 0 ? 0 : rate > 0 ? entries / rate : null,
  };
}
