import assert from 'node:assert/strict';
import { it } from 'node:test';
import { displayWidth, fitWidth } from '../../src/lib/display-width.js';

for (const [text, columns] of [
  ['', 0],
  ['plain', 5],
  ['Bücher', 6],
  ['日本語', 6],
  ['한국', 4],
  ['ｆｕｌｌ', 8],
  ['💥', 2],
  ['e\u0301', 1],
] as const) {
  it(`counts ${columns} columns for ${JSON.stringify(text)}`, () =>
    assert.equal(displayWidth(text), columns));
}

for (const [text, columns, fitted] of [
  ['plain', 5, 'plain'],
  ['plain', 4, 'pla…'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
  ['plain', 1, '…'],
  ['plain', 0, ''],
] as const) {
  it(`fits ${text} into ${columns} columns as ${JSON.stringify(fitted)}`, () => {
    assert.equal(fitWidth(text, columns), fitted);
    assert.ok(displayWidth(fitWidth(text, columns)) <= columns);
  });
}
