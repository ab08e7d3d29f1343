import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isSelfSigned, isSignedBy, problemsOfKey } from '../../src/rules/cryptography.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import { issueCa, issueFor } from '../support/pki.js';
import { aCertificate } from './support.js';

const issuer = issueCa();
const authority = readCertificate(issuer.der);
const leaf = readCertificate(issueFor('www.example.com', { issuer }).der);

it('knows who signed a certificate', () => {
  assert.equal(isSignedBy(leaf, authority), true);
  assert.equal(isSignedBy(leaf, readCertificate(issueCa().der)), false);
  assert.equal(isSelfSigned(authority), true);
  assert.equal(isSelfSigned(leaf), false);
});

it('checks a sound key once, and one with a problem again and again with the same answer', () => {
  assert.deepEqual(problemsOfKey(leaf), []);
  // Another certificate of the key: its bytes, which are none, are not read.
  assert.deepEqual(problemsOfKey({ ...leaf, der: new Uint8Array() }), []);
  const weak = readCertificate(issueFor('weak.example.com', { issuer, key: { rsa: 1024 } }).der);
  const problems = problemsOfKey(weak);
  assert.ok(problems.length > 0);
  assert.deepEqual(problemsOfKey({ ...weak }), problems);
});

it('says nothing of a key that could not be read', () => {
  assert.deepEqual(problemsOfKey(aCertificate({ spkiSha256: null })), []);
});
