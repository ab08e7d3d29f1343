import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventLog } from '../../src/lib/event-log.js';

describe('a log of events', () => {
  it('hands events to who listens, and what was missed to who was away', () => {
    const log = new EventLog<number>(3);
    const heard: number[] = [];
    assert.equal(log.isIdle, true);
    const stop = log.listen(({ event }) => heard.push(event));
    const start = log.lastId;
    for (const n of [1, 2, 3]) log.publish(n);
    stop();
    const third = log.lastId;
    log.publish(4);
    assert.deepEqual(heard, [1, 2, 3]);
    assert.deepEqual(
      log.since(third).events.map(({ event }) => event),
      [4],
    );
    assert.deepEqual(log.since(log.lastId), { events: [], isWhole: true });
    // The first one is no longer kept.
    const missed = log.since(start);
    assert.deepEqual([missed.events.map(({ event }) => event), missed.isWhole], [[2, 3, 4], false]);
  });

  it('does not keep what comes in masses', () => {
    const log = new EventLog<number>(3);
    const heard: number[] = [];
    log.listen(({ event }) => heard.push(event));
    const start = log.lastId;
    log.publish(1, { keep: false });
    assert.deepEqual(heard, [1]);
    assert.deepEqual(log.since(start), { events: [], isWhole: true });
  });

  for (const id of ['', 'x', 'other-1', '-1', 'x-y-z', `${'9'.repeat(40)}-1`])
    it(`says of the id ${JSON.stringify(id.slice(0, 10))} that something may be missing`, () =>
      assert.deepEqual(new EventLog<number>(3).since(id), { events: [], isWhole: false }));

  it('says so of an id of the future, too', () => {
    const log = new EventLog<number>(3);
    const [origin] = log.lastId.split('-');
    assert.equal(log.since(`${origin}-7`).isWhole, false);
  });
});
