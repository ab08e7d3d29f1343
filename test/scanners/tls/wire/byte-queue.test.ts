import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ByteQueue } from '../../../../scanners/tls/wire/byte-queue.js';

/** Numbers below 2^32 that repeat for a seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

describe('A queue of bytes', () => {
  it('gives back what it was given, however it came and goes, and holds on to no chunk', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const next = numbers(seed);
      const queue = new ByteQueue();
      const expected: number[] = [];
      for (let step = 0; step < 60; step += 1) {
        const chunk = Uint8Array.from({ length: next(next(4) === 0 ? 9000 : 20) }, () => next(256));
        expected.push(...chunk);
        const isLent = next(2) === 0;
        if (isLent) queue.lend(chunk);
        else queue.push(chunk);
        assert.equal(queue.length, expected.length);
        for (let count = next(3); count > 0; count -= 1) {
          const size = next(next(2) === 0 ? 12_000 : 30);
          const wanted = expected.slice(0, size);
          assert.deepEqual([...queue.peek(size)], wanted);
          expected.splice(0, size);
          assert.deepEqual([...(next(2) === 0 ? queue.take(size) : queue.takeCopy(size))], wanted);
        }
        queue.settle();
        chunk.fill(0);
      }
      assert.deepEqual([...queue.takeCopy(Infinity)], expected);
      assert.equal(queue.length, 0);
    }
  });

  it('hands out copies that later bytes do not touch', () => {
    const queue = new ByteQueue();
    queue.push(Buffer.from('first'));
    const copy = queue.takeCopy(5);
    queue.push(Buffer.from('other'));
    assert.equal(copy.toString(), 'first');
  });
});
