import { join } from 'node:path';
import type { Logger } from 'pino';
import type { CtPosition } from '../../src/model/ct-entry.js';
import type { Scanner, Sink } from '../scanner.js';
import type { CtConfig } from './config.js';
import { openCtWatcher } from './ct-watcher.js';
import { watchesNothing, watchListOf } from './match/watch-list.js';

/** What a CT scanner is made of. */
export interface CtScannerOptions {
  readonly config: CtConfig;
  /** The policy's owned domains, watched with their sub-domains. */
  readonly ownedDomains: readonly string[];
  /** What earlier runs stored, asked for at the start of each run. */
  positions(): Promise<readonly CtPosition[]>;
  readonly logger: Logger;
  /** Keeps log lists and issuers over restarts; null: nowhere. */
  readonly folder: string | null;
  readonly now?: () => Date;
}

/** Follows Certificate Transparency logs. */
export interface CtScanner extends Scanner {
  /** Refreshes the log lists now; this happens every `logListMinutes` anyway. */
  refreshLogList(): Promise<void>;
}

/** A scanner for the logs of the configuration. Nothing is contacted before `run`. */
export function createCtScanner(options: CtScannerOptions): CtScanner {
  let refresh: (() => Promise<void>) | null = null;

  async function run(sink: Sink, signal: AbortSignal): Promise<void> {
    const { config, logger, now = (): Date => new Date() } = options;
    const canaries = config.canary.domain === null ? [] : [config.canary.domain];
    const domains = [...options.ownedDomains, ...canaries];
    const watchList = watchListOf(config.watch, domains, config.keep !== 'matched');
    if (!config.enabled || watchesNothing(watchList)) {
      logger.info({ enabled: config.enabled }, 'nothing to watch for in CT logs');
      return;
    }
    const issuerFolder = options.folder === null ? null : join(options.folder, 'issuers');
    const watcher = await openCtWatcher({
      ...options,
      positions: await options.positions(),
      now,
      watchList,
      issuerFolder,
      sink,
      signal,
    });
    refresh = watcher.refresh;
    try {
      await watcher.run();
    } finally {
      refresh = null;
      await watcher.close();
    }
  }

  return {
    name: 'ct',
    title: 'follow CT logs',
    when: 'always',
    run,
    refreshLogList: async () => refresh?.(),
  };
}
