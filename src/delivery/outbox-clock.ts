import type { Logger } from 'pino';
import type { Outbox } from './outbox.js';

const retryMs = 5_000;
const longestTimerMs = 3_600_000;
/** Rest after a flush, in multiples of what it took: deciding may not take the processor from scanning, however many findings are stored. */
const restFactor = 4;
const longestRestMs = 5_000;

/** The clock of one outbox. */
export interface OutboxClock {
  /** Flushes it, soon; never throws. */
  flush(): void;
  /** Begins nothing more; resolves when what is being sent has its answer. */
  stop(): Promise<void>;
}

/** Flushes an outbox when asked to and when something of it is due. */
export function startClock(
  outbox: Pick<Outbox, 'flush' | 'nextAttemptAt' | 'end'>,
  signal: AbortSignal,
  log: Logger,
): OutboxClock {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let isAsked = false;
  let isStopped = false;
  let restUntil = -Infinity;

  async function run(): Promise<void> {
    const startedAt = performance.now();
    const next = await outbox.flush().then(
      () => outbox.nextAttemptAt(),
      (error: unknown) => {
        log.error({ err: error }, 'outbox failed, will try again');
        return new Date(Date.now() + retryMs);
      },
    );
    const endedAt = performance.now();
    restUntil = endedAt + Math.min(longestRestMs, restFactor * (endedAt - startedAt));
    running = null;
    if (isAsked) flush();
    else if (next !== null) wait(next.getTime() - Date.now());
  }

  function flush(): void {
    isAsked = running !== null;
    if (isAsked) return;
    const rest = restUntil - performance.now();
    if (rest > 0) wait(rest);
    else if (!isStopped && !signal.aborted) {
      clearTimeout(timer);
      running = run();
    }
  }

  function wait(ms: number): void {
    clearTimeout(timer);
    if (isStopped || signal.aborted) return;
    timer = setTimeout(flush, Math.min(longestTimerMs, Math.max(0, ms)));
  }

  return {
    flush,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await outbox.end();
      await running;
    },
  };
}
