import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createScratch } from '../../../scanners/ct/scratch.js';

it('lends a buffer again once it was given back, and only for its own length', () => {
  const scratch = createScratch();
  const first = scratch.take(1000);
  assert.equal(first.length, 1000);
  const second = scratch.take(1000);
  assert.notEqual(second, first);
  scratch.give(first);
  assert.notEqual(scratch.take(999), first);
  assert.equal(scratch.take(1000), first);
});
