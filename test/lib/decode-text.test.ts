import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeText, textChunks, textLines } from '../../src/lib/decode-text.js';
import { chunked, collect } from '../support/collect.js';

const text = 'wwẅ.example\r\n';
const little = (value: string): Buffer => Buffer.from(value, 'utf16le');
const big = (value: string): Buffer => little(value).swap16();

const encodings: readonly (readonly [string, Buffer, string])[] = [
  ['UTF-8', Buffer.from(text), text],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`), text],
  ['UTF-16, little end first', little(`\ufeff${text}`), text],
  ['UTF-16, big end first', big(`\ufeff${text}`), text],
  ['UTF-16 without a mark', little('plain ASCII text'), 'plain ASCII text'],
  ['UTF-16, big end first, without a mark', big('plain ASCII text'), 'plain ASCII text'],
  ['nothing', Buffer.alloc(0), ''],
];

describe('decodeText', () => {
  for (const [name, bytes, expected] of encodings)
    it(`reads ${name}`, () => assert.equal(decodeText(bytes), expected));
  it('reads what is no UTF-8 as Latin-1', () =>
    assert.equal(decodeText(Buffer.from('a\xe9', 'latin1')), 'aé'));
  it('leaves out half a character at the end', () => {
    assert.equal(decodeText(little('\ufeffab').subarray(0, 5)), 'a');
  });
  for (const bytes of ['00ff30810203', '89504e470000', '61000062', '0000000000'])
    it(`calls ${bytes} no text`, () => assert.equal(decodeText(Buffer.from(bytes, 'hex')), null));
});

describe('textChunks', () => {
  for (const [name, bytes, expected] of encodings)
    it(`reads ${name} in chunks of 17 and of all bytes`, async () => {
      for (const size of [17, 1_000])
        assert.equal((await collect(textChunks(chunked(bytes, size)))).join(''), expected);
    });
});

describe('textLines', () => {
  for (const [bytes, expected] of [
    ['a\nb\r\nc\rd', ['a', 'b', 'c', 'd']],
    ['a\n\nb\n', ['a', '', 'b']],
    ['a\r', ['a']],
    ['', []],
  ] as const)
    it(`splits ${JSON.stringify(bytes)}, wherever the chunks end`, async () => {
      for (const size of [1, 2, 100])
        assert.deepEqual(await collect(textLines(chunked(Buffer.from(bytes), size))), expected);
    });
  it('reads what PowerShell writes', async () => {
    assert.deepEqual(await collect(textLines(chunked(little('\ufeffone\r\ntwo\r\n'), 3))), ['one', 'two']);
  });
});
