import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { alertDocs } from '../support/alert-docs.js';

for (const [file, text] of alertDocs())
  it(`keeps ${file.split('/').slice(-2).join('/')} current`, () =>
    assert.equal(readFileSync(file, 'utf8'), text, 'run: npm run alerts:docs'));
