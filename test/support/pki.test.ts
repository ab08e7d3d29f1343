import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { it } from 'node:test';
import { daysFromNow, issue, issueCa, issueFor } from './pki.js';

it('makes chains that node:crypto verifies', () => {
  const root = issueCa();
  const leaf = issueFor('www.example.com', { issuer: root });
  const certificate = new X509Certificate(leaf.der);
  assert.equal(certificate.verify(new X509Certificate(root.der).publicKey), true);
  assert.equal(certificate.checkHost('www.example.com'), 'www.example.com');
});

for (const [name, key, hash] of [
  ['RSA-1024 with SHA-1', { rsa: 1024 }, 'sha1'],
  ['P-384 with SHA-384', { ec: 'secp384r1' }, 'sha384'],
  ['Ed25519', 'ed25519', 'sha256'],
] as const) {
  it(`makes a self-signed certificate with ${name}`, () => {
    const made = issue({ key, hash, notAfter: daysFromNow(-3) });
    const certificate = new X509Certificate(made.der);
    assert.equal(certificate.verify(certificate.publicKey), true);
    assert.ok(new Date(certificate.validTo) < new Date());
  });
}
