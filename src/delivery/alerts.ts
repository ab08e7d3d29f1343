import type { Logger } from 'pino';
import type { Channel } from '../alerts/channel.js';
import type { Incident } from '../model/incident.js';
import type { Delivery } from '../model/delivery.js';
import { createOutbox, type Outbox, type OutboxDependencies } from './outbox.js';

const retryMs = 5_000;
const longestTimerMs = 3_600_000;

/** The outboxes of all channels and their clocks. */
export interface Alerts {
  /** Tells what there is to tell, soon; never throws. */
  flush(): void;
  /** Tells it once more, soon; null when its channel is no longer configured. */
  sendAgain(delivery: Delivery): Promise<Delivery | null>;
  stop(): Promise<void>;
}

/** Flushes the outboxes when findings change, and each when a retry of its own is due. */
export function startAlerts(
  store: OutboxDependencies['store'],
  channels: readonly Channel[],
  evaluator: { incident(incident: Incident, now: Date): Promise<readonly unknown[]> },
  signal: AbortSignal,
  log: Logger,
): Alerts {
  const lanes = new Map(
    channels.map((channel) => {
      const outbox = createOutbox({
        store,
        channel,
        signal,
        log,
        async onOutcome({ ok, ...details }) {
          const subject = { kind: 'self', key: channel.name } as const;
          const incident = { rule: 'delivery-failed', subject, active: !ok, details };
          if ((await evaluator.incident(incident, new Date())).length > 0) flush();
        },
      });
      return [channel.name, { outbox, ...startLane(outbox, signal, log) }] as const;
    }),
  );
  const flush = (): void => lanes.forEach((lane) => lane.flush());
  return {
    flush,
    async sendAgain(delivery) {
      const lane = lanes.get(delivery.channel);
      if (lane === undefined) return null;
      const again = await lane.outbox.sendAgain(delivery, new Date());
      lane.flush();
      return again;
    },
    async stop() {
      await Promise.all([...lanes.values()].map((lane) => lane.stop()));
      await Promise.all(channels.map((channel) => channel.close()));
    },
  };
}

/** The clock of one outbox. */
function startLane(
  outbox: Outbox,
  signal: AbortSignal,
  log: Logger,
): { flush(): void; stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const flush = (): void => {
    if (signal.aborted) return;
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
    clearTimeout(timer);
    if (at === null || signal.aborted) return;
    timer = setTimeout(flush, Math.min(longestTimerMs, Math.max(0, at.getTime() - Date.now())));
  };
  return {
    flush,
    async stop() {
      clearTimeout(timer);
      await running;
    },
  };
}
