import type { Logger } from 'pino';
import type { Message, SendResult } from '../alerts/channel.js';
import type { Delivery } from '../model/delivery.js';
import type { Finding } from '../model/finding.js';
import type { Incident } from '../model/incident.js';
import type { Words } from './compose.js';
import type { OpenChannel } from './config.js';
import { startClock } from './outbox-clock.js';
import { createOutbox, type Outbox, type OutboxDependencies } from './outbox.js';
import { explainAlert, type Explanation } from './routing/explain.js';
import type { Routing } from './routing/plan.js';
import { sampleMessage } from './sample.js';

/** Shorter than a request to the API may take. */
const testTimeoutMs = 25_000;

/** The outboxes of all channels and their clocks. */
export interface Alerts {
  /** Sends what there is to send, soon; never throws. */
  flush(): void;
  /** Sends it once more, soon; null when its channel is no longer configured. */
  sendAgain(delivery: Delivery): Promise<Delivery | null>;
  /** Sends a sample to a channel now, once, and stores what became of it; null when there is no such channel. */
  test(channel: string, now: Date): Promise<SendResult | null>;
  /** Sends a message to a channel now, past its outbox: once, and not stored; null when there is no such channel. */
  send(channel: string, message: Message, signal: AbortSignal): Promise<SendResult | null>;
  /** What each channel does with a finding, when and why; see {@link explainAlert}. */
  explain(finding: Finding, deliveries: readonly Delivery[], now: Date): readonly Explanation[];
  /** The outbox of a channel; null when there is no such channel. */
  outbox(channel: string): Outbox | null;
  stop(): Promise<void>;
}

/** What alerting works with. */
export interface AlertsDependencies extends Pick<OutboxDependencies, 'waits'> {
  readonly store: OutboxDependencies['store'];
  readonly channels: readonly OpenChannel[];
  readonly routing: Routing;
  readonly words: Words;
  readonly evaluator: { incident(incident: Incident, now: Date): Promise<readonly unknown[]> };
  readonly signal: AbortSignal;
  readonly log: Logger;
}

interface Lane {
  readonly channel: OpenChannel;
  readonly outbox: Outbox;
  flush(): void;
  stop(): Promise<void>;
}

/** Flushes the outboxes at once, when findings change, and each when something of its own is due. */
export function startAlerts(dependencies: AlertsDependencies): Alerts {
  const lanes = new Map(
    dependencies.channels.map((channel) => [channel.name, openLane(channel, dependencies, () => flush())]),
  );
  const flush = (): void => lanes.forEach((lane) => lane.flush());
  // What the last process decided or stored and did not send would otherwise wait until a finding changes.
  flush();
  return {
    flush,
    async sendAgain(delivery) {
      const lane = lanes.get(delivery.channel);
      if (lane === undefined) return null;
      const again = await lane.outbox.sendAgain(delivery);
      lane.flush();
      return again;
    },
    async test(name, now) {
      const lane = lanes.get(name);
      if (lane === undefined) return null;
      const limit = AbortSignal.timeout(testTimeoutMs);
      const signal = AbortSignal.any([dependencies.signal, limit]);
      const result = await lane.outbox.sendNow(sampleMessage(now, dependencies.words), signal);
      return result.ok || !limit.aborted
        ? result
        : { ...result, detail: `no answer within ${testTimeoutMs / 1000} seconds` };
    },
    async send(name, message, signal) {
      const channel = lanes.get(name)?.channel.channel;
      return channel === undefined ? null : channel.send(message, signal);
    },
    explain: (finding, deliveries, now) =>
      explainAlert(finding, deliveries, dependencies.channels, dependencies.routing, now).map((one) =>
        waiting(one, dependencies.waits?.()(finding, now) ?? null),
      ),
    outbox: (name) => lanes.get(name)?.outbox ?? null,
    async stop() {
      await Promise.all([...lanes.values()].map((lane) => lane.stop()));
      await Promise.all(dependencies.channels.map(({ channel }) => channel.close()));
    },
  };
}

/** The explanation of a finding that is not certain yet. */
function waiting(one: Explanation, until: Date | null): Explanation {
  if (until === null || one.status !== 'due') return one;
  const why = 'a second probe has to confirm it first, or it has to end at every address of the host';
  return { ...one, at: until, why, steps: [...one.steps, why] };
}

function openLane(channel: OpenChannel, dependencies: AlertsDependencies, flushAll: () => void): Lane {
  const { evaluator, ...parts } = dependencies;
  const outbox = createOutbox({
    ...parts,
    channel,
    now: () => new Date(),
    async onOutcome({ ok, ...details }) {
      const subject = { kind: 'self', key: channel.name } as const;
      const incident = { rule: 'delivery-failed', subject, active: !ok, details };
      if ((await evaluator.incident(incident, new Date())).length > 0) flushAll();
    },
  });
  return {
    channel,
    outbox,
    ...startClock(outbox, dependencies.signal, dependencies.log),
  };
}
