import assert from 'node:assert/strict';
import { it } from 'node:test';
import { slicesOf } from '../../src/store/queries/stream-rows.js';
import { hash } from './sample.js';

for (const [certificates, count] of [
  [0, 1],
  [100_000, 1],
  [100_001, 16],
  [2_000_001, 256],
] as const)
  it(`puts every SHA-256 of ${certificates} certificates into one of ${count} ranges, in order`, () => {
    const slices = slicesOf(certificates);
    assert.equal(slices.length, count);
    slices.slice(1).forEach(({ lower }, index) => assert.equal(lower, slices[index]?.upper));
    for (const sha256 of [
      '0'.repeat(64),
      'f'.repeat(64),
      ...Array.from({ length: 100 }, (_, n) => hash(String(n))),
    ])
      assert.equal(slices.filter(({ lower, upper }) => sha256 >= lower && sha256 < upper).length, 1);
  });
