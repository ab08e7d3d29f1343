import type { CtBudget } from '../../../src/model/ct-entry.js';
import { createPace, type Pace, type PaceLimits, type Priority } from './pace.js';

type Start = () => void;

const longestTimerMs = 2 ** 31 - 1;

/** All requests to one host pass here, whichever log they are for, tail before backfill, at the host's {@link createPace pace}. */
export class HostBudget {
  private readonly pace: Pace;
  private readonly nowMs: () => number;
  private readonly queues: Readonly<Record<Priority, Set<Start>>> = { tail: new Set(), backfill: new Set() };
  private active = 0;
  private timer: NodeJS.Timeout | null = null;

  /** `nowMs` is a monotonic clock, `random` the source of jitter. */
  constructor(
    limits: PaceLimits,
    nowMs: () => number = () => performance.now(),
    random: () => number = Math.random,
  ) {
    this.pace = createPace(limits, random);
    this.nowMs = nowMs;
  }

  /** Runs `request` when it is its turn; its error decides about the next ones and is passed on. */
  async run<T>(priority: Priority, signal: AbortSignal, request: () => Promise<T>): Promise<T> {
    await this.enter(priority, signal);
    const startedAt = this.nowMs();
    try {
      const result = await request();
      this.pace.succeeded(this.nowMs());
      return result;
    } catch (error) {
      this.pace.failed(error, startedAt, this.nowMs());
      throw error;
    } finally {
      this.active -= 1;
      this.pump();
    }
  }

  state(): CtBudget {
    const { requestsPerSecond, failuresInARow, blockedUntilMs } = this.pace.state();
    return {
      requestsPerSecond: Number.isFinite(requestsPerSecond) ? requestsPerSecond : null,
      active: this.active,
      waiting: this.queues.tail.size + this.queues.backfill.size,
      blockedSeconds: Math.max(0, blockedUntilMs - this.nowMs()) / 1000,
      failuresInARow,
    };
  }

  private enter(priority: Priority, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const start = (): void => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      const abort = (): void => {
        this.queues[priority].delete(start);
        this.pump();
        reject(signal.reason as Error);
      };
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      this.queues[priority].add(start);
      this.pump();
    });
  }

  /** Starts whoever may start, and wakes up again when the next one may. */
  private pump(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const wakeAt = Math.min(this.startFrom('tail'), this.startFrom('backfill'));
    if (wakeAt === Number.POSITIVE_INFINITY) return;
    this.timer = setTimeout(() => this.pump(), Math.min(Math.max(1, wakeAt - this.nowMs()), longestTimerMs));
  }

  /** Starts what may start of one queue; answers when the next one may, Infinity when that takes another's end. */
  private startFrom(priority: Priority): number {
    for (const start of this.queues[priority]) {
      if (this.active >= this.pace.maxActive()) return Number.POSITIVE_INFINITY;
      const dueAt = this.pace.dueAt(priority);
      if (dueAt > this.nowMs()) return dueAt;
      this.queues[priority].delete(start);
      this.active += 1;
      this.pace.started(priority, this.nowMs());
      start();
    }
    return Number.POSITIVE_INFINITY;
  }
}
