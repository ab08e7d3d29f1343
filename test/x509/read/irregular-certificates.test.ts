import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { it } from 'node:test';
import { isUnreadable, type Certificate } from '../../../src/model/certificate.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { assemble, attribute, dnsName, extensions, rdns, san, text, time } from '../assemble.js';
import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const codes = (certificate: Certificate): string[] => certificate.problems.map(({ code }) => code);

const irregular: readonly (readonly [
  what: string,
  bytes: () => Buffer,
  code: string,
  check?: (read: Certificate) => void,
])[] = [
  ['no bytes', () => Buffer.alloc(0), 'not-der'],
  ['one byte', () => Buffer.from([0x30]), 'not-der'],
  [
    'trailing bytes',
    () => Buffer.concat([assemble({}), Buffer.from('ab')]),
    'trailing-bytes',
    (read) => assert.equal(read.subject, 'CN=www.example.com'),
  ],
  [
    'a negative serial',
    () => assemble({ serial: der.element(2, Buffer.from([0xff, 0x7f])) }),
    'negative-serial',
    (read) => assert.equal(read.serialNumber, 'ff7f'),
  ],
  [
    'serial zero',
    () => assemble({ serial: der.integer(0) }),
    'zero-serial',
    (read) => assert.equal(read.serialNumber, '0'),
  ],
  [
    'an empty serial',
    () => assemble({ serial: der.element(2) }),
    'bad-serial',
    (read) => assert.equal(read.serialNumber, ''),
  ],
  [
    'a padded serial',
    () => assemble({ serial: der.element(2, Buffer.from([0, 5])) }),
    'bad-serial',
    (read) => assert.equal(read.serialNumber, '5'),
  ],
  [
    'a serial of 21 octets',
    () => assemble({ serial: der.integer(2n ** 160n) }),
    'long-serial',
    (read) => assert.equal(read.serialNumber, `1${'0'.repeat(40)}`),
  ],
  ['version 4', () => assemble({ version: der.context(0, true, der.integer(3)) }), 'bad-version'],
  [
    'extensions in version 1',
    () => assemble({ version: Buffer.alloc(0), tail: extensions(san(dnsName('a.example.com'))) }),
    'bad-version',
    (read) => assert.deepEqual(read.dnsNames, ['a.example.com']),
  ],
  [
    'month 13',
    () => assemble({ validity: der.sequence(time(23, '261301000000Z'), time(23, '270101000000Z')) }),
    'bad-time',
    (read) => assert.equal(read.notBefore, null),
  ],
  [
    'year 0',
    () => assemble({ validity: der.sequence(time(24, '00000101000000Z'), time(23, '270101000000Z')) }),
    'time-out-of-range',
    (read) => assert.equal(read.notBefore?.toISOString(), '0000-01-01T00:00:00.000Z'),
  ],
  [
    'a UTCTime without seconds',
    () => assemble({ validity: der.sequence(time(23, '2601010000Z'), time(23, '270101000000Z')) }),
    'time-format',
    (read) => assert.equal(read.notBefore?.toISOString(), '2026-01-01T00:00:00.000Z'),
  ],
  [
    'a time that is a string',
    () => assemble({ validity: der.sequence(time(12, '260101000000Z'), time(23, '270101000000Z')) }),
    'bad-time',
  ],
  [
    'notAfter before notBefore',
    () => assemble({ validity: der.sequence(time(23, '270101000000Z'), time(23, '260101000000Z')) }),
    'inverted-validity',
  ],
  [
    'an iPAddress of 5 octets',
    () => assemble({ tail: extensions(san(der.context(7, false, Buffer.alloc(5)))) }),
    'bad-ip-address',
    (read) => assert.deepEqual(read.ipAddresses, []),
  ],
  [
    'an iPAddress with a mask',
    () => assemble({ tail: extensions(san(der.context(7, false, Buffer.alloc(8)))) }),
    'bad-ip-address',
  ],
  ['an empty subjectAltName', () => assemble({ tail: extensions(san()) }), 'empty-subject-alt-name'],
  [
    'a NUL in a dNSName',
    () => assemble({ tail: extensions(san(dnsName('a.example.com\0.evil.test'))) }),
    'nul-in-name',
    (read) => assert.deepEqual(read.names, ['a.example.com', 'evil.test', 'www.example.com']),
  ],
  [
    'a U-label in a dNSName',
    () => assemble({ tail: extensions(san(dnsName('münchen.example'))) }),
    'bad-text',
    (read) => {
      assert.deepEqual(read.dnsNames, ['münchen.example']);
      assert.ok(read.names.includes('xn--mnchen-3ya.example'));
    },
  ],
  [
    'a subjectAltName that breaks off',
    () =>
      assemble({
        tail: extensions(
          extension(
            '2.5.29.17',
            false,
            Buffer.concat([Buffer.from([0x30, 15, 0x82, 20]), text('a.example.com')]),
          ),
        ),
      }),
    'bad-subject-alt-name',
    (read) => {
      assert.ok(isUnreadable(read));
      assert.ok(read.names.includes('a.example.com'));
    },
  ],
  [
    'two subjectAltNames',
    () => assemble({ tail: extensions(san(dnsName('a.example.com')), san(dnsName('b.example.com'))) }),
    'duplicate-extension',
    (read) => assert.deepEqual([...read.names].sort(), ['a.example.com', 'b.example.com', 'www.example.com']),
  ],
  [
    'two unknown extensions alike',
    () =>
      assemble({
        tail: extensions(
          extension('1.2.3.4', false, der.nullValue()),
          extension('1.2.3.4', false, der.nullValue()),
        ),
      }),
    'duplicate-extension',
  ],
  [
    'a malformed AuthorityKeyIdentifier',
    () => assemble({ tail: extensions(extension('2.5.29.35', false, text('\0c.example.com'))) }),
    'bad-extension',
    (read) => assert.ok(read.names.includes('c.example.com')),
  ],
  [
    'a malformed EKU',
    () => assemble({ tail: extensions(extension('2.5.29.37', false, der.sequence(der.integer(1)))) }),
    'bad-extension',
  ],
  [
    'an RSA key with a negative modulus',
    () =>
      assemble({
        spki: der.sequence(
          der.sequence(der.oid('1.2.840.113549.1.1.1'), der.nullValue()),
          der.bitString(der.sequence(der.element(2, Buffer.alloc(128, 0xff)), der.integer(65537))),
        ),
      }),
    'bad-key',
  ],
  [
    'a key without an algorithm',
    () => assemble({ spki: der.sequence(der.nullValue()) }),
    'bad-key',
    (read) => assert.equal(read.key, null),
  ],
  [
    'a length in long form without need',
    () => lengthen(assemble({})),
    'not-der',
    (read) => {
      assert.equal(isUnreadable(read), false);
      assert.equal(read.subject, 'CN=www.example.com');
    },
  ],
  [
    'an unexpected tag in the TBSCertificate',
    () => assemble({ serial: der.octetString(Buffer.from([1])) }),
    'bad-structure',
    (read) => assert.ok(read.names.includes('www.example.com')),
  ],
  [
    'an invalid UTF-8 Common Name',
    () => assemble({ subject: rdns(der.set(attribute('2.5.4.3', 12, Buffer.from('Z\xfcrich', 'latin1')))) }),
    'bad-text',
  ],
  ['a broken subject', () => assemble({ subject: der.sequence(der.set(der.integer(1))) }), 'bad-name'],
];
for (const [what, bytes, code, check] of irregular) {
  it(`flags ${what} as ${code}`, () => {
    const input = bytes();
    const read = readCertificate(input);
    assert.ok(codes(read).includes(code), `found ${codes(read).join(', ') || 'nothing'}`);
    assert.equal(read.sha256, sha256(input));
    check?.(read);
  });
}

/** The same certificate with the outer length in one octet more than needed. */
function lengthen(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x30, 0x83, 0]), bytes.subarray(2)]);
}
