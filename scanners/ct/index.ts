import { join } from 'node:path';
import type { Logger } from 'pino';
import type { CtPosition } from '../../src/model/ct-entry.js';
import type { LogInfo } from '../../src/ct/log-list.js';
import type { Scanner, Sink } from '../scanner.js';
import type { CtConfig } from './config.js';
import { createCtEngine, type CtEngine } from './engine.js';
import { createFleet, type Fleet } from './fleet.js';
import { endHealth } from './health.js';
import { createIncidentBoard, type IncidentBoard } from './incident-board.js';
import { createLogListSource, type LogListSource } from './log-lists.js';
import { createLogRun, type LogRun } from './log-run.js';
import { pause } from './pause.js';
import { selectLogs } from './select-logs.js';
import { watchesNothing, watchListOf, type WatchList } from './watch-list.js';

/** What a CT scanner is made of. */
export interface CtScannerOptions {
  readonly config: CtConfig;
  /** The policy's owned domains, watched with their sub-domains. */
  readonly ownedDomains: readonly string[];
  /** What was stored by earlier runs. */
  readonly positions: readonly CtPosition[];
  readonly logger: Logger;
  /** Keeps log lists and issuers over restarts; null: nowhere. */
  readonly folder: string | null;
  readonly now?: () => Date;
}

/** Follows Certificate Transparency logs. */
export interface CtScanner extends Scanner {
  /** Looks at the log lists now; it is done every `logListMinutes` anyway. */
  refreshLogList(): Promise<void>;
}

/** Interval between two looks at every log's condition. */
const healthMs = 15_000;

/** A scanner for the logs of the configuration. Nothing is contacted before `run`. */
export function createCtScanner(options: CtScannerOptions): CtScanner {
  const now = options.now ?? ((): Date => new Date());
  let refresh: (() => Promise<void>) | null = null;
  return {
    name: 'ct',
    refreshLogList: async () => refresh?.(),
    async run(sink, signal) {
      const { config, logger } = options;
      const watchList = watchListOf(config.watch, options.ownedDomains, config.keep !== 'matched');
      if (!config.enabled || watchesNothing(watchList)) {
        logger.info({ enabled: config.enabled }, 'no domain to watch in CT logs');
        return;
      }
      const watcher = openWatcher(options, watchList, sink, now, signal);
      refresh = watcher.refresh;
      try {
        await watcher.run();
      } finally {
        refresh = null;
        await watcher.close();
      }
    },
  };
}

interface Watcher {
  refresh(): Promise<void>;
  run(): Promise<void>;
  close(): Promise<void>;
}

function openWatcher(
  options: CtScannerOptions,
  watchList: WatchList,
  sink: Sink,
  now: () => Date,
  signal: AbortSignal,
): Watcher {
  const { config, logger, folder } = options;
  const issuerFolder = folder === null ? null : join(folder, 'issuers');
  const engine: CtEngine = createCtEngine({ config, watchList, logger, now, issuerFolder });
  const board = createIncidentBoard((incident) => sink.incident(incident), now, logger);
  const positions = new Map(
    options.positions.map((position) => [`${position.logId}|${position.cursor}`, position]),
  );
  const runs = new Map<string, LogRun>();
  const firstLook = { pending: true };
  const fleet: Fleet = createFleet(
    async (log, stop) => {
      const start = startOf(config, log, positions.size > 0 && !firstLook.pending);
      const run = createLogRun({ engine, log, start, positions, sink, board, logger, config, now });
      runs.set(log.logId, run);
      await run.run(stop);
    },
    async (logId) => {
      runs.delete(logId);
      await endHealth(logId, board);
    },
  );
  const sources = config.logLists.map((list) => createLogListSource(list, engine.http, folder));
  const refresh = async (): Promise<void> => {
    await fleet.update(await listedLogs(sources, options, board, signal));
    firstLook.pending = false;
  };
  return {
    refresh,
    async run() {
      await Promise.all([refreshForEver(refresh, config, signal, logger), healthForEver(runs, signal)]);
    },
    async close() {
      await fleet.stop();
      await engine.close();
    },
  };
}

/** A log that joins the list later starts where `newLogsFrom` says. */
function startOf(config: CtConfig, log: LogInfo, joinedLater: boolean): CtConfig['start'] {
  const own = config.logs[log.logId] ?? config.logs[log.description];
  return own?.start ?? (joinedLater ? config.newLogsFrom : config.start);
}

async function listedLogs(
  sources: readonly LogListSource[],
  { config, logger }: CtScannerOptions,
  board: IncidentBoard,
  signal: AbortSignal,
): Promise<LogInfo[]> {
  const states = await Promise.all(sources.map((source) => source.refresh(signal)));
  for (const { source, error, list } of states) {
    if (error !== null) logger.warn({ source, error }, 'log list not refreshed');
    for (const problem of list?.problems ?? []) logger.warn({ source, problem }, 'log left out of the list');
    const details =
      error === null ? null : { problem: error, source, lastGood: list?.timestamp?.toISOString() ?? null };
    await board.set('ct-log-list-unavailable', { kind: 'self', key: source }, details);
  }
  return selectLogs(
    states.map((state) => state.list).filter((list) => list !== null),
    config,
  );
}

async function refreshForEver(
  refresh: () => Promise<void>,
  config: CtConfig,
  signal: AbortSignal,
  logger: Logger,
): Promise<void> {
  while (!signal.aborted)
    try {
      await refresh();
      await pause(config.logListMinutes * 60_000, signal);
    } catch (error) {
      if (signal.aborted) return;
      logger.error({ error: String(error) }, 'log list refresh failed');
      await pause(60_000, signal).catch(() => undefined);
    }
}

async function healthForEver(runs: ReadonlyMap<string, LogRun>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const run of runs.values()) await run.tellHealth();
    await pause(healthMs, signal).catch(() => undefined);
  }
}
