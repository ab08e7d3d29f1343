import { createOutbox, type Outbox } from '../../src/delivery/outbox.js';
import type { Delivery } from '../../src/model/delivery.js';
import type { Finding } from '../../src/model/finding.js';
import type { Routing } from '../../src/delivery/routing/plan.js';
import type { Takes } from '../../src/alerts/channel.js';
import type { OpenStore } from '../../src/store/index.js';
import { words } from '../alerts/samples.js';
import { finding, log } from '../store/sample.js';
import { openRouting, scripted, type ScriptedChannel } from './samples.js';

/** Milliseconds. */
export const minuteMs = 60_000;
/** Milliseconds. */
export const hourMs = 60 * minuteMs;
/** Milliseconds. */
export const dayMs = 24 * hourMs;

/** An outbox over a real store, with a channel and a clock that the test plays. */
export interface OutboxFixture {
  /** Milliseconds since 1970; starts 30 days after the fixture before, so that everything there is history. */
  clock: number;
  readonly number: number;
  channel: ScriptedChannel;
  outbox: Outbox;
  outcomes: string[];
  /** Another channel of its own. */
  openNew(parts?: object, takes?: Takes): void;
  /** As after a restart. */
  reopen(routing?: Routing): void;
  /** Opens a finding that no channel has heard of. */
  open(host: string, parts?: Partial<Finding>): Promise<Finding>;
  resolve(of: Finding): Promise<Finding>;
  /** A person acknowledges it. */
  acknowledge(of: Finding): Promise<void>;
  /** Lets time pass and flushes. */
  later(ms: number): Promise<void>;
  /** Lets time pass until the outbox wants to be called again. */
  untilNext(): Promise<void>;
  stored(of: Finding): Promise<readonly Delivery[]>;
  /** `host state` of every finding sent, in order. */
  told(): string[];
}

let clock = Date.parse('2026-11-23T12:00:00Z');
let number = 0;

/** See {@link OutboxFixture}. */
export function openFixture(store: OpenStore): OutboxFixture {
  clock += 30 * dayMs;
  const fixture: OutboxFixture = {
    clock,
    get number() {
      return number;
    },
    channel: scripted(`webhook:n${(number += 1)}`),
    outbox: undefined as unknown as Outbox,
    outcomes: [],
    openNew(parts = {}, takes = 'digest') {
      fixture.channel = scripted(`webhook:n${(number += 1)}`, parts, takes);
      fixture.reopen();
    },
    reopen(routing = openRouting) {
      fixture.outcomes = [];
      fixture.outbox = createOutbox({
        store,
        channel: fixture.channel,
        routing,
        words,
        now: () => new Date(fixture.clock),
        onOutcome: async ({ ok, detail, undelivered }) =>
          void fixture.outcomes.push(`${ok} ${detail}${undelivered.map((id) => ` ${id}`).join('')}`),
        log,
        signal: new AbortController().signal,
      });
    },
    async open(host, parts = {}) {
      const at = new Date(fixture.clock);
      const opened = finding(`${host}-${number}`, { openedAt: at, lastSeenAt: at, ...parts });
      await store.writeFindings([opened]);
      return opened;
    },
    async resolve(of) {
      const at = new Date(fixture.clock);
      const over = { state: 'resolved', change: 'resolved', resolvedAt: at, lastSeenAt: at } as const;
      const resolved: Finding = { ...of, revision: of.revision + 1, ...over };
      await store.writeFindings([resolved]);
      return resolved;
    },
    async acknowledge(of) {
      const by = { state: 'acknowledged', change: 'acknowledged', changedBy: 'ada' } as const;
      await store.writeFindings([{ ...of, revision: 2, ...by, lastSeenAt: new Date(fixture.clock) }]);
    },
    async later(ms) {
      fixture.clock += ms;
      await fixture.outbox.flush();
    },
    untilNext: () =>
      fixture.later(Math.max(0, (fixture.outbox.nextAttemptAt()?.getTime() ?? 0) - fixture.clock)),
    async stored(of) {
      const { name } = fixture.channel;
      const page = await store.reader.listDeliveries({ channel: name }, { limit: 100, cursor: null });
      return page.items.filter(({ items }) => items.some(({ findingId }) => findingId === of.id));
    },
    told: () =>
      fixture.channel.messages.flatMap(({ alerts }) =>
        alerts.map(({ host, state }) => `${host?.replace(/-\d+$/, '')} ${state}`),
      ),
  };
  fixture.reopen();
  return fixture;
}
