import type { Logger } from 'pino';
import type { LogInfo } from '../../src/ct/log-list.js';
import type { CtEntry, CtPosition } from '../../src/model/ct-entry.js';
import type { Sink } from '../scanner.js';
import { openCanary } from './follow/canary.js';
import type { CtConfig } from './config.js';
import { createDecodePool } from './decode/decode-pool.js';
import { createCtEngine, settingsOf, userAgent, type CtEngine } from './follow/engine.js';
import { listenToFeed } from './feed/feed.js';
import { logAddress } from './feed/feed-message.js';
import { createFleet } from './follow/fleet.js';
import { endHealth } from './follow/health.js';
import { createHintDesk } from './feed/hints.js';
import { createIncidentBoard, type IncidentBoard } from '../incident-board.js';
import { createLogListSource, type LogListSource } from './lists/log-lists.js';
import { createLogRun, type LogRun } from './follow/log-run.js';
import { pause } from './read/pause.js';
import { selectLogs } from './lists/select-logs.js';
import { loadLookAlikes } from './match/watch.js';
import type { WatchList } from './match/watch-list.js';

/** What a watcher is made of. */
export interface CtWatcherOptions {
  readonly config: CtConfig;
  readonly watchList: WatchList;
  readonly positions: readonly CtPosition[];
  readonly sink: Sink;
  readonly logger: Logger;
  readonly folder: string | null;
  readonly issuerFolder: string | null;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** Everything that goes on while logs are watched: followers, lists, feeds, health. */
export interface CtWatcher {
  /** Looks at the log lists and starts and stops followers accordingly. */
  refresh(): Promise<void>;
  /** Until the signal is aborted. */
  run(): Promise<void>;
  close(): Promise<void>;
}

/** Interval between two looks at every log's condition. */
const healthMs = 15_000;

/** Opens connections, threads and feeds; close it. */
export async function openCtWatcher(options: CtWatcherOptions): Promise<CtWatcher> {
  const { config, logger, folder, now, signal, watchList } = options;
  const decode = createDecodePool(config.workers, watchList);
  decode.warm();
  const engine = createCtEngine({ ...options, decode });
  const board = createIncidentBoard(
    (incident) => options.sink.take({ kind: 'incident', incident }),
    now,
    logger,
  );
  const canary = await openCanary(config.canary, folder, now, logger);
  const sink = noting(options.sink, (batch) => canary.saw(batch));
  const runs = createRuns(options, engine, sink, board);
  const desk = createHintDesk({
    watchList,
    lookAlikes: await loadLookAlikes(watchList),
    runAt: runs.at,
    entries: (batch) => sink.take({ kind: 'ct-entries', entries: batch }),
    unfollowed: (address, hint) =>
      board.set(
        'ct-log-not-followed',
        { kind: 'ct-log', key: `feed:${address}` },
        hint && { url: address, names: hint.names.slice(0, 20), leafIndex: hint.place?.leafIndex ?? null },
      ),
    now,
    logger,
    signal,
  });
  const sources = config.logLists.map((list) => createLogListSource(list, engine.http, folder));

  async function refresh(): Promise<void> {
    await runs.update(await listedLogs(sources, options, board));
    await tellHealth();
  }

  async function tellHealth(): Promise<void> {
    await runs.tellHealth();
    await canary.tell(board);
  }

  return {
    refresh,
    async run() {
      const agent = userAgent(config.contact);
      const feeds = config.feeds.map((url) =>
        listenToFeed({ url, userAgent: agent, logger }, desk.take, signal),
      );
      await Promise.all([
        forEver(refresh, config.logListMinutes * 60_000, options),
        forEver(tellHealth, healthMs, options),
        ...feeds,
      ]);
    },
    async close() {
      await runs.stop();
      await desk.idle();
      await engine.close();
    },
  };
}

/** The sink, with `saw` called for every batch of entries that was taken. */
function noting(sink: Sink, saw: (batch: readonly CtEntry[]) => Promise<void>): Sink {
  return {
    async take(fact) {
      await sink.take(fact);
      if (fact.kind === 'ct-entries') await saw(fact.entries);
    },
  };
}

/** The runs of all logs followed. */
interface Runs {
  update(logs: readonly LogInfo[]): Promise<void>;
  stop(): Promise<void>;
  tellHealth(): Promise<void>;
  /** Feeds name logs by their monitoring or submission address. */
  at(address: string): LogRun | null;
}

function createRuns(options: CtWatcherOptions, engine: CtEngine, sink: Sink, board: IncidentBoard): Runs {
  const { config, logger, now } = options;
  const positions = new Map(
    options.positions.map((position) => [`${position.logId}|${position.cursor}`, position]),
  );
  const runs = new Map<string, { readonly log: LogInfo; readonly run: LogRun }>();
  let joinedLater = positions.size > 0;
  const fleet = createFleet(
    async (log, stop) => {
      const start = startOf(config, log, joinedLater && !positions.has(`${log.logId}|tail`));
      const run = createLogRun({ engine, log, start, positions, sink, board, logger, config, now });
      runs.set(log.logId, { log, run });
      await run.run(stop);
    },
    async (logId) => {
      runs.delete(logId);
      await endHealth(logId, board);
    },
  );
  return {
    stop: fleet.stop,
    async update(logs) {
      await fleet.update(logs);
      // Without a list nobody has joined yet.
      joinedLater ||= logs.length > 0;
    },
    async tellHealth() {
      for (const { run } of runs.values()) await run.tellHealth();
    },
    at(address) {
      for (const { log, run } of runs.values())
        if (address !== '' && (logAddress(log.url) === address || logAddress(log.origin) === address))
          return run;
      return null;
    },
  };
}

/** A log that joins the list later starts where `newLogsFrom` says. */
function startOf(config: CtConfig, log: LogInfo, joinedLater: boolean): CtConfig['start'] {
  return settingsOf(config, log)?.start ?? (joinedLater ? config.newLogsFrom : config.start);
}

async function listedLogs(
  sources: readonly LogListSource[],
  { config, logger, signal }: CtWatcherOptions,
  board: IncidentBoard,
): Promise<LogInfo[]> {
  const states = await Promise.all(sources.map((source) => source.refresh(signal)));
  for (const { source, error, list } of states) {
    if (error !== null) logger.warn({ source, error }, 'log list not refreshed');
    for (const problem of list?.problems ?? []) logger.warn({ source, problem }, 'log left out of the list');
    const lastGoodAt = list?.timestamp?.toISOString() ?? null;
    const details = error === null ? null : { problem: error, source, lastGoodAt };
    await board.set('ct-log-list-unavailable', { kind: 'self', key: source }, details);
  }
  return selectLogs(
    states.map((state) => state.list).filter((list) => list !== null),
    config,
  );
}

/** Does `work` again and again; a failure is logged and the next time comes all the same. */
async function forEver(
  work: () => Promise<void>,
  everyMs: number,
  { signal, logger }: CtWatcherOptions,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      if (!signal.aborted) logger.error({ error: String(error) }, 'CT housekeeping failed');
    }
    await pause(everyMs, signal).catch(() => undefined);
  }
}
