import type { Delivery } from '../model/delivery.js';
import type { Finding } from '../model/finding.js';
import type { Store } from '../store/store.js';
import { changesPerQuery, type LastMessage, type UndecidedChange } from '../store/outbox.js';
import { certain, type WaitsFor } from './certain.js';
import { compose, deliveryId, type Candidate, type Group, type Words } from './compose.js';
import { groupsOf } from './grouping.js';
import {
  nextReminder,
  planFor,
  type HoldReason,
  type Plan,
  type RoutedChannel,
  type Routing,
} from './routing/plan.js';

/** What deciding works with. */
export interface DecideDependencies {
  readonly store: Pick<Store, 'outbox' | 'writeDeliveries' | 'writeMessages'>;
  readonly channel: RoutedChannel;
  readonly routing: Routing;
  readonly words: Words;
  /** Asked once for each decision. Absent: no finding waits. */
  waits?(): WaitsFor;
}

const dayMs = 86_400_000;
/** Changes older than this are history, not news. */
const newsForMs = 14 * dayMs;
/** Pairs in one stored mark. */
const markItems = 5_000;

/** What was decided. */
export interface Decided {
  /** New deliveries, to be sent now. */
  readonly fresh: readonly Delivery[];
  /** When something that waits now is to be decided; null: nothing waits. */
  readonly readyAt: Date | null;
  /** Something waits for an earlier message about the same finding. */
  readonly isBehind: boolean;
  /** There may be more to decide at once. */
  readonly isCut: boolean;
}

interface Planned extends Candidate {
  readonly plan: Plan;
}

/**
 * Decides everything about which the channel has no decision yet, and what was held until now. What the channel does not want is
 * marked at once, whether or not it may be sent anything now, so that it is never asked about again. A finding with a message under way waits for
 * that, so that an older state never arrives after a newer one, and one message that is refused holds up nothing else. `mayDecide`
 * answers when a message with or without a critical finding may leave; null: now.
 */
export async function decide(
  dependencies: DecideDependencies,
  { held, pending }: { readonly held: readonly Delivery[]; readonly pending: readonly Delivery[] },
  mayDecide: (hasCritical: boolean) => Date | null,
  now: Date,
): Promise<Decided> {
  const waitUntil = await restOf(dependencies, held, mayDecide, now);
  if (waitUntil !== null) return { fresh: [], readyAt: waitUntil, isBehind: false, isCut: false };
  const { planned, isCut, waitsUntil } = await planAll(dependencies, held, 'all', now);
  await mark(dependencies, planned, now);
  const underWay = new Set(pending.flatMap(({ items }) => items.map(({ findingId }) => findingId)));
  const sendable = planned.filter((candidate) => candidate.plan.do === 'send');
  const wanted = sendable.filter(({ finding }) => !underWay.has(finding.id));
  const isBehind = wanted.length < sendable.length;
  const readyAt = wanted.length === 0 ? null : mayDecide(wanted.some(isCritical));
  if (readyAt !== null) return { fresh: [], readyAt, isBehind, isCut: false };
  const over = isBehind
    ? held.filter(({ items }) => !items.some(({ findingId }) => underWay.has(findingId)))
    : held;
  const fresh = await writeAll(dependencies, wanted, over, now);
  return { fresh, readyAt: waitsUntil, isBehind, isCut };
}

/**
 * Until when everything waits; null: decide now. While other messages have to wait, only critical findings are read, so that a storm is not read
 * again and again.
 */
async function restOf(
  dependencies: DecideDependencies,
  held: readonly Delivery[],
  mayDecide: (hasCritical: boolean) => Date | null,
  now: Date,
): Promise<Date | null> {
  const restUntil = mayDecide(false);
  if (restUntil === null) return null;
  const { planned } = await planAll(dependencies, held, 'critical', now);
  const isUrgent = planned.some((candidate) => candidate.plan.do === 'send' && isCritical(candidate));
  return isUrgent ? mayDecide(true) : restUntil;
}

/** What is to happen with everything that is undecided, and with what was held until now. */
async function planAll(
  dependencies: DecideDependencies,
  held: readonly Delivery[],
  which: 'all' | 'critical',
  now: Date,
): Promise<{
  readonly planned: readonly Planned[];
  readonly isCut: boolean;
  readonly waitsUntil: Date | null;
}> {
  const { store, channel, routing } = dependencies;
  const since = new Date(now.getTime() - newsForMs);
  const undecided = await store.outbox.undecidedChanges(channel.name, since, which);
  const { changes, waitsUntil } = certain(dependencies, undecided, now);
  const plan = (finding: Finding, last: LastMessage | null, reason: HoldReason | null): Plan =>
    planFor(channel, routing, { finding, wasReported: last !== null, held: reason, now });
  const news = (channel.takes === 'stream' ? each(changes) : latest(changes)).map((candidate): Planned => ({
    ...candidate,
    plan: plan(candidate.finding, candidate.last, null),
  }));
  const again = await heldCandidates(dependencies, held, plan);
  return { planned: [...news, ...again], isCut: undecided.length === changesPerQuery, waitsUntil };
}

function isCritical({ finding }: Candidate): boolean {
  return finding.severity === 'critical' && finding.state !== 'resolved';
}

/** Only the latest state of each finding is worth a word to people; it decides the states before it as well. */
function latest(changes: readonly UndecidedChange[]): Candidate[] {
  const byId = new Map<string, Candidate>();
  for (const { finding, last } of changes) {
    const item = { findingId: finding.id, revision: finding.revision };
    const known = byId.get(finding.id);
    const isNewer = known === undefined || known.finding.revision < finding.revision;
    byId.set(finding.id, {
      ...(isNewer ? { finding, last, why: 'news' } : known),
      items: [...(known?.items ?? []), item],
    });
  }
  return [...byId.values()];
}

/** Every change is an event of its own, oldest first. */
function each(changes: readonly UndecidedChange[]): Candidate[] {
  return changes
    .toSorted((a, b) => a.finding.revision - b.finding.revision)
    .map(({ finding, last }) => ({
      finding,
      last,
      why: 'news',
      items: [{ findingId: finding.id, revision: finding.revision }],
    }));
}

/** Findings of what was held, in their present state; those that changed since have been decided anew already. */
async function heldCandidates(
  { store, channel }: DecideDependencies,
  held: readonly Delivery[],
  plan: (finding: Finding, last: LastMessage | null, reason: HoldReason | null) => Plan,
): Promise<Planned[]> {
  const reasons = new Map<string, HoldReason>();
  const revisions = new Map<string, number>();
  for (const { items, lastDetail } of held)
    for (const { findingId, revision } of items) {
      reasons.set(findingId, lastDetail as HoldReason);
      revisions.set(findingId, Math.max(revision, revisions.get(findingId) ?? 0));
    }
  const ids = [...reasons.keys()];
  const [findings, last] = await Promise.all([
    store.outbox.findingsById(ids),
    store.outbox.lastMessages(channel.name, ids),
  ]);
  return ids.flatMap((id) => {
    const finding = findings.get(id);
    if (finding === undefined || finding.revision !== revisions.get(id)) return [];
    const reason = reasons.get(id) ?? null;
    const planned = plan(finding, last.get(id) ?? null, reason);
    const why =
      reason === 'reminder' ? 'reminder' : planned.do === 'send' && planned.escalated ? 'escalated' : 'news';
    return [
      {
        finding,
        last: last.get(id) ?? null,
        why,
        plan: planned,
        items: [{ findingId: id, revision: finding.revision }],
      },
    ];
  });
}

/** Stores what is not wanted, and what has to wait until when. */
async function mark(
  { store, channel }: DecideDependencies,
  planned: readonly Planned[],
  now: Date,
): Promise<void> {
  const marks = new Map<string, { items: Delivery['items'][number][]; until: Date | null; detail: string }>();
  for (const { plan, items } of planned) {
    if (plan.do === 'send') continue;
    const until = plan.do === 'hold' ? plan.until : null;
    const detail = plan.do === 'hold' ? plan.reason : plan.why;
    const key = plan.do === 'hold' ? `${detail}@${plan.until.toISOString()}` : detail;
    const entry = marks.get(key) ?? { items: [], until, detail };
    marks.set(key, entry);
    entry.items.push(...items);
  }
  const deliveries = [...marks].flatMap(([key, { items, until, detail }]) =>
    chunks(items, markItems).map((some) => ({
      ...blank(channel.name, some, now, key),
      state: until === null ? ('skipped' as const) : ('held' as const),
      nextAttemptAt: until,
      lastDetail: detail,
    })),
  );
  if (deliveries.length > 0) await store.writeDeliveries(deliveries);
}

/** Messages first, then the deliveries together with the end of what was held: what is stored half is decided again in the same way. */
async function writeAll(
  dependencies: DecideDependencies,
  wanted: readonly Planned[],
  held: readonly Delivery[],
  now: Date,
): Promise<readonly Delivery[]> {
  const { store, channel, words } = dependencies;
  const fresh: Delivery[] = [];
  const marks: Delivery[] = held.map((delivery) => ({ ...delivery, state: 'skipped', nextAttemptAt: null }));
  for (const group of await groupsOf(channel, wanted, store.outbox)) {
    const items = group.candidates.flatMap((candidate) => candidate.items);
    if (isSilent(channel, group)) {
      const mark = blank(channel.name, items, now, 'part of an open incident');
      marks.push({ ...mark, state: 'skipped', nextAttemptAt: null, lastDetail: 'part of an open incident' });
      continue;
    }
    const salt = group.candidates.some(({ why }) => why !== 'news') ? now.toISOString() : '';
    const id = deliveryId(channel.name, items, salt);
    const message = await compose(id, group, channel.takes, now, words, store.outbox);
    await store.writeMessages([
      { id, channel: channel.name, thread: group.thread, createdAt: now, body: JSON.stringify(message) },
    ]);
    fresh.push({ ...blank(channel.name, items, now, ''), id });
    marks.push(...reminders(channel, group.candidates, now));
  }
  if (fresh.length + marks.length > 0) await store.writeDeliveries([...fresh, ...marks]);
  return fresh;
}

/** A finding that ends while others keep its incident open is no reason to page again. */
function isSilent({ takes }: RoutedChannel, { action, candidates }: Group): boolean {
  return (
    takes === 'incident' &&
    action === 'trigger' &&
    candidates.every(({ finding }) => finding.state === 'resolved')
  );
}

/** When the findings of a message are sent again unless they change. */
function reminders(
  { name, settings, takes }: RoutedChannel,
  candidates: readonly Candidate[],
  now: Date,
): Delivery[] {
  if (takes === 'stream') return [];
  const byTime = new Map<number, Delivery['items'][number][]>();
  for (const { finding } of candidates) {
    const at = finding.state === 'open' ? nextReminder(settings, finding, now) : null;
    if (at === null) continue;
    // To the full minute, so that what is due together is sent together.
    const minute = Math.ceil(at.getTime() / 60_000) * 60_000;
    const items = byTime.get(minute) ?? [];
    byTime.set(minute, items);
    items.push({ findingId: finding.id, revision: finding.revision });
  }
  return [...byTime].map(([minute, items]) => ({
    ...blank(name, items, now, `reminder@${minute}`),
    state: 'held',
    nextAttemptAt: new Date(minute),
    lastDetail: 'reminder' satisfies HoldReason,
  }));
}

function blank(channel: string, items: Delivery['items'], now: Date, salt: string): Delivery {
  return {
    id: deliveryId(channel, items, salt),
    channel,
    items,
    state: 'pending',
    attempts: 0,
    createdAt: now,
    nextAttemptAt: now,
    sentAt: null,
    lastDetail: null,
  };
}

function chunks<T>(list: readonly T[], size: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
