import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Certificate } from '../../src/model/certificate.js';
import { judge } from '../../src/rules/judge.js';
import type { CheckInput } from '../../src/rules/rule.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import { children, readWhole, tags } from '../../src/x509/read/der.js';
import * as der from '../support/der-writer.js';
import {
  commonName,
  daysFromNow,
  extension,
  issue,
  issueCa,
  issueFor,
  subjectAltName,
} from '../support/pki.js';
import { anInput, aPolicy } from './support.js';

const root = issueCa();
const now = new Date();
const policy = aPolicy({ ownedDomains: ['example.com'] });

/** Rule and severity of every verdict on a certificate that is served for www.example.com. */
function verdicts(certificate: Certificate, changes: Partial<CheckInput> = {}): readonly string[] {
  const input = anInput({ certificate, policy, now, ...changes });
  return judge(input).map(({ rule, severity }) => `${rule} ${severity}`);
}

/** The certificate with other octets in the place of these; lengths stay as they are. */
function patched(bytes: Buffer, find: string, replacement: string): Certificate {
  const at = bytes.indexOf(Buffer.from(find, 'latin1'));
  assert.ok(at >= 0 && find.length === replacement.length);
  const copy = Buffer.from(bytes);
  copy.write(replacement, at, 'latin1');
  return readCertificate(copy);
}

/** The certificate with another AlgorithmIdentifier beside its signature. */
function relabelled(bytes: Uint8Array, algorithm: Uint8Array): Certificate {
  const [tbs, , signature] = [...children(bytes, readWhole(bytes, tags.sequence))];
  assert.ok(tbs !== undefined && signature !== undefined);
  const [tbsBytes, signatureBytes] = [tbs, signature].map(({ start, end }) => bytes.subarray(start, end));
  return readCertificate(der.sequence(tbsBytes!, algorithm, signatureBytes!));
}

const good = issueFor('www.example.com', { issuer: root });

describe('what was planted is found, and nothing else', () => {
  const table: readonly (readonly [string, Certificate, readonly string[]])[] = [
    ['a good certificate', readCertificate(good.der), []],
    [
      'an expired one',
      readCertificate(
        issueFor('www.example.com', { issuer: root, notBefore: daysFromNow(-90), notAfter: daysFromNow(-1) })
          .der,
      ),
      ['expired critical'],
    ],
    [
      'one from the future',
      readCertificate(issueFor('www.example.com', { issuer: root, notBefore: daysFromNow(1) }).der),
      ['not-yet-valid error'],
    ],
    [
      'one that expires soon',
      readCertificate(
        issueFor('www.example.com', { issuer: root, notBefore: daysFromNow(-70), notAfter: daysFromNow(20) })
          .der,
      ),
      ['expiring warning'],
    ],
    [
      'one for another name',
      readCertificate(issueFor('mail.example.com', { issuer: root }).der),
      ['hostname-mismatch error'],
    ],
    [
      'RSA-1024',
      readCertificate(issueFor('www.example.com', { issuer: root, key: { rsa: 1024 } }).der),
      ['weak-key error'],
    ],
    [
      'secp256k1',
      readCertificate(issueFor('www.example.com', { issuer: root, key: { ec: 'secp256k1' } }).der),
      ['weak-key error'],
    ],
    [
      'SHA-1',
      readCertificate(issueFor('www.example.com', { issuer: root, hash: 'sha1' }).der),
      ['weak-signature error'],
    ],
    ['self-signed', readCertificate(issueFor('www.example.com').der), ['self-signed error']],
    [
      'a self-signed SHA-1 certificate',
      readCertificate(issueFor('www.example.com', { hash: 'sha1' }).der),
      ['self-signed error', 'weak-signature error'],
    ],
    ['Ed25519', readCertificate(issueFor('www.example.com', { key: 'ed25519', issuer: root }).der), []],
    [
      'RSASSA-PSS over SHA-1, the default of its parameters',
      relabelled(good.der, der.sequence(der.oid('1.2.840.113549.1.1.10'), der.sequence())),
      ['weak-signature error', 'malformed-certificate warning'],
    ],
  ];
  for (const [name, certificate, expected] of table)
    it(name, () => assert.deepEqual(verdicts(certificate), expected));
});

describe('hostile certificates are judged, not skipped', () => {
  const times = /\d{12}Z/.exec(good.der.toString('latin1'))?.[0] ?? '';

  it('finds both halves of a name that is split by a NUL (C1)', () => {
    const made = issue({ issuer: root, dnsNames: ['www.example.com\0.evil.org'] });
    assert.deepEqual(verdicts(readCertificate(made.der)).slice(0, 1), ['hostname-mismatch error']);
    const logged = verdicts(readCertificate(made.der), {
      source: 'logged',
      host: null,
      inventory: 'unknown',
    });
    assert.ok(logged.includes('shadow warning'), 'an owned domain is concerned');
  });

  it('takes names from the extension, never by splitting text (C2)', () => {
    const made = issue({ issuer: root, dnsNames: ['mail.example.com, DNS:www.example.com'] });
    assert.ok(verdicts(readCertificate(made.der)).includes('hostname-mismatch error'));
  });

  it('judges 50,000 names within a second (C3)', () => {
    const dnsNames = Array.from({ length: 50_000 }, (_, index) => `host-${index}.example.com`);
    const certificate = readCertificate(issue({ issuer: root, dnsNames }).der);
    const startedAt = process.cpuUsage();
    assert.deepEqual(verdicts(certificate, { inventory: 'unknown' }), [
      'hostname-mismatch error',
      'shadow warning',
    ]);
    assert.ok(cpuMs(startedAt) < 1000);
  });

  for (const [name, serialNumber] of [
    ['negative', -5n],
    ['zero', 0n],
    ['of 64 octets', 1n << 510n],
  ] as const) {
    it(`flags a serial number that is ${name} (C4)`, () => {
      const made = issueFor('www.example.com', { issuer: root, serialNumber });
      assert.deepEqual(verdicts(readCertificate(made.der)), ['serial-number warning'], 'said once');
    });
  }

  it('flags truncated, trailing and random bytes (C5)', () => {
    for (let length = 0; length < good.der.length; length += 7)
      assert.deepEqual(
        verdicts(readCertificate(good.der.subarray(0, length))).filter((verdict) =>
          verdict.startsWith('unreadable'),
        ),
        ['unreadable-certificate error'],
        `${length} octets`,
      );
    const trailing = Buffer.concat([good.der, Buffer.from('more')]);
    assert.equal(verdicts(readCertificate(trailing)).length, 1);
  });

  for (const [name, text] of [
    ['month 13', times.replace(/^(\d\d)\d\d/, '$113')],
    ['day 32', times.replace(/^(\d{4})\d\d/, '$132')],
    ['hour 25', times.replace(/^(\d{6})\d\d/, '$125')],
  ] as const) {
    it(`flags a notBefore with ${name} and does not guess a date (C6)`, () => {
      const certificate = patched(good.der, times, text);
      assert.equal(certificate.notBefore, null);
      assert.ok(verdicts(certificate).includes('malformed-certificate warning'));
    });
  }

  it('flags a notAfter before notBefore as expired or not yet valid, and as malformed (C6)', () => {
    const made = issueFor('www.example.com', {
      issuer: root,
      notBefore: daysFromNow(5),
      notAfter: daysFromNow(-5),
    });
    assert.deepEqual(verdicts(readCertificate(made.der)), [
      'expired critical',
      'not-yet-valid error',
      'malformed-certificate warning',
    ]);
  });

  it('judges dates at the edges of UTCTime and GeneralizedTime (C6)', () => {
    for (const [notAfter, expected] of [
      ['1950-01-01T00:00:00Z', ['expired critical', 'malformed-certificate warning']],
      ['2049-12-31T23:59:59Z', []],
      ['2050-01-01T00:00:00Z', []],
      ['9999-12-31T23:59:59Z', []],
    ] as const) {
      const made = issueFor('www.example.com', { issuer: root, notAfter: new Date(notAfter) });
      assert.deepEqual(verdicts(readCertificate(made.der)), expected, notAfter);
    }
  });

  for (const oid of ['1.2.643.7.1.1.3.2', '2.16.840.1.101.3.4.3.17', '1.3.101.113', '1.2.3.4.5']) {
    it(`tells the signature algorithm ${oid} as unknown and judges the rest (C7)`, () => {
      const certificate = relabelled(
        issueFor('mail.example.com', { issuer: root }).der,
        der.sequence(der.oid(oid)),
      );
      const said = verdicts(certificate);
      assert.ok(said.includes('unknown-algorithm notice'), said.join());
      assert.ok(said.includes('hostname-mismatch error'), said.join());
    });
  }

  for (const [name, modulus, exponent] of [
    ['a modulus of 1 bit', 1n, 65537n],
    ['a modulus of 1023 bits', (1n << 1022n) | 1n, 65537n],
    ['exponent 1', (1n << 2047n) | 12345678912345n, 1n],
    ['an even modulus', 1n << 2047n, 65537n],
    ['an even exponent', (1n << 2047n) | 12345678912345n, 65536n],
  ] as const) {
    it(`flags an RSA key with ${name} within 20 ms (C8)`, () => {
      assertWeakWithin20Ms(modulus, exponent);
    });
  }

  it('flags an RSA key of 100,000 bits within 20 ms (C8)', () => {
    assertWeakWithin20Ms((1n << 99_999n) | 1n, 65537n);
  });
});

/** The least of three like keys, for the first may pay for compiling; CPU time, for others use the machine too. */
function assertWeakWithin20Ms(modulus: bigint, exponent: bigint): void {
  const times = [0n, 4n, 8n].map((more) => {
    const certificate = readCertificate(withRsaKey(modulus + more, exponent));
    const startedAt = process.cpuUsage();
    const said = verdicts(certificate);
    assert.match(said.join(), /weak-key/);
    return cpuMs(startedAt);
  });
  assert.ok(Math.min(...times) < 20, `${times.join()} ms`);
}

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** A certificate with any RSA numbers; nobody signed it. */
function withRsaKey(modulus: bigint, exponent: bigint): Buffer {
  const key = der.sequence(der.integer(modulus), der.integer(exponent));
  const rsa = der.sequence(der.oid('1.2.840.113549.1.1.1'), der.nullValue());
  const sha256WithRsa = der.sequence(der.oid('1.2.840.113549.1.1.11'), der.nullValue());
  const tbs = der.sequence(
    der.context(0, true, der.integer(2)),
    der.integer(77),
    sha256WithRsa,
    commonName('Test CA'),
    der.sequence(der.time(daysFromNow(-1)), der.time(daysFromNow(80))),
    commonName('www.example.com'),
    der.sequence(rsa, der.bitString(key)),
    der.context(3, true, der.sequence(extension('2.5.29.17', false, subjectAltName(['www.example.com'])))),
  );
  return der.sequence(tbs, sha256WithRsa, der.bitString(Buffer.alloc(256, 1)));
}
