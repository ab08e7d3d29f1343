import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { permutation } from '../../../../scanners/tls/targets/permutation.js';

describe('A permutation', () => {
  for (const size of [1, 2, 3, 7, 64, 255, 256, 257, 1000, 65_537]) {
    it(`of ${size} numbers meets every one once`, () => {
      const order = permutation(size, 12_345);
      const seen = new Set(Array.from({ length: size }, (_, index) => order(index)));
      assert.equal(seen.size, size);
      assert.ok([...seen].every((value) => value >= 0 && value < size && Number.isInteger(value)));
    });
  }

  it('of nothing is never asked', () => assert.equal(typeof permutation(0, 1), 'function'));

  it('differs with the seed and repeats with the same seed', () => {
    const walk = (seed: number): number[] =>
      Array.from({ length: 100 }, (_, index) => permutation(1000, seed)(index));
    assert.deepEqual(walk(1), walk(1));
    assert.notDeepEqual(walk(1), walk(2));
  });

  it('of 2^48 numbers stays inside and does not repeat early', () => {
    const size = 2 ** 48;
    const order = permutation(size, 99);
    const seen = new Set(Array.from({ length: 50_000 }, (_, index) => order(index)));
    assert.equal(seen.size, 50_000);
    assert.ok([...seen].every((value) => value >= 0 && value < size && Number.isSafeInteger(value)));
  });

  it('spreads neighbours over all networks: 256 steps of a /16 meet more than 140 of its 256 /24s', () => {
    const order = permutation(65_536, 4);
    const networks = new Set(Array.from({ length: 256 }, (_, index) => order(index) >> 8));
    assert.ok(networks.size > 140, `${networks.size}`);
  });
});
