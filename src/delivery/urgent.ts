import type { Logger } from 'pino';
import type { Finding } from '../model/finding.js';
import type { Store } from '../store/store.js';
import { compose, deliveryId, hash, type Words } from './compose.js';
import type { OpenChannel } from './config.js';
import { planFor, type Routing } from './routing/plan.js';

/** A channel that could not be reached is tried again after this, milliseconds. */
const retryMs = 60_000;

interface UrgentDependencies {
  readonly store: Pick<Store, 'writeDeliveries'>;
  readonly channels: readonly OpenChannel[];
  readonly routing: Routing;
  readonly words: Words;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/**
 * Alerts channels to a finding without asking the database, for when the database itself is what is wrong: the outbox reads from it. May be
 * called again and again; each channel is alerted once. That it was alerted is stored as soon as anything can be, so that the
 * outbox does not repeat it; the delivery has the id that the outbox would give it.
 */
export function createUrgentAlerts(dependencies: UrgentDependencies): (finding: Finding) => void {
  const { store, channels, routing, words, signal, log } = dependencies;
  const notBefore = new Map<string, number>();

  async function alert(channel: OpenChannel, finding: Finding): Promise<void> {
    const items = [{ findingId: finding.id, revision: finding.revision }];
    const id = deliveryId(channel.name, items);
    if ((notBefore.get(id) ?? -Infinity) > performance.now()) return;
    notBefore.set(id, performance.now() + retryMs);
    const createdAt = new Date();
    const candidates = [{ finding, last: null, why: 'news', items }] as const;
    const thread = hash([channel.name, finding.cause]).slice(0, 32);
    const group = { candidates, thread, kind: 'alert', action: 'trigger' } as const;
    const message = await compose(id, group, channel.takes, createdAt, words, null);
    const { ok, detail } = await channel.channel.send(message, signal);
    const about = { channel: channel.name, rule: finding.rule, detail };
    if (!ok) {
      log.error(about, 'the store is away and a channel could not be reached, will try again');
      return;
    }
    notBefore.set(id, Infinity);
    log.warn(about, 'alerted without the store');
    const sent = { state: 'sent', attempts: 1, sentAt: new Date(), lastDetail: detail } as const;
    await store.writeDeliveries([
      { id, channel: channel.name, items, createdAt, nextAttemptAt: null, ...sent },
    ]);
  }

  return (finding) => {
    for (const channel of channels) {
      const input = { finding, wasReported: false, held: null, now: new Date() };
      if (planFor(channel, routing, input).do === 'send')
        alert(channel, finding).catch((error: unknown) => log.error({ err: error }, 'delivery not noted'));
    }
  };
}
