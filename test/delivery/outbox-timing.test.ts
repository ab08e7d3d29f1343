import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Routing } from '../../src/delivery/routing/plan.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { embeddedConfig, finding, log, temporaryFolder } from '../store/sample.js';
import { dayMs, hourMs, minuteMs, openFixture, type OutboxFixture } from './outbox-fixture.js';
import { failed, took } from './samples.js';

describe('what the outbox sends when', () => {
  let store: OpenStore;
  let t: OutboxFixture;

  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
  });
  after(() => store.close());
  beforeEach(() => {
    t = openFixture(store);
  });

  it('collects a digest until its time, without what is over by then; critical findings do not wait', async () => {
    t.openNew({ digest: { every: 'day', at: '08:00', timezone: 'Etc/UTC' } });
    const short = await t.open('over-by-then');
    await t.open('first', { severity: 'warning' });
    await t.open('urgent', { severity: 'critical' });
    await t.later(1);
    assert.deepEqual(t.told(), ['urgent open']);
    await t.resolve(short);
    await t.open('second', { severity: 'warning' });
    await t.later(1);
    const due = t.outbox.nextAttemptAt();
    assert.equal(due?.toISOString().slice(11), '08:00:00.000Z');
    await t.later(due.getTime() - t.clock - 1);
    assert.equal(t.channel.messages.length, 1);
    await t.later(1);
    assert.deepEqual(t.told(), ['urgent open', 'first open', 'second open']);
    assert.equal(t.channel.messages[1]?.kind, 'digest');
    assert.equal(t.outbox.nextAttemptAt(), null);
  });

  it('keeps quiet hours, but not from critical findings', async () => {
    t.clock = Date.parse(`${new Date(t.clock).toISOString().slice(0, 10)}T22:00:00Z`);
    t.openNew({ quietHours: { from: '18:00', to: '07:30', timezone: 'Etc/UTC' } });
    await t.open('quiet');
    await t.open('loud', { severity: 'critical' });
    await t.later(1);
    assert.deepEqual(t.told(), ['loud open']);
    await t.untilNext();
    assert.equal(new Date(t.clock).toISOString().slice(11, 16), '07:30');
    assert.deepEqual(t.told(), ['loud open', 'quiet open']);
  });

  it('repeats an open finding until it is acknowledged', async () => {
    t.openNew({ repeatHours: 24 });
    const ten = await t.open('repeated');
    await t.later(1);
    for (let day = 1; day <= 2; day += 1) await t.untilNext();
    assert.deepEqual(
      t.channel.messages.map(({ alerts }) => alerts[0]?.change),
      ['opened', 'reminder', 'reminder'],
    );
    assert.equal(new Set(t.channel.messages.map(({ id }) => id)).size, 3, 'each is a message of its own');
    await t.acknowledge(ten);
    await t.later(3 * dayMs);
    assert.equal(t.channel.messages.length, 3);
  });

  it('escalates what is not acknowledged in time', async () => {
    const routing: Routing = {
      themeOf: () => null,
      routes: [
        {
          ...t.channel.settings,
          name: 'all',
          channels: ['other'],
          escalateTo: [t.channel.name],
          escalateAfterHours: 4,
          continue: false,
        },
      ],
    };
    t.reopen(routing);
    await t.open('ignored');
    const seen = await t.open('seen');
    await t.later(1);
    await t.acknowledge(seen);
    await t.later(4 * hourMs - 2);
    assert.deepEqual(t.told(), []);
    await t.later(1);
    assert.deepEqual(t.told(), ['ignored open']);
    assert.equal(t.channel.messages[0]?.alerts[0]?.change, 'escalated');
  });

  describe('of incidents', () => {
    const actions = (): string[] => t.channel.messages.map(({ action, total }) => `${action} ${total}`);
    const threads = (): number => new Set(t.channel.messages.map(({ thread }) => thread)).size;
    beforeEach(() => t.openNew({}, 'incident'));

    it('opens one for each cause and closes it when all its findings are resolved', async () => {
      const same = { cause: 'e'.repeat(32) };
      const [a, b] = [await t.open('a', same), await t.open('b', same)];
      await t.open('c');
      await t.later(1);
      assert.deepEqual(actions(), ['trigger 2', 'trigger 1']);
      await t.resolve(a);
      await t.later(1);
      assert.equal(t.channel.messages.length, 2, 'one of two is still open');
      await t.resolve(b);
      await t.later(1);
      assert.deepEqual(actions().slice(2), ['resolve 1']);
      assert.equal(threads(), 2);
    });

    it('acknowledges what a person acknowledged', async () => {
      const a = await t.open('acked');
      await t.later(1);
      await t.acknowledge(a);
      await t.later(1);
      assert.deepEqual(actions(), ['trigger 1', 'acknowledge 1']);
      assert.equal(threads(), 1);
    });

    it('pages once for a storm of one rule, and closes that incident in the end', async () => {
      const storm = [];
      for (let n = 0; n < 20; n += 1) storm.push(await t.open(`storm-${n}`));
      await t.later(1);
      assert.deepEqual(actions(), ['trigger 20']);
      for (const one of storm) await t.resolve(one);
      await t.later(1);
      assert.deepEqual(actions(), ['trigger 20', 'resolve 20']);
      assert.equal(threads(), 1);
    });
  });

  it('streams every change as an event of its own, in batches', async () => {
    t.openNew({ minSeverity: 'notice' }, 'stream');
    const at = new Date(t.clock);
    const many = Array.from({ length: 1_200 }, (_, n) =>
      finding(`stream-${n}-${t.number}`, { severity: 'notice', openedAt: at, lastSeenAt: at }),
    );
    await store.writeFindings(many);
    await store.writeFindings(
      many.slice(0, 10).map((one) => ({ ...one, revision: 2, state: 'resolved', resolvedAt: at })),
    );
    await t.later(1);
    assert.deepEqual(
      t.channel.messages.map(({ alerts }) => alerts.length),
      [500, 500, 210],
    );
    assert.equal(
      new Set(
        t.channel.messages.flatMap(({ alerts }) => alerts.map(({ id, revision }) => `${id}:${revision}`)),
      ).size,
      1_210,
    );
  });

  it('sends a message of its own through the outbox', async () => {
    t.channel.answers = [failed, took];
    await t.outbox.post({
      id: '1'.repeat(32),
      kind: 'well',
      createdAt: new Date(t.clock).toISOString(),
      alerts: [],
      total: 0,
      resolved: 0,
      open: [],
      omittedByRule: [],
      link: null,
      thread: 'well',
      replyTo: [],
      action: 'trigger',
      well: null,
    });
    await t.later(1);
    await t.later(minuteMs);
    assert.deepEqual(
      t.channel.messages.map(({ kind }) => kind),
      ['well', 'well'],
    );
  });
});
