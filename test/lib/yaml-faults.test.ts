import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LineCounter, parseDocument } from 'yaml';
import { yamlFaults } from '../../src/lib/yaml-faults.js';

function faults(text: string): readonly string[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  return yamlFaults(document, text, lines).map(({ line, sentence }) => `${line}: ${sentence}`);
}

describe('mistakes in YAML are explained', () => {
  for (const [text, expected] of [
    ['targets: [@hosts.txt]\n', /^1: put "@hosts\.txt" in quotes/],
    ['a:\n  - %x\n', /^2: put "%x" in quotes; a value cannot begin with %/],
    ['exclude: [*.example.com]\n', /^1: put "\*\.example\.com" in quotes/],
    ['a:\n\tb: 1\n', /^2: the line is indented with a tab/],
    ['a: 1\nb: 2\na: 3\n', /^3: the key a stands here a second time/],
    ['port:8443\nb: 1\n', /^1: write a space after the colon: port: 8443/],
    ['a: b: c\n', /^1: a value with ": " in it needs quotes/],
    ['a:\n  b: 1\n c: 2\n', /^3: the line is indented differently/],
    ['a:\n  - b: 1\n   c: 2\n', /^3: the line is neither an item/],
    ['a: [1, 2\nb: 1\n', /^2: a list or section that was opened with \[ before this line is not closed/],
    ['a: {b: 1\nc: 2\n', /^2: a list or section that was opened with \{/],
    ['a: "x\nb: 1\n', /a quote that was opened before is not closed/],
    ["a: 'it's'\n", /^1: a single quote within single quotes is written twice/],
    ['a: "C:\\data"\n', /^1: a backslash within double quotes/],
    ['a: 1\n---\nb: 2\n', /^2: --- begins a second document/],
    ['a: {{ HOST }}\n', /^1: braces within braces/],
    ['a: |x\n  b\n', /^1: this cannot be read \(Block scalar header/],
  ] as const)
    it(JSON.stringify(text), () => {
      const found = faults(text);
      assert.equal(found.length, 1);
      assert.match(found[0] ?? '', expected);
    });

  it('and what can be read has none', () =>
    assert.deepEqual(faults('a: &x [1]\nb: *x\nc: "@file"\nd: "*.example.com"\n'), []));
});
