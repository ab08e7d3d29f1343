import assert from 'node:assert/strict';
import { it } from 'node:test';
import { connectorKinds } from '../../src/inventory/index.js';

for (const [name, { config }] of Object.entries(connectorKinds))
  it(`${name} describes every key`, () => {
    for (const [key, value] of Object.entries(config.shape)) assert.ok(value.description, `${name}.${key}`);
  });
