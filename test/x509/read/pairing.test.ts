import assert from 'node:assert/strict';
import { it } from 'node:test';
import { comparePair, finalTbsSha256, isPrecertificateSigner } from '../../../src/x509/read/pairing.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import * as der from '../../support/der-writer.js';
import { extension, issue, issueCa, makeKey, type CertificateSpec } from '../../support/pki.js';

const root = issueCa('Example CA');
const key = makeKey();
const poison = extension('1.3.6.1.4.1.11129.2.4.3', true, der.nullValue());
const scts = extension('1.3.6.1.4.1.11129.2.4.2', false, der.octetString(Buffer.from([0, 0])));
const policies = extension('2.5.29.32', false, der.sequence(der.sequence(der.oid('2.23.140.1.2.1'))));
const signerUsage = extension('2.5.29.37', true, der.sequence(der.oid('1.3.6.1.4.1.11129.2.4.4')));

const made = (spec: CertificateSpec) =>
  readCertificate(issue({ issuer: root, key, dnsNames: ['a.example.com'], serialNumber: 5n, ...spec }).der);
const precertificate = made({ extensions: [poison, policies] });

it('pairs a precertificate with its certificate', () => {
  const certificate = made({ extensions: [policies, scts] });
  assert.deepEqual(comparePair(precertificate, certificate), { isPair: true, differences: [] });
  assert.equal(precertificate.tbsSha256, certificate.tbsSha256);
  assert.equal(finalTbsSha256(precertificate, readCertificate(root.der)), certificate.tbsSha256);
});

it('pairs them wherever poison and SCT list stand, and when nothing else is there', () => {
  assert.equal(
    made({ extensions: [policies, poison] }).tbsSha256,
    made({ extensions: [scts, policies] }).tbsSha256,
  );
  const bare = { bare: true, dnsNames: [] };
  assert.equal(
    made({ ...bare, extensions: [poison] }).tbsSha256,
    made({ ...bare, extensions: [scts] }).tbsSha256,
  );
  assert.equal(made({ ...bare, extensions: [poison] }).tbsSha256, made(bare).tbsSha256);
});

const wrong: readonly (readonly [what: string, spec: CertificateSpec, difference: string])[] = [
  ['serial number', { serialNumber: 6n }, 'serialNumber'],
  ['issuer', { issuer: issueCa('Other CA', { key: root.key }) }, 'issuer'],
  ['notAfter', { notAfter: new Date('2030-01-01') }, 'notAfter'],
  ['notBefore', { notBefore: new Date('2020-01-01') }, 'notBefore'],
  ['subject', { subject: 'other' }, 'subject'],
  ['key', { key: makeKey() }, 'subjectPublicKeyInfo'],
  ['names', { dnsNames: ['b.example.com'] }, 'extensions'],
];
for (const [what, spec, difference] of wrong) {
  it(`tells a pair with another ${what}`, () => {
    const verdict = comparePair(precertificate, made({ extensions: [policies, scts], ...spec }));
    assert.equal(verdict.isPair, false);
    assert.ok(verdict.differences.includes(difference), verdict.differences.join());
  });
}

it('tells an order of extensions that is not the same', () => {
  const one = made({ extensions: [poison, policies, extension('1.2.3', false, der.nullValue())] });
  const other = made({ extensions: [scts, extension('1.2.3', false, der.nullValue()), policies] });
  assert.deepEqual(comparePair(one, other).differences, ['extensions']);
});

it('tells when the roles are wrong, or one cannot be read', () => {
  const certificate = made({ extensions: [policies, scts] });
  assert.deepEqual(comparePair(certificate, certificate).differences, ['the first is no precertificate']);
  assert.deepEqual(comparePair(precertificate, precertificate).differences, [
    'the second is a precertificate',
  ]);
  assert.deepEqual(comparePair(precertificate, readCertificate(Buffer.alloc(3))).differences, ['unreadable']);
});

it('pairs a precertificate of a precertificate signing certificate', () => {
  const signer = issueCa('Example CA precertificates', { issuer: root, extensions: [signerUsage] });
  const signerCertificate = readCertificate(signer.der);
  assert.equal(isPrecertificateSigner(signerCertificate), true);
  assert.equal(isPrecertificateSigner(readCertificate(root.der)), false);
  const signedBySigner = made({ issuer: signer, extensions: [poison, policies] });
  const certificate = made({ extensions: [policies, scts] });
  assert.equal(comparePair(signedBySigner, certificate).isPair, false);
  assert.deepEqual(comparePair(signedBySigner, certificate, signerCertificate), {
    isPair: true,
    differences: [],
  });
  assert.equal(finalTbsSha256(signedBySigner, signerCertificate), certificate.tbsSha256);
});
