import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';
import { currentTypes, typesFile } from '../support/api-types-main.js';

it('has types of the API in the console that are those of the API', async () => {
  assert.equal(
    await readFile(typesFile, 'utf8'),
    await currentTypes(),
    'the API has changed: run npm run console:types and commit src/console/api/types.ts',
  );
});
