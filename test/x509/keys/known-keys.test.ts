import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { it } from 'node:test';
import { buildKnownKeys, knownKeyHash, readKnownKeys } from '../../../src/x509/keys/known-keys.js';
import { readCertificate } from '../../../src/x509/read-certificate.js';
import { issue } from '../../support/pki.js';

const hash = (value: number): string => createHash('sha256').update(String(value)).digest('hex');
const hashes = Array.from({ length: 10_000 }, (_, index) => hash(index));

it('finds every key that was put in, and no other', () => {
  const known = readKnownKeys(buildKnownKeys(hashes));
  assert.equal(known.count, 10_000);
  assert.ok(hashes.every((entry) => known.has(entry)));
  for (let other = 10_000; other < 20_000; other += 1) assert.equal(known.has(hash(other)), false);
  assert.equal(known.has(''), false);
});

it('sorts, and drops repetitions', () => {
  const file = buildKnownKeys([hash(2), hash(1), hash(2).toUpperCase(), hash(1).slice(0, 32)]);
  assert.equal(readKnownKeys(file).count, 2);
  assert.deepEqual(file, buildKnownKeys([hash(1), hash(2)]));
});

it('holds one key, or none', () => {
  assert.equal(readKnownKeys(buildKnownKeys([])).has(hash(1)), false);
  assert.equal(readKnownKeys(buildKnownKeys([hash(1)])).has(hash(1)), true);
});

it('refuses files that are none, cut off, longer than they say, or not sorted', () => {
  const file = buildKnownKeys(hashes.slice(0, 3));
  const swapped = Buffer.concat([
    file.subarray(0, 16),
    file.subarray(32, 48),
    file.subarray(16, 32),
    file.subarray(48),
  ]);
  assert.throws(() => readKnownKeys(Buffer.from('anything')), /Not a file/);
  assert.throws(() => readKnownKeys(file.subarray(0, -1)), /cut off/);
  assert.throws(() => readKnownKeys(file.subarray(0, -16)), /cut off/);
  assert.throws(() => readKnownKeys(Buffer.concat([file, Buffer.alloc(16)])), /trailing/);
  assert.throws(() => readKnownKeys(swapped), /not sorted/);
  assert.throws(() => buildKnownKeys(['xyz']), /Not a SHA-256/);
});

it('looks RSA keys up by their modulus and others by their SubjectPublicKeyInfo', () => {
  const rsa = readCertificate(issue({ key: { rsa: 1024 } }).der);
  const ec = readCertificate(issue().der);
  assert.equal(knownKeyHash(rsa), rsa.modulusSha256);
  assert.equal(knownKeyHash(ec), ec.spkiSha256);
});
