import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Channel, SendResult } from '../alerts/channel.js';
import type { Delivery } from '../model/delivery.js';
import type { Finding } from '../model/finding.js';
import type { Store } from '../store/store.js';

/** Tells one channel of changes of findings, through an outbox: what is decided is stored before it is sent. */
export interface Outbox {
  /** Decides what the channel is to be told now, stores it and sends it. Returns when nothing is due. */
  flush(now: Date): Promise<void>;
  /** Sends a stored delivery once more, whatever became of it: at the next flush, with tries for as long as if it were new. */
  sendAgain(delivery: Delivery, now: Date): Promise<Delivery>;
  /** When the next try of a failed delivery is due; null when none waits. */
  nextAttemptAt(): Date | null;
}

/** What became of a delivery, for whoever watches over the channel. */
export interface Outcome {
  /** True when everybody was told, and nothing that is still so remains untold. */
  readonly ok: boolean;
  readonly detail: string;
  /** Ids of deliveries that failed for good although what they tell is still so. */
  readonly undelivered: readonly string[];
}

/** What the outbox works with. */
export interface OutboxDependencies {
  readonly store: Pick<
    Store,
    'untoldFindings' | 'pendingDeliveries' | 'undelivered' | 'writeDeliveries' | 'findingHistory'
  >;
  readonly channel: Channel;
  /** Called with every success, every final failure, and every failure that is not the first few, so that a dead channel becomes a finding. */
  onOutcome(outcome: Outcome): Promise<void>;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

const dayMs = 86_400_000;
/** Changes older than this are history, not news. */
const newsForMs = 14 * dayMs;
const firstRetryMs = 5_000;
const longestRetryMs = 4 * 3_600_000;
/** Failures before this one are told in the log only: about a minute's hiccup is nobody's finding. */
const tellAfterAttempts = 4;
/** Tries end about four days after the first (Standard Webhooks: retry over days). */
const giveUpAfterMs = 4 * dayMs;

/** Stable id of telling `channel` of these states. */
export function deliveryId(channel: string, items: Delivery['items']): string {
  const told = items.map((item) => `${item.findingId}:${item.revision}`).sort();
  return createHash('sha256')
    .update(JSON.stringify([channel, told]))
    .digest('hex')
    .slice(0, 32);
}

/** Exponential with +-20 % of jitter; a receiver's own wish (Retry-After) wins when it is longer. */
export function retryDelayMs(
  attempts: number,
  retryAfterMs: number | null,
  random: () => number = Math.random,
): number {
  const base = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(attempts - 1, 20));
  return Math.max(Math.round(base * (0.8 + 0.4 * random())), retryAfterMs ?? 0);
}

/** Only the latest state of each finding is worth a word. */
function latestStates(findings: readonly Finding[]): Finding[] {
  const latest = new Map<string, Finding>();
  for (const finding of findings) {
    const known = latest.get(finding.id);
    if (known === undefined || known.revision < finding.revision) latest.set(finding.id, finding);
  }
  return [...latest.values()];
}

/** See {@link Outbox}. One for each channel: a receiver that hangs holds up nobody else. */
export function createOutbox(dependencies: OutboxDependencies): Outbox {
  const { store, signal } = dependencies;
  const decide = createDecider(dependencies);
  let next: Date | null = null;
  let running: Promise<void> | null = null;
  let asked: Date | null = null;

  async function run(): Promise<void> {
    while (asked !== null && !signal.aborted) {
      const now = asked;
      asked = null;
      next = await pass(dependencies, decide, now);
    }
  }

  return {
    flush(now) {
      asked = now;
      running ??= run().finally(() => {
        running = null;
      });
      return running;
    },
    async sendAgain(delivery, now) {
      const fresh = {
        ...delivery,
        state: 'pending',
        attempts: 0,
        createdAt: now,
        nextAttemptAt: now,
      } as const;
      await store.writeDeliveries([fresh]);
      return fresh;
    },
    nextAttemptAt: () => next,
  };
}

/** Decides, sends what is due, and says when there is something to do next (null: nothing waits). */
async function pass(
  dependencies: OutboxDependencies,
  decide: (now: Date) => Promise<Date | null>,
  now: Date,
): Promise<Date | null> {
  const { store, channel } = dependencies;
  const ours = async (): Promise<Delivery[]> =>
    (await store.pendingDeliveries()).filter((delivery) => delivery.channel === channel.name);
  const held = await decide(now);
  for (const delivery of await ours()) {
    if ((delivery.nextAttemptAt ?? now) <= now) await send(dependencies, delivery);
  }
  const waiting = (await ours()).map((delivery) => delivery.nextAttemptAt ?? now);
  const times = [...waiting, held].flatMap((at) => at?.getTime() ?? []);
  return times.length === 0 ? null : new Date(Math.min(...times));
}

/**
 * Groups what the channel was not told into one delivery and stores it. Within the channel's group interval nothing is decided;
 * the answer is then when it ends, otherwise null.
 */
function createDecider({ store, channel }: OutboxDependencies): (now: Date) => Promise<Date | null> {
  let decidedAt = 0;
  return async (now) => {
    const untold = await store.untoldFindings(channel.name, new Date(now.getTime() - newsForMs));
    const wanted = untold.filter((finding) => finding.changedBy === 'certglass' && channel.wants(finding));
    if (wanted.length === 0) return null;
    const readyAt = decidedAt + channel.groupIntervalMs;
    if (now.getTime() < readyAt) return new Date(readyAt);
    decidedAt = now.getTime();
    const items = wanted.map((finding) => ({ findingId: finding.id, revision: finding.revision }));
    const id = deliveryId(channel.name, items);
    const fresh = {
      id,
      channel: channel.name,
      items,
      state: 'pending',
      attempts: 0,
      createdAt: now,
    } as const;
    await store.writeDeliveries([{ ...fresh, nextAttemptAt: now, sentAt: null, lastDetail: null }]);
    return null;
  };
}

async function send(dependencies: OutboxDependencies, delivery: Delivery): Promise<void> {
  const { store, channel, log, signal } = dependencies;
  const told = await Promise.all(
    delivery.items.map(async ({ findingId, revision }) => {
      const history = await store.findingHistory(findingId);
      return history.find((finding) => finding.revision === revision) ?? null;
    }),
  );
  const result = await channel.send(
    delivery,
    latestStates(told.filter((finding) => finding !== null)),
    signal,
  );
  if (signal.aborted && !result.ok) return;
  const after = afterTry(delivery, result, new Date());
  await store.writeDeliveries([after]);
  const about = { channel: channel.name, delivery: delivery.id, detail: result.detail };
  if (after.state === 'pending') log.warn(about, 'delivery failed, will retry');
  if (after.state === 'failed') log.error(about, 'delivery failed for good');
  if (result.ok && result.partial) log.error(about, 'delivery refused for some recipients');
  if (after.state === 'pending' && after.attempts < tellAfterAttempts) return;
  const undelivered = await store.undelivered(channel.name);
  const ok = result.ok && !result.partial && undelivered.length === 0;
  await dependencies.onOutcome({ ok, detail: result.detail, undelivered });
}

/** The delivery after one try. */
function afterTry(delivery: Delivery, result: SendResult, now: Date): Delivery {
  const attempts = delivery.attempts + 1;
  const after = { ...delivery, attempts, lastDetail: result.detail };
  if (result.ok) return { ...after, state: 'sent', nextAttemptAt: null, sentAt: now };
  const tooOld = now.getTime() - delivery.createdAt.getTime() > giveUpAfterMs;
  if (result.permanent || tooOld) return { ...after, state: 'failed', nextAttemptAt: null };
  return { ...after, nextAttemptAt: new Date(now.getTime() + retryDelayMs(attempts, result.retryAfterMs)) };
}
