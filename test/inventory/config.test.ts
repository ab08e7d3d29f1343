import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { connectorKinds } from '../../src/inventory/index.js';

const root = resolve(import.meta.dirname, '../../..');

describe('every kind of inventory source', () => {
  const files = readdirSync(resolve(root, 'src/inventory'))
    .filter((name) => name.endsWith('.ts') && !['index.ts', 'config.ts', 'connector.ts'].includes(name))
    .map((name) => name.slice(0, -3));
  it('is listed by its file name', () => assert.deepEqual(Object.keys(connectorKinds).sort(), files.sort()));
  for (const file of files) {
    it(`${file} has a test`, () => assert.ok(existsSync(resolve(root, `test/inventory/${file}.test.ts`))));
    it(`${file} describes every key`, () => {
      const { shape } = connectorKinds[file as keyof typeof connectorKinds].config;
      for (const [key, value] of Object.entries(shape)) assert.ok(value.description, `${file}.${key}`);
    });
  }
});
