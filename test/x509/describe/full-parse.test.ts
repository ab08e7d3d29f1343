import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { it } from 'node:test';
import { isUnreadable, type Certificate } from '../../../src/model/certificate.js';
import { parseFull, type FullCertificate } from '../../../src/x509/describe/full-parse.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import * as der from '../../support/der-writer.js';
import { extension, issue, issueCa, issueFor } from '../../support/pki.js';
import { assertAgrees } from './agreement.js';
import { assemble, dnsName, extensions, san } from '../assemble.js';

const root = issueCa('Example CA');
const generated = [
  root.der,
  issueFor('www.example.com', { issuer: root, ipAddresses: ['192.0.2.1', '2001:db8::1'] }).der,
  issueFor('a.example.com', { issuer: root, key: { rsa: 2048 }, notAfter: new Date('2055-01-01') }).der,
  issue({ key: 'ed25519', serialNumber: 1n }).der,
  issue({
    key: { ec: 'secp384r1' },
    hash: 'sha384',
    extensions: [extension('1.2.3.4', true, der.nullValue())],
  }).der,
];

/**
 * Where both readers are sure they agree. Known and meant differences: the library reads times that do not exist (month 13, year
 * 0) as other dates, keeps the sign of serial numbers out, and passes over trailing bytes.
 */
function assertSameAsFull(read: Certificate, full: FullCertificate): void {
  const codes = new Set(read.problems.map(({ code }) => code));
  if (!codes.has('bad-serial')) assert.equal(full.serialNumber.replace(/^0+(?=.)/, ''), read.serialNumber);
  const isTimely = !['bad-time', 'time-format', 'time-out-of-range'].some((code) => codes.has(code));
  if (isTimely) assert.deepEqual([full.notBefore, full.notAfter], [read.notBefore, read.notAfter]);
  const keyId = full.extensions.find(({ oid }) => oid === '2.5.29.14');
  if (!codes.has('bad-extension') && !codes.has('duplicate-extension'))
    assert.equal(keyId === undefined ? null : keyId.value.slice(4), read.subjectKeyId);
}

it('agrees with the fast reader and with node:crypto on well-formed certificates', () => {
  for (const bytes of generated) {
    const full = parseFull(bytes);
    assert.ok(typeof full !== 'string', String(full));
    assertSameAsFull(readCertificate(bytes), full);
    assertAgrees(readCertificate(bytes), new X509Certificate(bytes), 'generated');
  }
});

it('agrees on whatever of 400 mutated certificates all of them read', () => {
  let seed = 99;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  let compared = 0;
  for (let round = 0; round < 400; round += 1) {
    const mutated = Buffer.from(generated[round % generated.length]!);
    mutated[random(mutated.length)] = random(256);
    const read = readCertificate(mutated);
    const full = parseFull(mutated);
    if (typeof full === 'string' || isUnreadable(read)) continue;
    assertSameAsFull(read, full);
    compared += 1;
  }
  assert.ok(compared > 100, `${compared}`);
});

it('shows what extensions say', () => {
  const full = parseFull(generated[1]!);
  assert.ok(typeof full !== 'string');
  const alternative = full.extensions.find(({ oid }) => oid === '2.5.29.17');
  assert.match(alternative?.text ?? '', /www\.example\.com/);
  assert.deepEqual(full.extensions.map(({ oid }) => oid)[0], '2.5.29.19');
  assert.equal(full.extensions[0]?.critical, true);
});

it('gives a sentence for what it cannot parse, and never throws', () => {
  const many = assemble({
    tail: extensions(
      san(...Array.from({ length: 50_000 }, (_, index) => dnsName(`host-${index}.example.com`))),
    ),
  });
  assert.match(String(parseFull(many)), /bytes, more than/);
  assert.match(String(parseFull(Buffer.alloc(0))), /gave up/);
  for (let length = 0; length < 300; length += 13)
    assert.equal(typeof parseFull(root.der.subarray(0, length)), 'string');
});
