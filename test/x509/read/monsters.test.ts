import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isUnreadable } from '../../../src/model/certificate.js';
import { checkKey } from '../../../src/x509/keys/check-key.js';
import { createNameRanges, locateNames } from '../../../src/x509/read/locate-names.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import * as der from '../../support/der-writer.js';
import { extension } from '../../support/pki.js';
import { assemble, dnsName, extensions, rdns, san, text } from '../assemble.js';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** `depth` SEQUENCEs, one in the other. */
function nested(depth: number): Buffer {
  const headers: Buffer[] = [];
  let length = 0;
  for (let level = 0; level < depth; level += 1) {
    const header =
      length < 0x80
        ? Buffer.from([0x30, length])
        : Buffer.from([0x30, 0x83, length >> 16, (length >> 8) & 255, length & 255]);
    const minimal = length < 0x80 ? header : der.element(0x30, Buffer.alloc(length)).subarray(0, -length);
    headers.unshift(minimal);
    length += minimal.length;
  }
  return Buffer.concat(headers);
}

const monsters: readonly (readonly [
  what: string,
  bytes: () => Buffer,
  check: (read: ReturnType<typeof readCertificate>) => void,
])[] = [
  [
    '50,000 names in 1.6 MB',
    () =>
      assemble({
        subject: rdns(),
        tail: extensions(
          san(...numbers(50_000).map((index) => dnsName(`host-${index}.department.example.com`))),
        ),
      }),
    (read) => {
      assert.ok(read.der.length > 1_500_000);
      assert.equal(read.names.length, 50_000);
      assert.deepEqual(read.problems, []);
    },
  ],
  [
    '50,000 names in capitals',
    () =>
      assemble({
        subject: rdns(),
        tail: extensions(
          san(...numbers(50_000).map((index) => dnsName(`HOST-${index}.department.example.com`))),
        ),
      }),
    (read) => assert.equal(read.names.length, 50_000),
  ],
  [
    '50,000 names, cut off',
    () =>
      assemble({
        subject: rdns(),
        tail: extensions(
          san(...numbers(50_000).map((index) => dnsName(`host-${index}.department.example.com`))),
        ),
      }).subarray(0, 1_500_000),
    (read) => {
      assert.ok(isUnreadable(read));
      assert.ok(read.names.length > 40_000);
    },
  ],
  [
    '20,000 extensions',
    () =>
      assemble({
        tail: extensions(
          ...numbers(20_000).map((index) => extension(`1.3.6.1.4.1.99999.${index}`, false, der.nullValue())),
        ),
      }),
    (read) => assert.deepEqual(read.problems, []),
  ],
  [
    '20,000 times the same extension',
    () =>
      assemble({
        tail: extensions(
          ...numbers(20_000).map(() => extension('2.5.29.17', false, der.sequence(dnsName('a.example.com')))),
        ),
      }),
    (read) =>
      assert.deepEqual(
        read.problems.map(({ code }) => code),
        ['duplicate-extension'],
      ),
  ],
  [
    '10,000 levels in an extension',
    () => assemble({ tail: extensions(extension('1.2.3', false, nested(10_000))) }),
    (read) => assert.deepEqual(read.problems, []),
  ],
  ['10,000 levels and nothing else', () => nested(10_000), (read) => assert.ok(isUnreadable(read))],
  [
    '30,000 attributes in the subject',
    () =>
      assemble({
        subject: rdns(
          ...numbers(30_000).map((index) =>
            der.set(der.sequence(der.oid('2.5.4.3'), der.utf8String(`host-${index}.example.com`))),
          ),
        ),
      }),
    (read) => assert.equal(read.commonNames.length, 30_000),
  ],
  [
    'a Common Name of 1 MB',
    () =>
      assemble({
        subject: rdns(der.set(der.sequence(der.oid('2.5.4.3'), der.utf8String('a.'.repeat(500_000))))),
      }),
    (read) => assert.equal(read.commonNames[0]?.length, 1_000_000),
  ],
  [
    'a name of 1 MB in Unicode',
    () => assemble({ subject: rdns(), tail: extensions(san(dnsName('ü.'.repeat(300_000)))) }),
    (read) => assert.equal(isUnreadable(read), false),
  ],
  [
    '90,000 addresses, in which names may hide',
    () =>
      assemble({
        tail: extensions(
          san(...numbers(90_000).map((index) => der.context(7, false, Buffer.alloc(16, index)))),
        ),
      }),
    (read) => assert.equal(read.ipAddresses.length, 90_000),
  ],
  [
    '30,000 directory names',
    () =>
      assemble({
        tail: extensions(
          san(
            ...numbers(30_000).map((index) =>
              der.context(
                4,
                true,
                rdns(der.set(der.sequence(der.oid('2.5.4.3'), der.utf8String(`h${index}.example.com`)))),
              ),
            ),
          ),
        ),
      }),
    (read) => assert.equal(read.names.length, 30_001),
  ],
  [
    '60,000 malformed addresses',
    () =>
      assemble({
        tail: extensions(san(...numbers(60_000).map(() => der.context(7, false, Buffer.alloc(5))))),
      }),
    (read) => assert.ok(read.problems.length <= 100),
  ],
  [
    '1 MB of dots',
    () =>
      assemble({ tail: extensions(extension('1.2.3', false, der.octetString(text('.'.repeat(1_000_000))))) }),
    (read) => assert.deepEqual(read.names, ['www.example.com']),
  ],
  ['1 MB of labels', () => Buffer.from('a.'.repeat(500_000)), (read) => assert.ok(isUnreadable(read))],
  [
    'a serial number of 1 MB',
    () => assemble({ serial: der.element(2, Buffer.alloc(1_000_000, 5)) }),
    (read) => assert.equal(read.serialNumber.length, 1_999_999),
  ],
];
for (const [what, bytes, check] of monsters) {
  it(`answers within a second for ${what}`, () => {
    const input = bytes();
    const start = process.cpuUsage();
    const read = readCertificate(input);
    checkKey(read);
    locateNames(input, 0, input.length, false, createNameRanges());
    const { user, system } = process.cpuUsage(start);
    check(read);
    assert.ok((user + system) / 1000 < 1000, `${(user + system) / 1000} ms`);
  });
}
