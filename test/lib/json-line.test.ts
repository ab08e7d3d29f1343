import assert from 'node:assert/strict';
import { it } from 'node:test';
import { jsonLine } from '../../src/lib/json-line.js';

const hostile = [
  '\u001b[31mred',
  '\u009b31m',
  '\u009d0;title\u0007',
  'a\u202egnp.exe',
  'a\u200bb\ufeff',
  'line\u2028end\r\n',
  '\u{e0041}tag',
  '\ud800 alone',
  '\u007f\0',
];

for (const text of hostile) {
  it(`writes ${JSON.stringify(text)} without a raw control character, and it reads back the same`, () => {
    const line = jsonLine({ [text]: [text] });
    assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    assert.deepEqual(JSON.parse(line), { [text]: [text] });
  });
}

it('leaves letters of every script as they are', () => {
  assert.equal(jsonLine('Bücher 日本 💥'), '"Bücher 日本 💥"');
});
