import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ctConfig } from '../../../scanners/ct/config.js';
import { ctDefaults } from '../../../scanners/ct/config-defaults.js';

it('an empty configuration gives the defaults that ct tail uses without the schema', () => {
  assert.deepEqual(ctConfig.parse({}), ctDefaults);
});
