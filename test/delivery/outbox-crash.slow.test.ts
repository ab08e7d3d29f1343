import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Message, Takes } from '../../src/alerts/channel.js';
import { createOutbox } from '../../src/delivery/outbox.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { words } from '../alerts/samples.js';
import { embeddedConfig, log, temporaryFolder } from '../store/sample.js';
import { minuteMs, openFixture } from './outbox-fixture.js';
import { openRouting, scripted, type ScriptedChannel } from './samples.js';

/** What changes something outside of the process, in the order of a delivery: messages stored, decided, sent, marked. */
const steps = ['writeMessages', 'writeDeliveries', 'send'] as const;

/** Dies before or after the step of this number; nothing of the process goes on after that. */
class Death {
  taken = 0;
  readonly at: number;

  constructor(at: number) {
    this.at = at;
  }

  async around<T>(step: () => Promise<T>): Promise<T> {
    this.#pass();
    const result = await step();
    this.#pass();
    return result;
  }

  #pass(): void {
    if (this.taken >= this.at) throw new Error('killed');
    this.taken += 1;
  }
}

describe('a process that is killed at any moment of a delivery', () => {
  let store: OpenStore;
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
  });
  after(() => store.close());

  /** Opens three findings and resolves one, dies at `death` in between, starts again, and gives what the receiver got. */
  async function run(takes: Takes, death: Death): Promise<readonly Message[]> {
    const t = openFixture(store);
    t.channel = scripted(`webhook:crash-${takes}-${t.number}`, {}, takes);
    const flush = async (channel: ScriptedChannel, over: OpenStore): Promise<void> => {
      const outbox = createOutbox({
        store: over,
        channel,
        routing: openRouting,
        words,
        now: () => new Date(t.clock),
        onOutcome: async () => undefined,
        log,
        signal: new AbortController().signal,
      });
      t.clock += minuteMs;
      await outbox.flush();
    };
    const mortal = new Proxy(store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const call = (...given: readonly unknown[]): unknown => value.apply(target, given);
        if (!steps.some((step) => step === name)) return call;
        return (...given: readonly unknown[]) => death.around(async () => call(...given));
      },
    });
    const { channel } = t.channel;
    const mortalChannel = {
      ...t.channel,
      channel: {
        ...channel,
        send: (...given: Parameters<typeof channel.send>) => death.around(() => channel.send(...given)),
      },
    };
    const one = await t.open('one', { severity: 'warning' });
    await t.open('two', { severity: 'critical' });
    await flush(mortalChannel, mortal).catch(() => undefined);
    await t.resolve(one);
    await t.open('three');
    if (death.taken < death.at) await flush(mortalChannel, mortal).catch(() => undefined);
    for (let start = 0; start < 2; start += 1) await flush(t.channel, store);
    return t.channel.messages;
  }

  const statesOf = (messages: readonly Message[]): readonly string[] =>
    [
      ...new Set(
        messages.flatMap(({ alerts }) =>
          alerts.map(({ host, state }) => `${host?.replace(/-\d+$/, '')} ${state}`),
        ),
      ),
    ].sort();

  // All moments of one kind; of the others, which go the same way, every third.
  for (const [takes, stride] of [
    ['digest', 1],
    ['incident', 3],
    ['stream', 3],
  ] as const)
    it(
      `loses nothing and repeats only what has the same id and content: ${takes}`,
      { timeout: 240_000 },
      async () => {
        const whole = new Death(Infinity);
        const calm = await run(takes, whole);
        const expected = statesOf(calm);
        assert.deepEqual(expected, ['one open', 'one resolved', 'three open', 'two open']);
        assert.equal(
          new Set(calm.map(({ id }) => id)).size,
          calm.length,
          'without a death nothing is repeated',
        );
        assert.ok(whole.taken >= 12, `${whole.taken} moments`);
        for (let at = 0; at < whole.taken; at += stride) {
          const messages = await run(takes, new Death(at));
          // What was over before anybody was alerted of it is no news to people.
          const missing = expected.filter((state) => !statesOf(messages).includes(state));
          const isOver = missing.every((state) => takes !== 'stream' && state.startsWith('one '));
          assert.ok(isOver, `killed at moment ${at}: ${missing.join(', ')} missing`);
          const bodies = new Set(messages.map((message) => JSON.stringify(message)));
          const ids = new Set(messages.map(({ id }) => id));
          assert.equal(bodies.size, ids.size, `killed at moment ${at}: one id, two contents`);
          const states = messages
            .filter(({ id }, index) => messages.findIndex((other) => other.id === id) === index)
            .flatMap(({ alerts }) => alerts.map(({ id, revision }) => `${id}:${revision}`));
          assert.equal(new Set(states).size, states.length, `killed at moment ${at}: told under two ids`);
        }
      },
    );
});
