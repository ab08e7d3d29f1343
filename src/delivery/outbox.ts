import type { Logger } from 'pino';
import type { Message, SendResult } from '../alerts/channel.js';
import type { Delivery, StoredMessage } from '../model/delivery.js';
import type { Store } from '../store/store.js';
import { afterTry, createPace, type Pace } from './backoff.js';
import { compose, hash, type Words } from './compose.js';
import type { OpenChannel } from './config.js';
import type { WaitsFor } from './certain.js';
import { decide } from './decide.js';
import { createEventFeed, type EventFeed } from './event-feed.js';
import type { Routing } from './routing/plan.js';

/** Reports changes of findings to one channel through an outbox: what is decided is stored before it is sent. */
export interface Outbox {
  /** Decides what the channel is sent now, stores it and sends it. Returns when nothing is due. */
  flush(): Promise<void>;
  /** Sends a stored delivery once more, whatever became of it: at the next flush, with tries for as long as if it were new. */
  sendAgain(delivery: Delivery): Promise<Delivery>;
  /** Stores a message that is about no finding (a summary); it is sent at the next flush. */
  post(message: Message): Promise<void>;
  /** Sends a message that is about no finding at once and once, and stores it with what became of it. */
  sendNow(message: Message, signal: AbortSignal): Promise<SendResult>;
  /** When there is something to do next; null when nothing waits. */
  nextAttemptAt(): Date | null;
  /** Begins nothing more; resolves when what is being sent has its answer. */
  end(): Promise<void>;
}

/** What became of a delivery, for whoever watches over the channel. */
export interface Outcome {
  /** True when this delivery succeeded and no earlier one that still matters is outstanding. */
  readonly ok: boolean;
  readonly detail: string;
  /** Ids of deliveries that failed for good although what they report is still so. */
  readonly undelivered: readonly string[];
}

/** What the outbox works with. */
export interface OutboxDependencies {
  readonly store: Pick<Store, 'outbox' | 'undelivered' | 'writeDeliveries' | 'writeMessages'>;
  readonly channel: OpenChannel;
  readonly routing: Routing;
  readonly words: Words;
  /** See {@link WaitsFor}; asked once for each decision. Absent: no finding waits. */
  waits?(): WaitsFor;
  /** Called with every success, every final failure, and every failure that is not the first few, so that a dead channel becomes a finding. */
  onOutcome(outcome: Outcome): Promise<void>;
  now(): Date;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** With more waiting than this, no events are added. */
const mostPending = 50;

/** Failures before this one are in the log only: about a minute's hiccup needs no finding. */
const reportAfterAttempts = 4;

/** See {@link Outbox}. One for each channel: a receiver that hangs holds up no other. */
export function createOutbox(dependencies: OutboxDependencies): Outbox {
  const { store, channel, now } = dependencies;
  const end = new AbortController();
  const ended = AbortSignal.any([dependencies.signal, end.signal]);
  const pace = createPace(channel.settings.groupIntervalSeconds * 1000);
  const feed = createEventFeed(dependencies, now());
  let next: Date | null = null;
  let running: Promise<void> | null = null;
  let isAsked = false;

  async function run(): Promise<void> {
    while (isAsked && !ended.aborted) {
      isAsked = false;
      next = await pass({ ...dependencies, ended }, pace, feed);
    }
  }

  return {
    flush() {
      isAsked = true;
      running ??= run().finally(() => {
        running = null;
      });
      return running;
    },
    async sendAgain(delivery) {
      const at = now();
      const fresh = { ...delivery, state: 'pending', attempts: 0, createdAt: at, nextAttemptAt: at } as const;
      pace.forgive();
      await store.writeDeliveries([fresh]);
      return fresh;
    },
    async post(message) {
      await store.writeMessages([messageRow(channel.name, message, now())]);
      await store.writeDeliveries([unsent(channel.name, message, now())]);
    },
    async sendNow(message, signal) {
      const waiting = unsent(channel.name, message, now());
      const result = await channel.channel.send(message, signal);
      await store.writeMessages([messageRow(channel.name, message, waiting.createdAt)]);
      await store.writeDeliveries([afterTry(waiting, { ...result, permanent: !result.ok }, now())]);
      return result;
    },
    nextAttemptAt: () => next,
    async end() {
      end.abort();
      await running;
    },
  };
}

/** A message about no finding, to be sent. */
function unsent(channel: string, { id }: Message, at: Date): Delivery {
  const times = { createdAt: at, nextAttemptAt: at, sentAt: null, lastDetail: null };
  return { id, channel, items: [], state: 'pending', attempts: 0, ...times };
}

function messageRow(channel: string, message: Message, createdAt: Date): StoredMessage {
  return { id: message.id, channel, thread: message.thread, createdAt, body: JSON.stringify(message) };
}

interface PassDependencies extends OutboxDependencies {
  /** Nothing more is begun. */
  readonly ended: AbortSignal;
}

/** Decides, sends what is due in order, and says when there is something to do next (null: nothing waits). */
async function pass(
  dependencies: PassDependencies,
  pace: Pace,
  feed: EventFeed | null,
): Promise<Date | null> {
  const { store, channel, now } = dependencies;
  const waiting = await store.outbox.waitingDeliveries(channel.name, now());
  const held = waiting.filter(({ state }) => state === 'held');
  const pending = waiting.filter(({ state }) => state === 'pending');
  const mayDecide = (hasCritical: boolean): Date | null => pace.mayDecide(hasCritical, now());
  const { fresh, readyAt, isBehind, isCut } = await decide(dependencies, { held, pending }, mayDecide, now());
  if (fresh.length > 0) pace.decided(now());
  const events = (await feed?.decide(now(), pending.length >= mostPending)) ?? [];
  const left = await sendInOrder(dependencies, pace, [...pending, ...fresh, ...events]);
  if (isBehind && left.length < pending.length + fresh.length) return pass(dependencies, pace, feed);
  const times = [
    readyAt,
    isCut ? now() : null,
    feed?.nextAt(),
    await store.outbox.nextHeldAt(channel.name),
  ].flatMap((at) => at?.getTime() ?? []);
  const retries = left.map((delivery) => (delivery.nextAttemptAt ?? now()).getTime());
  if (retries.length > 0)
    times.push(Math.max(Math.min(...retries), pace.refusedUntil(now())?.getTime() ?? -Infinity));
  return times.length === 0 ? null : new Date(Math.min(...times));
}

/**
 * Sends what is due, oldest first; a delivery never overtakes an earlier one about the same finding. Once a receiver is back after it failed, everything
 * that waits for its next try is due. Returns what still waits.
 */
async function sendInOrder(
  dependencies: PassDependencies,
  pace: Pace,
  deliveries: readonly Delivery[],
): Promise<readonly Delivery[]> {
  const { now, ended } = dependencies;
  let queue = deliveries.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  let isBack = false;
  for (let again = true; again;) {
    again = false;
    const left: Delivery[] = [];
    const waiting = new Set<string>();
    for (const delivery of queue) {
      const isBehind = delivery.items.some(({ findingId }) => waiting.has(findingId));
      const isDue = isBack || (delivery.nextAttemptAt ?? now()) <= now();
      let after = delivery;
      if (!isBehind && isDue && pace.refusedUntil(now()) === null && !ended.aborted) {
        const tried = await send(dependencies, pace, delivery);
        after = tried.after;
        again ||= tried.isBack;
        isBack = tried.ok && (isBack || tried.isBack);
      }
      if (after.state !== 'pending') continue;
      left.push(after);
      for (const { findingId } of after.items) waiting.add(findingId);
    }
    queue = left;
  }
  return queue;
}

interface Tried {
  readonly after: Delivery;
  readonly ok: boolean;
  readonly isBack: boolean;
}

async function send(dependencies: OutboxDependencies, pace: Pace, delivery: Delivery): Promise<Tried> {
  const { store, channel, log, signal, now } = dependencies;
  const message = await messageOf(dependencies, delivery);
  const result = await channel.channel.send(message, signal);
  if (signal.aborted && !result.ok) return { after: delivery, ok: false, isBack: false };
  const after = afterTry(delivery, result, now());
  const isBack = pace.tried(after, result, now());
  await store.writeDeliveries([after]);
  const about = { channel: channel.name, delivery: delivery.id, detail: result.detail };
  if (after.state === 'sent') log.info(sentFacts(channel, message), 'message sent');
  if (after.state === 'pending') log.warn(about, 'delivery failed, will retry');
  if (after.state === 'failed') log.error(about, 'delivery failed for good');
  if (result.ok && result.partial) log.error(about, 'delivery refused for some recipients');
  if (after.state !== 'pending' || after.attempts >= reportAfterAttempts) {
    const undelivered = await store.undelivered(channel.name);
    const ok = result.ok && !result.partial && undelivered.length === 0;
    await dependencies.onOutcome({ ok, detail: result.detail, undelivered });
  }
  return { after, ok: result.ok, isBack };
}

/** What the log says of a message that was accepted. */
function sentFacts({ name, settings }: OpenChannel, { total }: Message): Record<string, unknown> {
  const { to } = settings as { readonly to?: unknown };
  return { channel: name, findings: total, ...(Array.isArray(to) ? { to } : {}) };
}

/** What was stored for the delivery; deliveries of earlier versions have nothing stored and are written now. */
async function messageOf(
  { store, channel, words }: OutboxDependencies,
  delivery: Delivery,
): Promise<Message> {
  const body = await store.outbox.messageBody(delivery.id);
  if (body !== null) return JSON.parse(body) as Message;
  const states = [...(await store.outbox.findingStates(delivery.items)).values()];
  const candidates = states.map((finding) => ({ finding, last: null, why: 'news', items: [] }) as const);
  const thread = hash([channel.name, delivery.id]).slice(0, 32);
  const group = { candidates, thread, kind: 'alert', action: 'trigger' } as const;
  return compose(delivery.id, group, channel.takes, delivery.createdAt, words, store.outbox);
}
