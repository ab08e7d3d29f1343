import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { deliveryId } from '../../src/delivery/compose.js';
import type { Finding } from '../../src/model/finding.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { embeddedConfig, log, temporaryFolder } from '../store/sample.js';
import { dayMs, hourMs, openFixture, type OutboxFixture } from './outbox-fixture.js';
import { failed, gone } from './samples.js';

describe('the outbox', () => {
  let store: OpenStore;
  let t: OutboxFixture;

  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
  });
  after(() => store.close());
  beforeEach(() => {
    t = openFixture(store);
  });

  it('reports a state once, however often it is asked to', async () => {
    const one = await t.open('once');
    await Promise.all([t.later(1), t.later(1), t.later(1)]);
    await t.later(hourMs);
    assert.deepEqual(t.told(), ['once open']);
    assert.deepEqual(
      (await t.stored(one)).map(({ state }) => state),
      ['sent'],
    );
    assert.deepEqual(t.outcomes, ['true status 204']);
    assert.equal(t.outbox.nextAttemptAt(), null);
  });

  it('tries again with the same id and content until it is accepted, and makes a dead channel known from the fourth failure on', async () => {
    t.channel.answers = Array.from({ length: 5 }, () => failed);
    const two = await t.open('retried');
    for (let tries = 1; tries <= 5; tries += 1) {
      await t.later(hourMs);
      assert.equal((await t.stored(two))[0]?.attempts, tries);
      assert.equal(t.outcomes.length, Math.max(0, tries - 3));
      // Seen again meanwhile, with another detail: what is sent stays what was decided.
      await store.writeFindings([{ ...two, details: { daysLeft: -tries }, lastSeenAt: new Date(t.clock) }]);
    }
    assert.ok((t.outbox.nextAttemptAt()?.getTime() ?? 0) > t.clock);
    await t.later(hourMs);
    assert.equal(t.channel.messages.length, 6);
    assert.equal(new Set(t.channel.messages.map((message) => JSON.stringify(message))).size, 1);
    assert.equal(t.outcomes.at(-1), 'true status 204');
  });

  it('goes on after a crash between deciding and sending', async () => {
    const three = await t.open('crashed');
    const items = [{ findingId: three.id, revision: three.revision }];
    const id = deliveryId(t.channel.name, items);
    const at = new Date(t.clock);
    const decided = {
      id,
      channel: t.channel.name,
      items,
      state: 'pending',
      attempts: 0,
      createdAt: at,
    } as const;
    await store.writeDeliveries([{ ...decided, nextAttemptAt: at, sentAt: null, lastDetail: null }]);
    t.reopen();
    await t.later(1);
    await t.later(1);
    assert.deepEqual(
      t.channel.messages.map((message) => message.id),
      [id],
    );
    assert.deepEqual(t.told(), ['crashed open']);
  });

  it('leaves a receiver that is gone for good alone for an hour, and sends again when asked', async () => {
    t.channel.answers = [gone];
    const four = await t.open('gone');
    await t.later(1);
    const [lost] = await t.stored(four);
    assert.equal(lost?.state, 'failed');
    assert.deepEqual(t.outcomes, [`false status 410 ${lost.id}`]);
    await t.open('after-gone');
    for (let second = 0; second < 10; second += 1) await t.later(10_000);
    assert.equal(t.channel.messages.length, 1, 'nothing is sent meanwhile');
    assert.deepEqual(t.outbox.nextAttemptAt(), new Date(t.clock - 100_000 + hourMs));
    await t.outbox.sendAgain(lost);
    await t.later(1);
    assert.deepEqual(t.told(), ['gone open', 'gone open', 'after-gone open']);
    assert.equal((await t.stored(four))[0]?.state, 'sent');
    assert.equal(t.outcomes.at(-1), 'true status 204');
  });

  it('does not count a failed delivery once what it reported is over', async () => {
    t.channel.answers = [gone];
    const brief = await t.open('brief');
    await t.later(1);
    assert.match(t.outcomes.at(-1) ?? '', /^false status 410 [0-9a-f]{32}$/);
    await t.resolve(brief);
    await t.later(hourMs);
    assert.equal(t.outcomes.at(-1), 'true status 204');
  });

  it('gives up after four days, and says so', async () => {
    t.channel.answers = Array.from({ length: 100 }, () => failed);
    const five = await t.open('late');
    await t.later(1);
    while ((await t.stored(five))[0]?.state === 'pending')
      await t.later((t.outbox.nextAttemptAt()?.getTime() ?? 0) - t.clock);
    const [over] = await t.stored(five);
    assert.equal(over?.state, 'failed');
    assert.ok(over.attempts > 20 && over.attempts < 50, String(over.attempts));
    assert.equal(t.outcomes.at(-1), `false status 503 ${over.id}`);
  });

  it('never lets a message overtake an earlier one about the same finding', async () => {
    t.channel.answers = [failed];
    const six = await t.open('ordered');
    await t.open('poison', { severity: 'critical' });
    await t.later(1);
    await t.resolve(six);
    await t.open('unrelated', { severity: 'critical' });
    t.channel.answers = [failed];
    await t.later(1);
    assert.ok(!t.told().includes('ordered resolved'));
    assert.ok(t.told().includes('unrelated open'), 'one that is refused does not hold up others');
    await t.later(hourMs);
    const of = t.told().filter((line) => line.startsWith('ordered'));
    assert.deepEqual(of.toSorted(), of, 'open before resolved');
    assert.equal(of.at(-1), 'ordered resolved');
  });

  it('A1: loses nothing while the receiver is away for three days, and brings few messages when it is back', async () => {
    const opened: Finding[] = [];
    const tries: number[] = [];
    const start = t.clock;
    const real = t.channel.channel.send;
    t.channel.channel.send = async (message, signal) => {
      if (message.alerts.some(({ host }) => host?.startsWith('away-0-'))) tries.push(t.clock);
      const result = await real(message, signal);
      return t.clock - start < 3 * dayMs ? failed : result;
    };
    for (let step = 0; step < 12; step += 1) {
      opened.push(await t.open(`away-${step}`));
      const end = t.clock + 6 * hourMs;
      await t.outbox.flush();
      for (
        let next = t.outbox.nextAttemptAt();
        next !== null && next.getTime() < end;
        next = t.outbox.nextAttemptAt()
      )
        await t.later(next.getTime() - t.clock);
      t.clock = end;
    }
    const before = t.channel.messages.length;
    for (let next = t.outbox.nextAttemptAt(); next !== null; next = t.outbox.nextAttemptAt())
      await t.later(Math.max(0, next.getTime() - t.clock));
    const after = t.channel.messages.slice(before);
    const reported = new Set(after.flatMap(({ alerts }) => alerts.map(({ id }) => id)));
    assert.equal(opened.filter(({ id }) => !reported.has(id)).length, 0, 'nothing is lost');
    assert.ok(after.length <= 30, `${after.length} messages`);
    const gaps = tries.slice(1).map((at, index) => (at - (tries[index] ?? 0)) / 1000);
    gaps.slice(0, -1).forEach((gap, index) => {
      const nominal = Math.min(4 * 3_600, 5 * 2 ** index);
      assert.ok(
        gap > nominal * 0.79 && gap < nominal * 1.21,
        `gap ${index} is ${gap} s, not about ${nominal} s`,
      );
    });
    assert.ok(gaps.length > 20, `${gaps.length} tries`);
  });

  it('says nothing about states that people made, and about old ones', async () => {
    await t.open('person', { state: 'silenced', changedBy: 'ada' });
    const old = new Date(t.clock - 15 * dayMs);
    await t.open('old', { openedAt: old, lastSeenAt: old });
    await t.later(1);
    assert.deepEqual(t.told(), []);
  });

  it('says what changed since the last message, and to which it belongs', async () => {
    const seven = await t.open('since', { severity: 'warning', details: { daysLeft: 10 } });
    await t.later(1);
    await store.writeFindings([
      { ...seven, revision: 2, severity: 'error', details: { daysLeft: 3 }, lastSeenAt: new Date(t.clock) },
    ]);
    await t.later(1);
    const [first, second] = t.channel.messages;
    assert.deepEqual(second?.alerts[0]?.since, ['severity warning -> error', 'daysLeft 10 -> 3']);
    assert.equal(second?.alerts[0]?.change, 'worsened');
    assert.deepEqual(second?.replyTo, [first?.id]);
  });

  it('does not report the end of what it never reported', async () => {
    const eight = await t.open('short', { severity: 'notice' });
    await t.later(1);
    await t.resolve(eight);
    await t.later(1);
    const nine = await t.open('within');
    await t.resolve(nine);
    await t.later(1);
    assert.deepEqual(t.told(), []);
  });
});
