import type { Logger } from 'pino';
import type { Channel } from '../alerts/channel.js';
import type { Finding } from '../model/finding.js';
import { deliveryId } from './outbox.js';
import type { Store } from '../store/store.js';

/** A channel that could not be told is tried again after this, milliseconds. */
const retryMs = 60_000;

interface UrgentDependencies {
  readonly store: Pick<Store, 'writeDeliveries'>;
  readonly channels: readonly Channel[];
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/**
 * Tells channels of a finding without asking the database, for when the database itself is what is wrong: the outbox reads from it. May be
 * called again and again; each channel is told once. That it was told is stored as soon as anything can be, so that the
 * outbox does not repeat it; the delivery has the id that the outbox would give it.
 */
export function createUrgentTeller({
  store,
  channels,
  signal,
  log,
}: UrgentDependencies): (finding: Finding) => void {
  const notBefore = new Map<string, number>();

  async function tell(channel: Channel, finding: Finding): Promise<void> {
    const items = [{ findingId: finding.id, revision: finding.revision }];
    const id = deliveryId(channel.name, items);
    if ((notBefore.get(id) ?? -Infinity) > performance.now()) return;
    notBefore.set(id, performance.now() + retryMs);
    const fresh = { id, channel: channel.name, items, createdAt: new Date(), nextAttemptAt: null };
    const pending = { ...fresh, state: 'pending', attempts: 0, sentAt: null, lastDetail: null } as const;
    const { ok, detail } = await channel.send(pending, [finding], signal);
    const about = { channel: channel.name, rule: finding.rule, detail };
    if (!ok) {
      log.error(about, 'the store is away and a channel could not be told, will try again');
      return;
    }
    notBefore.set(id, Infinity);
    log.warn(about, 'told without the store');
    const sent = { state: 'sent', attempts: 1, sentAt: new Date(), lastDetail: detail } as const;
    await store.writeDeliveries([{ ...fresh, ...sent }]);
  }

  return (finding) => {
    for (const channel of channels) {
      if (channel.wants(finding))
        tell(channel, finding).catch((error: unknown) => log.error({ err: error }, 'delivery not noted'));
    }
  };
}
