import type { Logger } from 'pino';
import { MalformedError } from '../../../src/ct/bytes.js';
import type { LogInfo } from '../../../src/ct/log-list.js';
import { isWatched, type CtEntry, type CtPosition } from '../../../src/model/ct-entry.js';
import type { Sink } from '../../scanner.js';
import type { CtConfig, StartAt } from '../config.js';
import type { CtEngine } from './engine.js';
import { save } from './catch-up.js';
import { follow, heartbeatMs } from './follower.js';
import type { FollowerContext, FollowerSink } from './follower-context.js';
import { tellHealth } from './health.js';
import type { IncidentBoard } from '../../incident-board.js';
import { toPosition, type Cursor } from './position.js';
import { newProgress, parseProgress, positionOf, type LogProgress } from './progress.js';

/** An entry this far ahead of the tail is fetched for itself when a feed names it; nearer ones come verified in a moment. */
const farAhead = 10_000;

/** One log being followed: its tail, and behind it the backfill of what was there before. */
export interface LogRun {
  /** Ends with the log, or when `signal` is aborted; never rejects. */
  run(signal: AbortSignal): Promise<void>;
  tellHealth(): Promise<void>;
  /** A feed says that the entry at `leafIndex` matters: looks sooner, or fetches it ahead where the tail lags. */
  hint(leafIndex: number, signal: AbortSignal): Promise<void>;
}

/** What it takes. */
export interface LogRunOptions {
  readonly engine: CtEngine;
  readonly log: LogInfo;
  /** Where history begins; the tail begins at the head. */
  readonly start: StartAt;
  /** Latest positions by `logId|cursor`; kept up to date. */
  readonly positions: Map<string, CtPosition>;
  readonly sink: Sink;
  readonly board: IncidentBoard;
  readonly logger: Logger;
  readonly config: CtConfig;
  readonly now: () => Date;
}

/** Prepares a run from the stored positions. */
export function createLogRun(options: LogRunOptions): LogRun {
  const { log, board, config, logger, now } = options;
  const cursors: Partial<Record<Cursor, FollowerContext>> = {};

  /** Also saves positions that were not saved lately: a log that makes us wait for an hour shows that it does. */
  async function tellNow(): Promise<void> {
    for (const cursor of Object.values(cursors))
      if (cursor.progress.range !== null && now().getTime() - cursor.memory.savedMs >= heartbeatMs)
        await save(cursor);
    await tell();
  }

  async function tell(): Promise<void> {
    const { tail, backfill } = cursors;
    if (tail === undefined) return;
    await tellHealth(
      tail,
      tail.progress.misbehaviour ?? backfill?.progress.misbehaviour ?? null,
      config.health,
      board,
    );
  }

  /** Follows the tail from the head on; `started` hears when it has its place. */
  async function runTail(started: () => void, signal: AbortSignal): Promise<void> {
    const tail = openCursor(options, 'tail', 'head', null, tell, started);
    cursors.tail = tail;
    if (tail.progress.range !== null) started();
    if (!tail.progress.complete || log.state !== 'readonly') await follow(tail, signal);
    started();
  }

  /** Reads what the log held before its tail began, from the configured start, at low priority. */
  async function runBackfill(signal: AbortSignal): Promise<void> {
    const { startedAt = 0, range = null } = cursors.tail?.progress ?? {};
    if (options.start === 'head' || range === null || startedAt === 0) return;
    const backfill = openCursor(options, 'backfill', options.start, startedAt, tell, () => undefined);
    cursors.backfill = backfill;
    if (!backfill.progress.complete) await follow(backfill, signal);
  }

  async function hint(leafIndex: number, signal: AbortSignal): Promise<void> {
    const { tail } = cursors;
    if (tail === undefined || tail.progress.range === null || leafIndex < positionOf(tail.progress)) return;
    if (leafIndex < positionOf(tail.progress) + farAhead) return tail.memory.woken.abort();
    const body = await tail.reader.page(leafIndex, leafIndex + 1, signal);
    const { found } = await tail.decode(body, leafIndex, leafIndex + 1);
    const seenAt = options.now();
    await options.sink.take({
      kind: 'ct-entries',
      entries: found.map((entry) => ({ ...entry, logId: log.logId, verified: false, seenAt })),
    });
  }

  return {
    hint,
    tellHealth: tellNow,
    async run(signal) {
      let started = (): void => undefined;
      const start = new Promise<void>((resolve) => (started = resolve));
      try {
        await Promise.all([runTail(started, signal), start.then(() => runBackfill(signal))]);
      } catch (error) {
        if (!signal.aborted)
          logger.error({ log: log.description, error: String(error) }, 'log no longer followed');
      }
    },
  };
}

function openCursor(
  options: LogRunOptions,
  cursor: Cursor,
  start: StartAt,
  until: number | null,
  tell: () => Promise<void>,
  started: () => void,
): FollowerContext {
  const { engine, log, positions, now } = options;
  const stored = positions.get(`${log.logId}|${cursor}`);
  const known = stored === undefined ? null : progressOf(stored, now(), options.logger);
  const context: FollowerContext = engine.follower(log, {
    priority: cursor,
    // A state that cannot be read costs nothing but the check of what was read before.
    start: known === null && stored !== undefined ? stored.verifiedIndex : start,
    progress: known ?? newProgress(now().getTime(), until),
    sink: sinkOf(options, cursor, () => context, tell, started),
    once: false,
    giveUpMs: Number.POSITIVE_INFINITY,
  });
  return context;
}

function progressOf(position: CtPosition, now: Date, logger: Logger): LogProgress | null {
  try {
    return parseProgress(position.followerState, now.getTime());
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    logger.error({ log: position.description, error: error.message }, 'stored state of a log is unreadable');
    return null;
  }
}

function sinkOf(
  { sink, positions, log, config }: LogRunOptions,
  cursor: Cursor,
  context: () => FollowerContext,
  tell: () => Promise<void>,
  started: () => void,
): FollowerSink {
  return {
    entries: (batch) =>
      sink.take({ kind: 'ct-entries', entries: config.keep === 'names' ? batch.map(withoutBytes) : batch }),
    async progress(progress) {
      const position = toPosition(context(), cursor);
      await sink.take({ kind: 'ct-position', position });
      positions.set(`${log.logId}|${cursor}`, position);
      if (progress.range !== null) started();
    },
    misbehaviour: tell,
  };
}

/** An entry kept only because all are kept: its names and identities, without the certificates themselves. */
function withoutBytes(entry: CtEntry): CtEntry {
  if (isWatched(entry)) return entry;
  return { ...entry, certificate: { ...entry.certificate, der: new Uint8Array() }, chainCertificates: [] };
}
