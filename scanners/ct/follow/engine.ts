import pLimit from 'p-limit';
import type { LogInfo } from '../../../src/ct/log-list.js';
import type { CtConfig, StartAt } from '../config.js';
import type { DecodePool } from '../decode/decode-pool.js';
import { newMemory, type CtLogger, type FollowerContext, type FollowerSink } from './follower-context.js';
import { HostBudget } from '../read/host-budget.js';
import type { HttpClient } from '../read/http.js';
import { createHttpClient } from '../read/http-client.js';
import { createIssuerCache } from '../read/issuers.js';
import { createLogTransport, type Gate } from '../read/log-transport.js';
import type { PaceLimits, Priority } from '../read/pace.js';
import { newProgress, type LogProgress } from './progress.js';
import { createRfc6962Reader } from '../read/rfc6962-reader.js';
import { createStaticReader } from '../read/static-reader.js';

/** What all followers share: connections, budgets per host, decoder threads, issuers. */
export interface CtEngine {
  readonly http: HttpClient;
  /** Everything a follower of one cursor needs. */
  follower(log: LogInfo, options: FollowerOptions): FollowerContext;
  close(): Promise<void>;
}

/** One cursor to be followed. */
export interface FollowerOptions {
  readonly priority: Priority;
  readonly start: StartAt;
  /** null: nothing was read yet. */
  readonly progress: LogProgress | null;
  readonly sink: FollowerSink;
  readonly once: boolean;
  readonly giveUpMs: number;
}

/** What an engine is made of. */
export interface EngineOptions {
  readonly config: CtConfig;
  /** Closed with the engine. */
  readonly decode: DecodePool;
  readonly logger: CtLogger;
  readonly now: () => Date;
  /** Where issuers are kept; null: in memory only. */
  readonly issuerFolder: string | null;
}

/** Pages fetched beyond those that are downloading, so that decoding never waits, not for the proof of a segment either. */
const ahead = 6;

/** Opens connections pools and threads; close it. */
export function createCtEngine(options: EngineOptions): CtEngine {
  const { config, decode, now, logger } = options;
  const { limits } = config;
  const http = createHttpClient({
    userAgent: userAgent(config.contact),
    connectMs: limits.connectSeconds * 1000,
    requestMs: limits.requestSeconds * 1000,
  });
  const issuers = createIssuerCache(options.issuerFolder);
  const gate = gateBefore(decode, limits.connections);
  const largeGate = pLimit(1);
  const budgets = new Map<string, HostBudget>();

  function budgetFor(log: LogInfo): HostBudget {
    const host = new URL(log.url).host;
    const known = budgets.get(host);
    if (known !== undefined) return known;
    const budget = new HostBudget(paceLimits(config, log));
    budgets.set(host, budget);
    return budget;
  }

  return {
    http,
    follower(log, { priority, start, progress, sink, once, giveUpMs }) {
      const budget = budgetFor(log);
      const transport = createLogTransport(log.url, http, budget, gate, largeGate, priority);
      const readerOptions = {
        pageSize: settingsOf(config, log)?.pageSize ?? log.hints.pageSize ?? limits.pageSize,
        maxBodyBytes: limits.maxBodyMegabytes * 1024 * 1024,
        decode: decode.decode,
      };
      const create = log.protocol === 'static-ct' ? createStaticReader : createRfc6962Reader;
      const reader = create(log, transport, readerOptions);
      const state = progress ?? newProgress(now().getTime());
      return {
        log,
        reader,
        decode: decode.decode,
        sink,
        logger,
        now,
        withIssuers: (entries, signal) => issuers.complete(entries, reader, signal),
        settings: {
          ...{ start, once, giveUpMs },
          width: paceLimits(config, log).concurrency + ahead,
          pollMs: config.pollSeconds * 1000,
          minPollMs: config.minPollSeconds * 1000,
        },
        budget: () => budget.state(),
        progress: state,
        memory: newMemory(now().getTime(), state.counts.entries),
      };
    },
    async close() {
      await decode.close();
      await http.close();
    },
  };
}

/** Lets so many requests run, while the decoder keeps up with what they bring. */
function gateBefore(decode: DecodePool, connections: number): Gate {
  const limit = pLimit(connections);
  return (task) =>
    limit(async () => {
      await decode.ready();
      return task();
    });
}

/** Settings for this log, by id or description. */
export function settingsOf(config: CtConfig, log: LogInfo): CtConfig['logs'][string] | undefined {
  return config.logs[log.logId] ?? config.logs[log.description];
}

function paceLimits(config: CtConfig, log: LogInfo): PaceLimits {
  const own = settingsOf(config, log);
  const { limits } = config;
  return {
    concurrency: own?.concurrency ?? log.hints.jobs ?? limits.concurrency,
    requestsPerSecond:
      own?.requestsPerSecond ?? log.hints.qps ?? limits.requestsPerSecond ?? Number.POSITIVE_INFINITY,
    backfillRequestsPerSecond: limits.backfillRequestsPerSecond,
  };
}

/** Log operators ask for a way to reach whoever reads their logs. */
export function userAgent(contact: string | null): string {
  const about = 'certglass (Certificate Transparency monitor';
  return contact === null ? `${about})` : `${about}; +${contact})`;
}
