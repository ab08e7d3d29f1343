import assert from 'node:assert/strict';
import { createHash, createPublicKey } from 'node:crypto';
import { it } from 'node:test';
import {
  createKnownKeysBuilder,
  entriesUpTo,
  knownKeyCount,
  knownKeyHash,
  spkiKeyHash,
} from '../../../src/x509/keys/known-keys.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { issue } from '../../support/pki.js';

const hash = (value: number): string => createHash('sha256').update(String(value)).digest('hex');

function fileOf(...hashes: readonly string[]): Buffer {
  const builder = createKnownKeysBuilder();
  for (const one of hashes) builder.add(one);
  return Buffer.concat(builder.parts());
}

it('sorts, and drops repetitions', () => {
  const file = fileOf(hash(2), hash(1), hash(2).toUpperCase(), hash(1).slice(0, 32));
  assert.equal(knownKeyCount(file, file.length), 2);
  assert.deepEqual(file, fileOf(hash(1), hash(2)));
  assert.throws(() => fileOf('xyz'), /Not a SHA-256/);
});

it('says where an entry stands, or would', () => {
  const entries = Buffer.from(['10', '20', '30'].map((head) => head.padEnd(32, '0')).join(''), 'hex');
  const upTo = (head: string): number => entriesUpTo(entries, Buffer.from(head.padEnd(32, '0'), 'hex'));
  assert.deepEqual(['00', '10', '11', '20', '30', 'ff'].map(upTo), [0, 1, 1, 2, 3, 3]);
  assert.equal(entriesUpTo(Buffer.alloc(0), entries), 0);
});

it('looks RSA keys up by their modulus and others by their SubjectPublicKeyInfo', () => {
  for (const made of [issue({ key: { rsa: 1024 } }), issue()]) {
    const certificate = readCertificate(made.der);
    assert.equal(knownKeyHash(certificate), certificate.modulusSha256 ?? certificate.spkiSha256);
    const spki = createPublicKey(made.key).export({ type: 'spki', format: 'der' });
    assert.equal(spkiKeyHash(spki), knownKeyHash(certificate));
  }
});
