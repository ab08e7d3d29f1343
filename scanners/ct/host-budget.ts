import { createPace, type PaceLimits, type Priority } from './pace.js';

/** What a budget looks like to the outside. */
export interface BudgetState {
  readonly requestsPerSecond: number | null;
  readonly active: number;
  readonly waiting: number;
  /** How long the host is left alone yet. */
  readonly blockedMs: number;
  readonly failuresInARow: number;
}

/** All requests to one host pass here, whichever log they are for, tail before backfill, at the host's {@link createPace pace}. */
export interface HostBudget {
  /** Runs `request` when it is its turn; its error decides about the next ones and is passed on. */
  run<T>(priority: Priority, signal: AbortSignal, request: () => Promise<T>): Promise<T>;
  state(): BudgetState;
}

type Start = () => void;

/** A budget with its own clock (`nowMs`, monotonic) and source of jitter. */
export function createHostBudget(
  limits: PaceLimits,
  nowMs: () => number = () => performance.now(),
  random: () => number = Math.random,
): HostBudget {
  const pace = createPace(limits, random);
  const queues: Readonly<Record<Priority, Set<Start>>> = { tail: new Set(), backfill: new Set() };
  let active = 0;
  let timer: NodeJS.Timeout | null = null;

  /** Starts whoever may start, and wakes up again when the next one may. */
  function pump(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    let wakeAt = Number.POSITIVE_INFINITY;
    for (const priority of ['tail', 'backfill'] as const)
      for (const start of queues[priority]) {
        if (active >= pace.maxActive()) return;
        if (pace.dueAt(priority) > nowMs()) {
          wakeAt = Math.min(wakeAt, pace.dueAt(priority));
          break;
        }
        queues[priority].delete(start);
        active += 1;
        pace.started(priority, nowMs());
        start();
      }
    if (wakeAt < Number.POSITIVE_INFINITY)
      timer = setTimeout(pump, Math.min(Math.max(1, wakeAt - nowMs()), 2 ** 31 - 1));
  }

  function enter(priority: Priority, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const start = (): void => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      const abort = (): void => {
        queues[priority].delete(start);
        pump();
        reject(signal.reason as Error);
      };
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      queues[priority].add(start);
      pump();
    });
  }

  return {
    async run(priority, signal, request) {
      await enter(priority, signal);
      const startedAt = nowMs();
      try {
        const result = await request();
        pace.succeeded();
        return result;
      } catch (error) {
        pace.failed(error, startedAt, nowMs());
        throw error;
      } finally {
        active -= 1;
        pump();
      }
    },
    state() {
      const { requestsPerSecond, failuresInARow, blockedUntilMs } = pace.state();
      return {
        requestsPerSecond: Number.isFinite(requestsPerSecond) ? requestsPerSecond : null,
        active,
        waiting: queues.tail.size + queues.backfill.size,
        blockedMs: Math.max(0, blockedUntilMs - nowMs()),
        failuresInARow,
      };
    },
  };
}
