import type { Logger } from 'pino';
import type { Channel } from './alerts/channel.js';
import type { Evaluator } from './evaluate.js';
import type { Delivery } from './model/delivery.js';
import { createOutbox, type OutboxDependencies } from './outbox.js';

const retryMs = 5_000;
const longestTimerMs = 3_600_000;

/** The outbox and its clock. */
export interface Alerts {
  /** Tells what there is to tell, soon; never throws. */
  flush(): void;
  /** Tells it once more, soon; null when its channel is no longer configured. */
  sendAgain(delivery: Delivery): Promise<Delivery | null>;
  stop(): Promise<void>;
}

/** Flushes the outbox when findings change, and when a retry is due. */
export function startAlerts(
  store: OutboxDependencies['store'],
  channels: readonly Channel[],
  evaluator: Pick<Evaluator, 'incident'>,
  signal: AbortSignal,
  log: Logger,
): Alerts {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const outbox = createOutbox({
    store,
    channels,
    signal,
    log,
    async onOutcome(channel, ok, detail) {
      const subject = { kind: 'self', key: channel } as const;
      await evaluator.incident(
        { rule: 'delivery-failed', subject, active: !ok, details: { channel, detail } },
        new Date(),
      );
    },
  });
  const flush = (): void => {
    if (signal.aborted || channels.length === 0) return;
    clearTimeout(timer);
    running = outbox.flush(new Date()).then(
      () => wait(outbox.nextAttemptAt()),
      (error: unknown) => {
        log.error({ err: error }, 'outbox failed, will try again');
        wait(new Date(Date.now() + retryMs));
      },
    );
  };
  const wait = (at: Date | null): void => {
    if (at === null || signal.aborted) return;
    timer = setTimeout(flush, Math.min(longestTimerMs, Math.max(0, at.getTime() - Date.now())));
  };
  return {
    flush,
    async sendAgain(delivery) {
      if (!channels.some((channel) => channel.name === delivery.channel)) return null;
      const again = await outbox.sendAgain(delivery, new Date());
      flush();
      return again;
    },
    async stop() {
      clearTimeout(timer);
      await running;
      await Promise.all(channels.map((channel) => channel.close()));
    },
  };
}
