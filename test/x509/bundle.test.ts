import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readBundle } from '../../src/x509/bundle.js';
import * as der from '../support/der-writer.js';
import { issueFor, toPem } from '../support/pki.js';

const one = issueFor('one.example.com');
const two = issueFor('two.example.com');
const both = [one.der, two.der];
const found = (bytes: Uint8Array): Buffer[] =>
  readBundle(bytes).certificates.map((certificate) => Buffer.from(certificate));
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
    assert.deepEqual(readBundle(bytes).errors, []);
  });
}

it('keeps what is no certificate as one, to be judged', () => {
  for (const bytes of [
    Buffer.from('hello'),
    one.der.subarray(0, 99),
    Buffer.concat([one.der, Buffer.from('trailer')]),
  ])
    assert.deepEqual(found(bytes), [bytes]);
});

for (const [what, bytes, error] of [
  ['an empty file', Buffer.alloc(0), /empty/],
  ['text without certificates', pem(one.keyPem), /no certificate/],
  ['a block that is cut off', pem(one.pem.slice(0, 200)), /no end/],
  ['a block with other characters', pem(one.pem.replace('MII', 'M!I')), /more than base64/],
] as const) {
  it(`says what is wrong with ${what}`, () => {
    assert.match(readBundle(bytes).errors.join(), error);
  });
}

it('needs time in proportion to the bytes', () => {
  const hostile = '-----BEGIN CERTIFICATE-----\n'.repeat(40_000);
  const start = performance.now();
  readBundle(pem(hostile));
  assert.ok(performance.now() - start < 2000);
});
