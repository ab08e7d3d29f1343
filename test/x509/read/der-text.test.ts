import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readElement } from '../../../src/x509/read/der.js';
import { decodeText } from '../../../src/x509/read/der-text.js';
import { element } from '../../support/der-writer.js';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

const cases: readonly (readonly [
  name: string,
  tag: number,
  content: Buffer,
  text: string,
  valid: boolean,
])[] = [
  ['UTF8String', 0x0c, Buffer.from('Zürich 例'), 'Zürich 例', true],
  ['UTF8String holding Latin-1', 0x0c, latin1('Z\xfcrich'), 'Z\ufffdrich', false],
  ['UTF8String with a byte order mark', 0x0c, Buffer.from('\ufeffa'), '\ufeffa', true],
  ['PrintableString', 0x13, latin1("A-z 0'()+,./:=?"), "A-z 0'()+,./:=?", true],
  ['PrintableString with an asterisk', 0x13, latin1('*.example.com'), '*.example.com', false],
  ['NumericString', 0x12, latin1('12 34'), '12 34', true],
  ['NumericString with a letter', 0x12, latin1('12a'), '12a', false],
  ['IA5String', 0x16, latin1('a@b'), 'a@b', true],
  ['IA5String above ASCII', 0x16, latin1('\xe9'), 'é', false],
  ['VisibleString with a control', 0x1a, latin1('a\tb'), 'a\tb', false],
  ['TeletexString as Latin-1', 0x14, latin1('Z\xfcrich'), 'Zürich', true],
  ['BMPString', 0x1e, utf16be('Zürich 例'), 'Zürich 例', true],
  ['BMPString with a surrogate pair', 0x1e, utf16be('😀'), '😀', false],
  ['BMPString with half a surrogate', 0x1e, Buffer.from('d800', 'hex'), '\ufffd', false],
  ['BMPString of odd length', 0x1e, Buffer.from('004100', 'hex'), 'A', false],
  ['UniversalString', 0x1c, Buffer.from('000000410001f600', 'hex'), 'A😀', true],
  ['UniversalString beyond Unicode', 0x1c, Buffer.from('0000004100110000', 'hex'), 'A\ufffd', false],
  ['UniversalString of odd length', 0x1c, Buffer.from('0000004100', 'hex'), 'A', false],
];

for (const [name, tag, content, text, valid] of cases) {
  it(`decodes ${name}`, () => {
    const bytes = element(tag, content);
    assert.deepEqual(decodeText(bytes, readElement(bytes, 0)), { text, valid });
  });
}

it('says null for what is no string', () => {
  const bytes = element(0x02, Buffer.from([1]));
  assert.equal(decodeText(bytes, readElement(bytes, 0)), null);
});
