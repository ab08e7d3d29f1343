import assert from 'node:assert/strict';
import { it } from 'node:test';
import { rules } from '../../src/rules/index.js';
import { worseThan } from '../../src/rules/worse-than.js';

it('names the rules that supersede another', () => {
  assert.deepEqual(worseThan('expiring'), ['expired']);
  assert.deepEqual(worseThan('expired'), []);
});

it('is declared for rules that exist, and in no circle', () => {
  const ids = new Set(rules.map(({ id }) => id));
  for (const { id, supersedes } of rules)
    for (const milder of supersedes ?? []) {
      assert.ok(ids.has(milder), `${id} supersedes the unknown rule ${milder}`);
      assert.ok(!worseThan(id).includes(milder), `${id} and ${milder} supersede each other`);
    }
});
