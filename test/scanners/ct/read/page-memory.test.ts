import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createPageMemory } from '../../../../scanners/ct/read/page-memory.js';

it('lends memory again once it was given back, to whoever needs as much', () => {
  const memory = createPageMemory();
  const first = memory.take(500_000);
  assert.ok(first.length >= 500_000);
  const second = memory.take(500_000);
  assert.notEqual(second.buffer, first.buffer);
  memory.give(first.buffer);
  assert.notEqual(memory.take(100_000).buffer, first.buffer);
  assert.equal(memory.take(400_000).buffer, first.buffer);
});

it('gives what is small a buffer of its own length, and keeps no more than 16 MB', () => {
  const memory = createPageMemory();
  const small = memory.take(100);
  assert.equal(small.buffer.byteLength, 100);
  memory.give(small.buffer);
  assert.notEqual(memory.take(100).buffer, small.buffer);
  const some = Array.from({ length: 5 }, () => memory.take(4 * 1024 * 1024));
  for (const { buffer } of some) memory.give(buffer);
  const again = new Set(Array.from({ length: 5 }, () => memory.take(4 * 1024 * 1024).buffer));
  assert.equal(some.filter(({ buffer }) => again.has(buffer)).length, 4);
});

it('lends what is larger again as long as the garbage collector has not seen it', () => {
  const memory = createPageMemory();
  const large = memory.take(48 * 1024 * 1024);
  memory.give(large.buffer);
  assert.equal(memory.take(40 * 1024 * 1024).buffer, large.buffer);
  assert.notEqual(memory.take(40 * 1024 * 1024).buffer, large.buffer);
});
