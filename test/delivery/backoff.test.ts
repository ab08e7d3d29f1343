import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { afterTry, createPace, retryDelayMs } from '../../src/delivery/backoff.js';
import { delivery } from '../store/sample.js';
import { failed, gone, took } from './samples.js';

const hourMs = 3_600_000;
const at = (ms: number): Date => new Date(ms);

it('waits twice as long after each failure, up to four hours, and longer when the receiver says so', () => {
  const delays = [1, 2, 3, 10, 20, 1000].map((attempts) => retryDelayMs(attempts, null, () => 0.5));
  assert.deepEqual(delays, [5_000, 10_000, 20_000, 2_560_000, 4 * hourMs, 4 * hourMs]);
  assert.deepEqual([retryDelayMs(1, null, () => 0), retryDelayMs(1, null, () => 1)], [4_000, 6_000]);
  const [longer, shorter] = [1, 10].map((attempts) => retryDelayMs(attempts, 60_000, () => 0.5));
  assert.deepEqual([longer, shorter], [60_000, 2_560_000]);
});

describe('a delivery after one try', () => {
  const pending = { ...delivery('email', 'x'), createdAt: at(0) };
  for (const [name, result, ms, state] of [
    ['is sent when it was accepted', took, 1, 'sent'],
    ['waits when it failed', failed, 1, 'pending'],
    ['waits four days after its creation', failed, 96 * hourMs, 'pending'],
    ['fails after that', failed, 96 * hourMs + 1, 'failed'],
    ['fails when it was refused for good', gone, 1, 'failed'],
  ] as const)
    it(name, () => {
      const after = afterTry(pending, result, at(ms));
      assert.equal(after.state, state);
      assert.equal(after.attempts, 1);
      assert.equal(after.nextAttemptAt === null, state !== 'pending');
    });
});

describe('the pace of a channel', () => {
  const pending = delivery('email', 'x');

  it('leaves the group interval between two messages, half a minute at most for critical findings', () => {
    const pace = createPace(60_000);
    assert.equal(pace.mayDecide(false, at(0)), null);
    pace.decided(at(0));
    assert.deepEqual(pace.mayDecide(false, at(59_999)), at(60_000));
    assert.equal(pace.mayDecide(false, at(60_000)), null);
    assert.deepEqual(pace.mayDecide(true, at(29_999)), at(30_000));
    assert.equal(pace.mayDecide(true, at(30_000)), null);
  });

  it('lets new findings wait for the next try of a receiver that fails, but not critical ones', () => {
    const pace = createPace(0);
    assert.equal(pace.tried({ ...pending, nextAttemptAt: at(5_000) }, failed, at(0)), false);
    assert.deepEqual(pace.mayDecide(false, at(1)), at(5_000));
    assert.equal(pace.mayDecide(true, at(1)), null);
    assert.equal(pace.tried(pending, took, at(5_000)), true, 'it is back');
    assert.equal(pace.mayDecide(false, at(5_000)), null);
    assert.equal(pace.tried(pending, took, at(6_000)), false, 'it was never away');
  });

  it('leaves a receiver that refused for good alone for an hour, unless it is forgiven', () => {
    const pace = createPace(0);
    pace.tried(pending, gone, at(0));
    assert.deepEqual(pace.refusedUntil(at(1)), at(hourMs));
    assert.deepEqual(pace.mayDecide(true, at(1)), at(hourMs));
    assert.equal(pace.refusedUntil(at(hourMs)), null);
    pace.tried(pending, gone, at(hourMs));
    pace.forgive();
    assert.equal(pace.refusedUntil(at(hourMs + 1)), null);
  });
});
