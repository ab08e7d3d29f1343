import assert from 'node:assert/strict';
import { it } from 'node:test';
import { groupBy } from '../../src/lib/group-by.js';

it('groups values by a key, each group in order', () => {
  const groups = groupBy(['apple', 'bean', 'avocado'], (word) => word[0]);
  assert.deepEqual(
    [...groups],
    [
      ['a', ['apple', 'avocado']],
      ['b', ['bean']],
    ],
  );
  assert.deepEqual([...groupBy([], String)], []);
});
