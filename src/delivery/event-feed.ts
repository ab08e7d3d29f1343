import type { CertglassEvent, InventoryEventType } from '../model/event.js';
import type { Delivery } from '../model/delivery.js';
import type { InventoryChange } from '../model/inventory-change.js';
import type { Subject } from '../model/finding.js';
import { targetOfKey } from '../model/target.js';
import type { Store } from '../store/store.js';
import { deliveryId, type Words } from './compose.js';
import type { OpenChannel } from './config.js';
import { inventoryEventOf, inventoryMessage } from './inventory-events.js';
import { endOfHours, nextTime } from '../lib/hours.js';
import { mismatch, type Match } from './routing/match.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Changes older than this are history, not news. */
const newsForMs = 14 * 24 * hourMs;
/** Usually only this much is read again; everything is once an hour, for what came late out of the spool. */
const overlapMs = 2 * hourMs;
/** Events kept of a message for people. */
const mostKept = 200;
/** Changes that came with one query are at least as many when more may be left. */
const fullAnswer = 5_000;

/** Turns changes of the inventory into deliveries of one channel. */
export interface EventFeed {
  /** When to decide next. */
  nextAt(): Date;
  /**
   * Decides which changes the channel is sent, stores messages and deliveries, and marks what it does not want. Nothing before {@link nextAt}, and
   * nothing while the receiver is behind: it stays undecided.
   */
  decide(now: Date, isBehind: boolean): Promise<readonly Delivery[]>;
}

interface FeedDependencies {
  readonly store: Pick<Store, 'outbox' | 'writeDeliveries' | 'writeMessages'>;
  readonly channel: Omit<OpenChannel, 'channel'>;
  readonly words: Words;
}

/** The feed of a channel; null when it asks for no events. */
export function createEventFeed(dependencies: FeedDependencies, startedAt: Date): EventFeed | null {
  const { channel, store } = dependencies;
  const { events } = channel.settings;
  if (events.length === 0) return null;
  let next = nextDecision(channel, startedAt, 0);
  let wholeAt = startedAt.getTime();
  return {
    nextAt: () => next,
    async decide(now, isBehind) {
      if (now < next) return [];
      const interval = Math.max(minuteMs, channel.settings.groupIntervalSeconds * 1000);
      next = nextDecision(channel, now, interval);
      if (isBehind) return [];
      const isWhole = now.getTime() >= wholeAt;
      const decidedSince = new Date(now.getTime() - newsForMs);
      const changes = await store.outbox.undecidedInventory({
        channel: channel.name,
        since: isWhole ? decidedSince : new Date(now.getTime() - overlapMs),
        decidedSince,
        served: events.some((type) => type !== 'certificate_issued'),
        issued: events.includes('certificate_issued'),
      });
      if (changes.length >= fullAnswer) next = now;
      else if (isWhole) wholeAt = now.getTime() + hourMs;
      return write(dependencies, changes, now);
    },
  };
}

/** Quiet hours and digests count for people only. */
function nextDecision(
  { takes, settings: { digest, quietHours } }: FeedDependencies['channel'],
  now: Date,
  intervalMs: number,
): Date {
  const soon = new Date(now.getTime() + intervalMs);
  if (takes === 'stream') return soon;
  const due =
    digest === null
      ? soon
      : nextTime(digest.at, digest.timezone, now, digest.every === 'week' ? ['mon'] : undefined);
  return (quietHours === null ? null : endOfHours(quietHours, due)) ?? due;
}

async function write(
  { store, channel, words }: FeedDependencies,
  changes: readonly InventoryChange[],
  now: Date,
): Promise<readonly Delivery[]> {
  const wanted: CertglassEvent[] = [];
  const unwanted: CertglassEvent[] = [];
  for (const change of changes) {
    const event = inventoryEventOf(change, words);
    (isWanted(channel, change, event, now) ? wanted : unwanted).push(event);
  }
  const { eventsPerMessage, name } = channel;
  const groups = eventsPerMessage === null ? [wanted] : chunks(wanted, eventsPerMessage);
  const fresh: Delivery[] = [];
  for (const group of groups.filter(({ length }) => length > 0)) {
    const delivery = deliveryOf(name, group, now);
    const kept = group.slice(0, eventsPerMessage ?? mostKept);
    const message = inventoryMessage(delivery.id, name, kept, group.length, now);
    const { id, thread } = message;
    await store.writeMessages([{ id, channel: name, thread, createdAt: now, body: JSON.stringify(message) }]);
    fresh.push(delivery);
  }
  const marks = unwanted.length === 0 ? [] : [skipped(deliveryOf(name, unwanted, now))];
  if (fresh.length + marks.length > 0) await store.writeDeliveries([...fresh, ...marks]);
  return fresh;
}

/** By type and place; severity and rules belong to findings. */
function isWanted(
  { settings }: FeedDependencies['channel'],
  { endpoint, certificate }: InventoryChange,
  { event_type, owner, environment, tags }: CertglassEvent,
  now: Date,
): boolean {
  if (!settings.events.includes(event_type as InventoryEventType)) return false;
  const conditions: Match = {
    ...settings,
    minSeverity: 'notice',
    rules: [],
    exceptRules: [],
    themes: [],
  };
  const subject: Subject =
    endpoint === null ? { kind: 'issuance', key: '' } : { kind: 'endpoint', key: endpoint };
  const about = { rule: event_type, severity: 'notice', subject, owner, environment, tags } as const;
  const hosts = endpoint === null ? [null, ...certificate.names] : [targetOfKey(endpoint).host];
  return hosts.some((host) => mismatch(conditions, { ...about, host }, () => null, now) === null);
}

/** Items with revision 0 are events of the inventory. */
function deliveryOf(channel: string, events: readonly CertglassEvent[], now: Date): Delivery {
  const items = events.map(({ id }) => ({ findingId: id, revision: 0 }));
  const times = { createdAt: now, nextAttemptAt: now, sentAt: null, lastDetail: null };
  return { id: deliveryId(channel, items), channel, items, state: 'pending', attempts: 0, ...times };
}

function skipped(delivery: Delivery): Delivery {
  return { ...delivery, state: 'skipped', nextAttemptAt: null, lastDetail: 'not an event of this channel' };
}

function chunks<T>(list: readonly T[], size: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
