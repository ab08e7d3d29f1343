import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { rules } from '../../src/rules/index.js';
import { catalogueFile, renderRuleCatalogue } from '../support/rule-catalogue.js';

it('keeps docs/rules.md current', () => {
  assert.equal(readFileSync(catalogueFile, 'utf8'), renderRuleCatalogue(), 'run: npm run rules:docs');
});

it('lists every rule once', () => {
  const text = renderRuleCatalogue();
  for (const { id } of rules) assert.equal(text.split(`| \`${id}\` |`).length, 2, id);
});
