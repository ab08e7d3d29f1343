import assert from 'node:assert/strict';
import { it } from 'node:test';
import { rules } from '../../src/rules/index.js';
import { themes } from '../../src/rules/themes.js';

it('knows the theme of every rule', () => {
  for (const { id } of rules) assert.ok(themes.has(id), id);
  assert.equal(themes.get('expired'), 'time');
  assert.equal(themes.get('delivery-failed'), 'self');
});
