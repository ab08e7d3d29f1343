import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readBundle } from '../../../src/x509/files/bundle.js';
import { seeded } from '../../support/collect.js';
import * as der from '../../support/der-writer.js';
import { issueFor, toPem } from '../../support/pki.js';

const one = issueFor('one.example.com');
const two = issueFor('two.example.com');
const both = [one.der, two.der];
const found = (bytes: Uint8Array): Buffer[] => readBundle(bytes).items.map(({ der }) => Buffer.from(der));
const pem = (text: string): Buffer => Buffer.from(text);

/** ContentInfo of a degenerate SignedData (RFC 5652 section 5.1). */
const pkcs7 = der.sequence(
  der.oid('1.2.840.113549.1.7.2'),
  der.context(
    0,
    true,
    der.sequence(
      der.integer(1),
      der.set(),
      der.sequence(der.oid('1.2.840.113549.1.7.1')),
      der.context(0, true, ...both),
      der.set(),
    ),
  ),
);

const bundles: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['PEM blocks', pem(one.pem + two.pem)],
  [
    'PEM blocks with text and keys around them',
    pem(`subject: one\n${one.pem}\nkey\n${one.keyPem}\nissuer:\n${two.pem}end`),
  ],
  ['PEM with CRLF and indentation', pem((one.pem + two.pem).replaceAll('\n', '\r\n  '))],
  [
    'PEM with headers',
    pem((one.pem + two.pem).replaceAll('CERTIFICATE-----\nMII', 'CERTIFICATE-----\nFriendly-Name: a\n\nMII')),
  ],
  [
    'PEM under the old label',
    pem(toPem(one.der, 'X509 CERTIFICATE') + toPem(two.der, 'TRUSTED CERTIFICATE')),
  ],
  [
    'PEM with trust settings behind the certificate',
    pem(one.pem + toPem(Buffer.concat([two.der, der.sequence(der.sequence())]), 'TRUSTED CERTIFICATE')),
  ],
  ['PEM in UTF-16', Buffer.from(`\ufeff${one.pem}${two.pem}`, 'utf16le')],
  ['DER in a row', Buffer.concat(both)],
  ['bare base64', pem(Buffer.concat(both).toString('base64'))],
  ['PKCS #7', pkcs7],
  ['PKCS #7 in PEM', pem(toPem(pkcs7, 'PKCS7'))],
];
for (const [what, bytes] of bundles) {
  it(`takes both certificates out of ${what}`, () => {
    assert.deepEqual(found(bytes), both);
    assert.ok(readBundle(bytes).items.every(({ problem }) => problem === null));
  });
}

const halves = [one.der, two.der.subarray(0, 99)];
const trailed = Buffer.concat([one.der, Buffer.from('trailer')]);
const inName = issueFor('one.example.com', { subject: `-----BEGIN CERTIFICATE-----\n${'A'.repeat(40)}` });

const kept: readonly (readonly [what: string, bytes: Buffer, items: readonly Buffer[]])[] = [
  ['a certificate that is cut off, as one to be judged', one.der.subarray(0, 99), [one.der.subarray(0, 99)]],
  ['trailing bytes with their certificate', trailed, [trailed]],
  ['a whole certificate apart from one that is cut off', Buffer.concat(halves), halves],
  ['DER whose name says BEGIN CERTIFICATE, as DER', inName.der, [inName.der]],
  [
    'an indefinite length, as one to be judged',
    Buffer.from('308030800000', 'hex'),
    [Buffer.from('308030800000', 'hex')],
  ],
  ['PKCS #7 that is cut off, as one to be judged', pkcs7.subarray(0, 300), [pkcs7.subarray(0, 300)]],
  ['nothing of an empty file', Buffer.alloc(0), []],
  ['nothing of other text', Buffer.from('hello, world'), []],
  ['nothing of a key of indefinite length', Buffer.from('308002010100', 'hex'), []],
  ['nothing of other bytes', Buffer.from('00ff30810203', 'hex'), []],
];
for (const [what, bytes, items] of kept) {
  it(`keeps ${what}`, () => {
    assert.deepEqual(found(bytes), items);
  });
}

it('leaves keys and requests alone, but names them', () => {
  const text = one.keyPem + toPem(Buffer.alloc(9), 'CERTIFICATE REQUEST') + one.keyPem;
  const bundle = readBundle(pem(text));
  assert.deepEqual(bundle, { items: [], otherLabels: ['PRIVATE KEY', 'CERTIFICATE REQUEST'], unread: [] });
});

for (const [what, text, problem] of [
  ['is cut off', one.pem.slice(0, 200), /no END line/],
  ['ends as a key', one.pem.replace('END CERTIFICATE', 'END PRIVATE KEY'), /no END line/],
  ['holds other characters', one.pem.replace('MII', 'M!I'), /not clean base64/],
  ['is one character short', one.pem.replace('MII', 'II'), /not clean base64/],
] as const) {
  it(`says so when a block ${what}, and goes on with the next`, () => {
    const [first, second, ...more] = readBundle(pem(text + two.pem)).items;
    assert.match(first?.problem ?? '', problem);
    assert.deepEqual([second?.der, second?.problem, more], [two.der, null, []]);
  });
}

it('never throws, whatever bytes it is given', () => {
  const random = seeded(20261123);
  const originals = [pem(one.pem + two.pem), Buffer.concat(both), pkcs7, pem(toPem(pkcs7, 'CMS'))];
  for (let round = 0; round < 4000; round += 1) {
    const bytes = Buffer.from(originals[round % originals.length] ?? one.der);
    for (let change = 0; change < 1 + (round % 7); change += 1)
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    readBundle(round % 3 === 0 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes);
  }
});

for (const [what, bytes] of [
  ['BEGIN lines', Buffer.from('-----BEGIN CERTIFICATE-----\n'.repeat(40_000))],
  ['END lines', Buffer.from('-----END CERTIFICATE-----\n'.repeat(40_000))],
  ['small elements', Buffer.from('30818000'.repeat(300_000), 'hex')],
  ['dashes', Buffer.from(`-----BEGIN ${'-'.repeat(2_000_000)}`)],
  ['white space', Buffer.from(`-----BEGIN CERTIFICATE-----${' '.repeat(2_000_000)}`)],
  ['header lines', Buffer.from(`-----BEGIN CERTIFICATE-----\n${'a'.repeat(2_000_000)}`)],
] as const) {
  it(`needs time in proportion to the bytes of many ${what}`, () => {
    const start = performance.now();
    readBundle(bytes);
    assert.ok(performance.now() - start < 2000);
  });
}
