import { HttpError } from './http.js';

/** Who asks first when a host's budget is short. */
export type Priority = 'tail' | 'backfill';

/** How hard one host may be asked. */
export interface PaceLimits {
  readonly concurrency: number;
  /** Infinity: only concurrency and the host's own answers limit the rate. */
  readonly requestsPerSecond: number;
  /** Of these, for backfill. */
  readonly backfillRequestsPerSecond: number;
}

/**
 * When the next request to a host may be sent, learned from its answers: none while it asked to be left alone (429,
 * Retry-After) or keeps failing; after a 429 at half the rate it was asked at, slowly faster again with every success, twice as
 * fast after a minute at the latest.
 * Times are monotonic milliseconds.
 */
export interface Pace {
  dueAt(priority: Priority): number;
  /** Requests allowed at the same time: one while the host counts as down. */
  maxActive(): number;
  started(priority: Priority, nowMs: number): void;
  succeeded(nowMs: number): void;
  failed(error: unknown, startedAtMs: number, nowMs: number): void;
  state(): {
    readonly requestsPerSecond: number;
    readonly failuresInARow: number;
    readonly blockedUntilMs: number;
  };
}

/** Failures in a row after which a host counts as down. */
export const breakerFailures = 8;

const firstPauseMs = 100;
const longestPauseMs = 30_000;
const longestDownPauseMs = 300_000;
const slowestPerSecond = 1 / 60;
/** Above this the learned rate no longer matters and is forgotten. */
const forgetPerSecond = 200;
/** Nobody means us by a 429 who was asked less often than once a second: the first guess is not below half of that. */
const leastObserved = 1;
const doublingMs = 60_000;
/** Idle time that may be made up for at once, so that the first requests after a pause are not spread out. */
const burstMs = 500;
const remembered = 32;

/** A pace that starts at full speed; `random` is the source of jitter. */
export function createPace(limits: PaceLimits, random: () => number = Math.random): Pace {
  const nextAt = { tail: 0, backfill: 0 };
  const starts: number[] = [];
  let learned = Number.POSITIVE_INFINITY;
  let learnedAt = 0;
  let failures = 0;
  let blockedUntil = 0;
  let pausedAt = Number.NEGATIVE_INFINITY;
  const rate = (): number => Math.min(limits.requestsPerSecond, learned);

  /** Rate over the last starts, for a first guess at what was too much. */
  function observedRate(nowMs: number): number {
    const first = starts[0];
    const observed = first === undefined ? 1 : (1000 * starts.length) / Math.max(1000, nowMs - first);
    return Math.max(leastObserved, observed);
  }

  return {
    dueAt: (priority) =>
      Math.max(
        blockedUntil,
        nextAt.tail,
        priority === 'backfill' ? nextAt.backfill : Number.NEGATIVE_INFINITY,
      ),
    maxActive: () => (failures >= breakerFailures ? 1 : limits.concurrency),
    started(priority, nowMs) {
      starts.push(nowMs);
      if (starts.length > remembered) starts.shift();
      nextAt.tail = Math.max(nowMs - burstMs, nextAt.tail) + 1000 / rate();
      if (priority === 'backfill')
        nextAt.backfill =
          Math.max(nowMs, nextAt.backfill) + 1000 / Math.min(rate(), limits.backfillRequestsPerSecond);
    },
    succeeded(nowMs) {
      failures = 0;
      learned *= Math.max(1.02, 2 ** ((nowMs - learnedAt) / doublingMs));
      learnedAt = nowMs;
      if (learned > forgetPerSecond) learned = Number.POSITIVE_INFINITY;
    },
    failed(error, startedAtMs, nowMs) {
      if (!(error instanceof HttpError)) return;
      const asked = error.status === 429 || error.retryAfterMs !== null;
      if (!asked && error.kind !== 'network' && error.kind !== 'timeout' && error.status < 500) {
        failures = 0;
        return;
      }
      // A failure of a request sent before the current pause began says nothing new.
      if (startedAtMs >= pausedAt) {
        failures += 1;
        pausedAt = nowMs;
        learnedAt = nowMs;
        if (asked) learned = Math.max(slowestPerSecond, Math.min(rate(), observedRate(nowMs)) / 2);
      }
      blockedUntil = Math.max(blockedUntil, nowMs + (error.retryAfterMs ?? backoffMs(failures, random)));
    },
    state: () => ({ requestsPerSecond: rate(), failuresInARow: failures, blockedUntilMs: blockedUntil }),
  };
}

/** 100 ms doubling to 30 s, and to 5 minutes once the host counts as down; each with jitter of half its length. */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const longest = failures >= breakerFailures ? longestDownPauseMs : longestPauseMs;
  const full = Math.min(longest, firstPauseMs * 2 ** Math.min(Math.max(failures, 1) - 1, 20));
  return full * (0.5 + random() / 2);
}
