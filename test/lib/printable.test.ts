import assert from 'node:assert/strict';
import { it } from 'node:test';
import { escapeHtml, printable } from '../../src/lib/printable.js';

for (const [what, input, expected] of [
  ['plain text', 'CN=www.example.com,O=Müller & Söhne', 'CN=www.example.com,O=Müller & Söhne'],
  ['a NUL', 'good.example\0.evil.example', 'good.example\\u{0}.evil.example'],
  ['an ANSI sequence', '\u001b[31mred\u009b0m', '\\u{1b}[31mred\\u{9b}0m'],
  ['line breaks', 'a\r\nBcc: x\u2028b\u2029c', 'a\\u{d}\\u{a}Bcc: x\\u{2028}b\\u{2029}c'],
  ['bidirectional marks', 'a\u202Eb\u2066c\u200Fd', 'a\\u{202e}b\\u{2066}c\\u{200f}d'],
  ['zero-width characters', 'pay\u200Bpal\uFEFF', 'pay\\u{200b}pal\\u{feff}'],
  ['tag characters', 'x\u{E0041}', 'x\\u{e0041}'],
  ['an unpaired surrogate', 'x\uD800y', 'x\\u{d800}y'],
  ['emoji', '\u{1F600}', '\u{1F600}'],
] as const) {
  it(`shows ${what} in one safe line`, () => assert.equal(printable(input), expected));
}

it('cuts between characters and says so', () => {
  assert.equal(printable('\u{1F600}'.repeat(5), 3), `${'\u{1F600}'.repeat(3)}...`);
  assert.equal(printable('abc', 3), 'abc');
  assert.equal(printable('x'.repeat(10_000_000), 4), 'xxxx...');
});

it('escapes markup on top', () => {
  assert.equal(escapeHtml(`<a href="x" o='y'>&\0`), '&lt;a href=&quot;x&quot; o=&#39;y&#39;&gt;&amp;\\u{0}');
});
