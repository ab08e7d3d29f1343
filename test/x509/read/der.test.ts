import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  children,
  DerError,
  expectElement,
  integerHex,
  readBitString,
  readBoolean,
  readElement,
  readInteger,
  readOid,
  readSmallInteger,
  readWhole,
} from '../../../src/x509/read/der.js';
import * as der from '../../support/der-writer.js';

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');

const refused: readonly (readonly [why: string, bytes: string])[] = [
  ['nothing at all', ''],
  ['a lone tag', '30'],
  ['contents cut off', '3002 05'],
  ['an indefinite length', '3080 0000'],
  ['a long form for a short length', '308101 00'],
  ['a padded length', '30820080' + '00'.repeat(128)],
  ['a length that is cut off', '3082 01'],
  ['a length of five octets', '308500000000010 0'],
  ['a length of 4 GiB', '3084ffffffff 00'],
  ['a tag number above 30', '3f8101 00'],
];

for (const [why, bytes] of refused) {
  it(`refuses ${why}`, () => {
    assert.throws(() => readElement(hex(bytes), 0), DerError);
  });
}

it('reads tag and contents of an element with a long length', () => {
  const bytes = der.octetString(Buffer.alloc(70_000));
  assert.deepEqual(readElement(bytes, 0), { tag: 4, start: 0, contentStart: 5, end: 70_005 });
});

it('keeps a child inside its parent', () => {
  const bytes = hex('3003 0402 0102');
  const parent = { tag: 0x30, start: 0, contentStart: 2, end: 5 };
  assert.throws(() => [...children(bytes, parent)], DerError);
});

it('walks children in order and refuses to walk into a primitive element', () => {
  const bytes = der.sequence(der.integer(1), der.nullValue(), der.integer(2));
  const tagsSeen = [...children(bytes, readElement(bytes, 0))].map((child) => child.tag);
  assert.deepEqual(tagsSeen, [2, 5, 2]);
  const primitive = der.octetString(der.integer(1));
  assert.throws(() => [...children(primitive, readElement(primitive, 0))], DerError);
});

it('names the offset of what is wrong', () => {
  const bytes = der.sequence(der.integer(1));
  assert.throws(() => expectElement(bytes, 4, 2), { name: 'DerError', offset: 2 });
  assert.throws(() => readWhole(Buffer.concat([bytes, Buffer.from([0])]), 0x30), { offset: bytes.length });
});

const oids = [
  '2.5.4.3',
  '1.2.840.113549.1.1.11',
  '0.0',
  '2.999.1',
  '2.40',
  '1.3.6.1.4.1.11129.2.4.3',
  '2.23.140.1.2.1',
];
for (const text of oids) {
  it(`reads object identifier ${text}`, () => {
    const [first = 0, second = 0] = text.split('.').map(Number);
    const bytes = first === 2 && second > 39 ? bigFirstArc(text) : der.oid(text);
    assert.equal(readOid(bytes, readElement(bytes, 0)), text);
  });
}

function bigFirstArc(text: string): Buffer {
  return text === '2.999.1' ? Buffer.from('0603883701', 'hex') : Buffer.from('060178', 'hex');
}

for (const [why, bytes] of [
  ['empty', '0600'],
  ['cut off', '06022a86'],
  ['padded', '06032a8001'],
  ['with an endless arc', `0614${'ff'.repeat(19)}7f`],
  ['with 257 octets', `06820101${'01'.repeat(257)}`],
] as const) {
  it(`refuses an object identifier that is ${why}`, () => {
    assert.throws(() => readOid(hex(bytes), readElement(hex(bytes), 0)), DerError);
  });
}

for (const value of [0n, 1n, 127n, 128n, -1n, -128n, -129n, 2n ** 160n, -(2n ** 80n)]) {
  it(`reads the integer ${value}`, () => {
    const bytes = der.integer(value);
    assert.equal(readInteger(bytes, readElement(bytes, 0)), value);
  });
}

it('refuses integers that are empty, padded, or too large for 31 bits', () => {
  for (const bytes of ['0200', '02020001', '0202ff80'])
    assert.throws(() => readInteger(hex(bytes), readElement(hex(bytes), 0)), DerError);
  for (const bytes of ['02050080000000', '0201ff', '0200'])
    assert.throws(() => readSmallInteger(hex(bytes), readElement(hex(bytes), 0)), DerError);
  assert.equal(readSmallInteger(hex('02047fffffff'), readElement(hex('02047fffffff'), 0)), 2 ** 31 - 1);
});

for (const [bytes, expected] of [
  ['020100', '0'],
  ['0200', '0'],
  ['02020000', '0'],
  ['02020001', '1'],
  ['020200ab', 'ab'],
  ['02010a', 'a'],
  ['0201ff', 'ff'],
] as const) {
  it(`writes the integer octets ${bytes} as ${expected}`, () => {
    assert.equal(integerHex(hex(bytes), readElement(hex(bytes), 0)), expected);
  });
}

it('takes only 00 and ff for a boolean', () => {
  assert.equal(readBoolean(hex('0101ff'), readElement(hex('0101ff'), 0)), true);
  assert.equal(readBoolean(hex('010100'), readElement(hex('010100'), 0)), false);
  for (const bytes of ['010101', '0100', '01020000'])
    assert.throws(() => readBoolean(hex(bytes), readElement(hex(bytes), 0)), DerError);
});

it('takes only well-formed bit strings', () => {
  assert.equal(readBitString(hex('03020780'), readElement(hex('03020780'), 0)).unusedBits, 7);
  assert.equal(readBitString(hex('030100'), readElement(hex('030100'), 0)).bits.length, 0);
  for (const bytes of ['0300', '030101', '03020880', '03020781'])
    assert.throws(() => readBitString(hex(bytes), readElement(hex(bytes), 0)), DerError);
});
