import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { embeddedConfig, finding, log, temporaryFolder } from '../store/sample.js';
import { dayMs, hourMs, minuteMs, openFixture, type OutboxFixture } from './outbox-fixture.js';

/** Certificates that expire on one day; `npm run bench -- alerts` sends 50,000 to real receivers. */
const count = 10_000;

describe('A2: 10,000 certificates that expire on one day', () => {
  let store: OpenStore;
  let t: OutboxFixture;
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
    t = openFixture(store);
  });
  after(() => store.close());

  /** A part of the storm, and what the channel under test makes of it. */
  async function storm(from: number, to: number): Promise<void> {
    const at = new Date(t.clock);
    const parts = { rule: 'expiring', severity: 'warning', openedAt: at, lastSeenAt: at } as const;
    await store.writeFindings(
      Array.from({ length: to - from }, (_, n) => finding(`storm-${from + n}`, parts)),
    );
  }

  it('become at most ten messages, none is dropped, and a critical finding among them is sent within a minute', async () => {
    t.openNew({ groupIntervalSeconds: 60 });
    for (let minute = 0; minute < 5; minute += 1) {
      await storm((minute * count) / 5, ((minute + 1) * count) / 5);
      if (minute === 2) await t.open('exact', { severity: 'critical' });
      await t.later(30_000);
      await t.later(30_000);
    }
    await t.later(minuteMs);
    const { messages } = t.channel;
    assert.ok(messages.length <= 10, `${messages.length} messages`);
    assert.equal(
      messages.reduce((sum, { total }) => sum + total, 0),
      count + 1,
    );
    const exact = messages.find(({ alerts }) => alerts[0]?.severity === 'critical');
    assert.equal(exact?.alerts[0]?.host, `exact-${t.number}`);
    assert.ok(Date.parse(exact.createdAt) - Date.parse(exact.alerts[0]?.openedAt ?? '') <= minuteMs);
  });

  it('are marked at once by a channel that does not want them, and hide nothing that it wants', async () => {
    t.openNew({ minSeverity: 'error' });
    await t.later(1);
    assert.equal(t.channel.messages.length, 1, 'the critical finding of before');
    const since = new Date(t.clock - dayMs);
    assert.deepEqual(await store.outbox.undecidedChanges(t.channel.name, since), []);
    const at = new Date(t.clock - hourMs);
    await t.open('needle', { severity: 'critical', openedAt: at, lastSeenAt: at });
    await t.later(minuteMs);
    assert.deepEqual(t.told(), ['exact open', 'needle open']);
  });
});
