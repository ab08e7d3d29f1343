import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { it } from 'node:test';
import { isUnreadable, type Certificate } from '../../../src/model/certificate.js';
import { readCertificate, readTbs } from '../../../src/x509/read/read-certificate.js';
import { assemble, attribute, rdns, text, utf16be } from '../assemble.js';
import * as der from '../../support/der-writer.js';
import { commonName, issue, issueCa, issueFor, spki } from '../../support/pki.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const codes = (certificate: Certificate): string[] => certificate.problems.map(({ code }) => code);

it('reads every field of an ordinary certificate', () => {
  const root = issueCa('Example Root', { key: { rsa: 2048 } });
  const leaf = issueFor('www.example.com', {
    issuer: root,
    serialNumber: 0x0abcn,
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2051-02-03T04:05:06Z'),
    dnsNames: ['www.example.com', '*.example.com'],
    ipAddresses: ['192.0.2.1', '2001:db8::1'],
    key: { rsa: 2048 },
  });
  const read = readCertificate(leaf.der);
  const peer = new X509Certificate(leaf.der);
  assert.deepEqual(read.problems, []);
  assert.equal(read.sha256, sha256(leaf.der));
  assert.equal(read.sha1, peer.fingerprint.replaceAll(':', '').toLowerCase());
  assert.equal(read.spkiSha256, sha256(spki(leaf.key)));
  assert.equal(read.subjectSha256, sha256(commonName('www.example.com')));
  assert.equal(read.issuerSha256, sha256(root.subjectName));
  assert.equal(
    read.modulusSha256,
    sha256(Buffer.from(leaf.key.export({ format: 'jwk' }).n ?? '', 'base64url')),
  );
  assert.equal(read.subject, 'CN=www.example.com');
  assert.equal(read.issuer, 'CN=Example Root');
  assert.equal(read.serialNumber, 'abc');
  assert.equal(read.notBefore?.toISOString(), '2026-01-01T00:00:00.000Z');
  assert.equal(read.notAfter?.toISOString(), '2051-02-03T04:05:06.000Z');
  assert.deepEqual(read.dnsNames, ['www.example.com', '*.example.com']);
  assert.deepEqual(read.names, ['www.example.com', '*.example.com']);
  assert.deepEqual(read.ipAddresses, ['192.0.2.1', '2001:db8::1']);
  assert.deepEqual(read.key, { type: 'RSA', bits: 2048, curve: null });
  assert.equal(read.signatureAlgorithm, 'sha256WithRSAEncryption');
  assert.deepEqual(read.extendedKeyUsages, ['1.3.6.1.5.5.7.3.1']);
  assert.equal(read.authorityKeyId, readCertificate(root.der).subjectKeyId);
  assert.equal(read.isCa, false);
  assert.equal(read.isSelfIssued, false);
  assert.equal(read.isPrecertificate, false);
  assert.equal(read.sctCount, null);
  assert.equal(readCertificate(root.der).isCa, true);
  assert.equal(readCertificate(root.der).isSelfIssued, true);
});

it('reads a bare TBSCertificate like its certificate', () => {
  const leaf = issueFor('www.example.com');
  const tbs = leaf.der.subarray(4, 4 + 4 + leaf.der.readUInt16BE(6));
  const read = readTbs(tbs);
  const whole = readCertificate(leaf.der);
  assert.deepEqual(codes(read), ['bare-tbs']);
  assert.equal(isUnreadable(read), false);
  assert.deepEqual(
    { ...read, der: 0, sha256: 0, sha1: 0, problems: 0 },
    { ...whole, der: 0, sha256: 0, sha1: 0, problems: 0 },
  );
});

const keys = [
  [{ ec: 'secp384r1' } as const, { type: 'EC', bits: 384, curve: 'P-384' }],
  [{ ec: 'secp256k1' } as const, { type: 'EC', bits: 256, curve: 'secp256k1' }],
  ['ed25519' as const, { type: 'Ed25519', bits: null, curve: null }],
] as const;
for (const [key, expected] of keys) {
  it(`names the key ${expected.type} ${expected.curve ?? ''}`, () => {
    assert.deepEqual(readCertificate(issue({ key }).der).key, expected);
  });
}

const subjects: readonly (readonly [
  what: string,
  name: Buffer,
  expected: string,
  commonNames: readonly string[],
])[] = [
  [
    'two RDNs, the last first',
    rdns(der.set(attribute('2.5.4.10', 12, text('Example'))), der.set(attribute('2.5.4.3', 12, text('x')))),
    'CN=x,O=Example',
    ['x'],
  ],
  [
    'several Common Names in one RDN',
    rdns(
      der.set(
        attribute('2.5.4.3', 12, text('a.example.com')),
        attribute('2.5.4.3', 12, text('b.example.com')),
      ),
    ),
    'CN=a.example.com+CN=b.example.com',
    ['a.example.com', 'b.example.com'],
  ],
  [
    'special characters',
    rdns(der.set(attribute('2.5.4.3', 12, text(' a,b+c"d\\e<f>g;h ')))),
    'CN=\\ a\\,b\\+c\\"d\\\\e\\<f\\>g\\;h\\ ',
    [' a,b+c"d\\e<f>g;h '],
  ],
  [
    'a leading number sign and a NUL',
    rdns(der.set(attribute('2.5.4.3', 12, text('#a\0b')))),
    'CN=\\#a\\00b',
    ['#a\0b'],
  ],
  ['one space', rdns(der.set(attribute('2.5.4.3', 12, text(' ')))), 'CN=\\ ', [' ']],
  ['a BMPString', rdns(der.set(attribute('2.5.4.3', 0x1e, utf16be('Zürich')))), 'CN=Zürich', ['Zürich']],
  [
    'a TeletexString',
    rdns(der.set(attribute('2.5.4.3', 0x14, Buffer.from('Zürich', 'latin1')))),
    'CN=Zürich',
    ['Zürich'],
  ],
  [
    'a UniversalString',
    rdns(der.set(attribute('2.5.4.3', 0x1c, Buffer.from('0000005a000000fc', 'hex')))),
    'CN=Zü',
    ['Zü'],
  ],
  [
    'UTF-8 beyond ASCII',
    rdns(der.set(attribute('2.5.4.3', 12, text('Zürich 例')))),
    'CN=Zürich 例',
    ['Zürich 例'],
  ],
  ['an unknown attribute type', rdns(der.set(attribute('1.2.3.4', 12, text('a')))), '1.2.3.4=#0c0161', []],
  ['a value that is no string', rdns(der.set(attribute('2.5.4.3', 2, Buffer.from([5])))), 'CN=#020105', []],
  ['nothing', rdns(), '', []],
];
for (const [what, name, expected, commonNames] of subjects) {
  it(`writes a subject of ${what} as RFC 4514 says`, () => {
    const read = readCertificate(issue({ subject: name }).der);
    assert.equal(read.subject, expected);
    assert.equal(read.issuer, expected);
    assert.deepEqual(read.commonNames, commonNames);
    assert.equal(isUnreadable(read), false);
  });
}

it('assembles certificates that are clean where nothing is put in', () => {
  assert.deepEqual(readCertificate(assemble({})).problems, []);
});

it('reads what stands before the cut of a certificate that is cut off', () => {
  const whole = issueFor('www.example.com', { issuer: issueCa('Example Root') });
  const read = readCertificate(whole.der.subarray(0, whole.der.length - 60));
  assert.ok(isUnreadable(read));
  assert.equal(read.issuer, 'CN=Example Root');
  assert.deepEqual(read.dnsNames, ['www.example.com']);
  assert.equal(read.tbsSha256, null);
});
