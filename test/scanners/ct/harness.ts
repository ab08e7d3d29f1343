import { pino } from 'pino';
import { parseLogList } from '../../../src/ct/log-list.js';
import type { CtEntry } from '../../../src/model/ct-entry.js';
import { ctConfig, type StartAt } from '../../../scanners/ct/config.js';
import { decodePage } from '../../../scanners/ct/decode/decode.js';
import { createDecodePool, type DecodePool } from '../../../scanners/ct/decode/decode-pool.js';
import { createCtEngine, type CtEngine } from '../../../scanners/ct/follow/engine.js';
import { follow } from '../../../scanners/ct/follow/follower.js';
import type { FollowerContext } from '../../../scanners/ct/follow/follower-context.js';
import type { Misbehaviour, LogProgress } from '../../../scanners/ct/follow/progress.js';
import { parseProgress, serializeProgress } from '../../../scanners/ct/follow/progress.js';
import { createWatch } from '../../../scanners/ct/match/watch.js';
import { watchListOf } from '../../../scanners/ct/match/watch-list.js';
import { logListJson, startCtLog, type CtLog, type CtLogOptions } from '../../support/ct-log.js';

/** Both protocols, for tables of tests. */
export const protocols = ['rfc6962', 'static-ct'] as const;

/** A follower under test and everything it handed on. */
export interface Followed {
  readonly context: FollowerContext;
  /** As a store keeps them: by (log, index), a repeat changes nothing. */
  readonly entries: Map<number, CtEntry>;
  /** How often each index was handed on. */
  readonly repeats: Map<number, number>;
  readonly misbehaviours: (Misbehaviour | null)[];
  /** Verified positions in the order they were saved. */
  readonly positions: number[];
  /** The progress saved last, as JSON brings it back. */
  saved(): LogProgress;
  /** The position saved last; 0 when none was. */
  position(): number;
  run(signal?: AbortSignal): Promise<void>;
}

/** How to follow; everything has a default. */
export interface FollowOptions {
  readonly start?: StartAt;
  readonly once?: boolean;
  readonly giveUpMs?: number;
  readonly progress?: LogProgress | null;
  readonly now?: () => Date;
  /** Default: decoding without threads. */
  readonly decode?: DecodePool['decode'];
  /** Decode in threads, as in production. */
  readonly threads?: boolean;
}

/** Engine and log for one test; `await using` closes them. */
export class Bench implements AsyncDisposable {
  readonly log: CtLog;
  readonly engine: CtEngine;
  /** Decodes here: threads take longer to start than these tests to run. */
  private readonly decode: DecodePool['decode'];
  private readonly pool: DecodePool;
  private now: () => Date = () => new Date();

  private constructor(log: CtLog, config: Record<string, unknown>, domains: readonly string[]) {
    this.log = log;
    const parsed = ctConfig.parse({ pollSeconds: 0.05, minPollSeconds: 0.05, workers: 1, ...config });
    const watchList = watchListOf(parsed.watch, domains, domains.includes('.'));
    const watch = createWatch(watchList);
    this.decode = async (page, start, end, opaque) =>
      decodePage(page, start, end, opaque === true ? null : await watch);
    this.pool = createDecodePool(1, watchList);
    this.engine = createCtEngine({
      config: parsed,
      decode: { ...this.pool, decode: this.decode },
      logger: pino({ level: 'silent' }),
      now: () => this.now(),
      issuerFolder: null,
    });
  }

  /** Starts a log and an engine that watches `domains`; `.` watches everything. */
  static async open(
    log: CtLogOptions,
    domains: readonly string[] = ['.'],
    config: Record<string, unknown> = {},
  ): Promise<Bench> {
    return new Bench(await startCtLog(log), config, domains);
  }

  follower(options: FollowOptions = {}): Followed {
    this.now = options.now ?? this.now;
    const info = parseLogList(Buffer.from(logListJson([this.log]))).logs[0]!;
    const entries = new Map<number, CtEntry>();
    const repeats = new Map<number, number>();
    const misbehaviours: (Misbehaviour | null)[] = [];
    const positions: number[] = [];
    let state = '';
    const built = this.engine.follower(info, {
      priority: 'tail',
      start: options.start ?? 'zero',
      once: options.once ?? true,
      giveUpMs: options.giveUpMs ?? 20_000,
      progress: options.progress ?? null,
      sink: {
        async entries(batch) {
          for (const entry of batch) {
            entries.set(entry.leafIndex, entry);
            repeats.set(entry.leafIndex, (repeats.get(entry.leafIndex) ?? 0) + 1);
          }
        },
        async progress(progress) {
          state = serializeProgress(progress);
          positions.push(progress.range?.end ?? 0);
        },
        async misbehaviour(misbehaviour) {
          misbehaviours.push(misbehaviour);
        },
      },
    });
    const decode = options.threads === true ? this.pool.decode : this.decode;
    const context = { ...built, decode: options.decode ?? decode };
    return {
      context,
      entries,
      repeats,
      misbehaviours,
      positions,
      saved: () => parseProgress(state, Date.now()),
      position: () => positions.at(-1) ?? 0,
      run: (signal = AbortSignal.timeout(60_000)) => follow(context, signal),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.close();
    await this.log.close();
  }
}

/** Runs until `done` or the deadline; aborting is how a follower is stopped. */
export async function runUntil(followed: Followed, done: () => boolean, deadlineMs = 20_000): Promise<void> {
  const abort = new AbortController();
  const end = Date.now() + deadlineMs;
  const running = followed.run(abort.signal).catch((error: unknown) => {
    if (!abort.signal.aborted) throw error;
  });
  const watch = setInterval(() => {
    if (done() || Date.now() > end) abort.abort(new Error('seen enough'));
  }, 5);
  try {
    await running;
  } finally {
    clearInterval(watch);
  }
}
