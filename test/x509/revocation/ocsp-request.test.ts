import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { ocspRequest } from '../../../src/x509/revocation/ocsp-request.js';
import { temporaryFolder } from '../../store/sample.js';
import { issueCa, issueFor } from '../../support/pki.js';

const root = issueCa('Request CA');
const leaf = readCertificate(issueFor('www.example.com', { issuer: root, serialNumber: 0xabcdef1234n }).der);
const issuer = readCertificate(root.der);

function asOpensslReadsIt(request: Buffer): string {
  const file = join(temporaryFolder(), 'request.der');
  writeFileSync(file, request);
  return execFileSync('openssl', ['ocsp', '-reqin', file, '-req_text', '-noverify'], { encoding: 'utf8' });
}

it('asks about one certificate, as OpenSSL reads it', () => {
  const text = asOpensslReadsIt(ocspRequest(leaf, issuer)!);
  assert.match(text, /Hash Algorithm: sha1/);
  assert.match(text, /Serial Number: ABCDEF1234/);
  assert.doesNotMatch(text, /Nonce/);
});

it('carries a nonce where one is given', () => {
  const text = asOpensslReadsIt(ocspRequest(leaf, issuer, Buffer.from('0102030405060708', 'hex'))!);
  assert.match(text, /OCSP Nonce:\s+04080102030405060708/);
});

it('is none about what cannot be read', () => {
  assert.equal(ocspRequest(readCertificate(Buffer.from('not a certificate')), issuer), null);
  assert.equal(ocspRequest(leaf, readCertificate(Buffer.from([0x30, 0]))), null);
});
