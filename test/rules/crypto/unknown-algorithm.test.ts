import assert from 'node:assert/strict';
import { unknownAlgorithm } from '../../../src/rules/crypto/unknown-algorithm.js';
import { signatureAlgorithmNames } from '../../../src/x509/read/oids.js';
import { aCertificate, testRule, type Row } from '../support.js';

const unknownKeys = ['1.2.3.4', 'GOST R 34.10-2012-256', 'Ed448', 'ML-DSA-65', 'X25519', 'DH'];
const unknownSignatures = [
  '2.16.840.1.101.3.4.3.99',
  'gost3410-2012-256',
  'sm2-with-SM3',
  'Ed448',
  'ML-DSA-44',
  'SLH-DSA-SHA2-128s',
  'sha3-256WithRSAEncryption',
  'ecdsa-with-SHA3-256',
  'rsassaPss-SHAKE128',
  'sha512-256WithRSAEncryption',
];
const knownSignatures = [
  'sha256WithRSAEncryption',
  'sha384WithRSAEncryption',
  'sha512WithRSAEncryption',
  'sha1WithRSAEncryption',
  'md5WithRSA',
  'ecdsa-with-SHA1',
  'ecdsa-with-SHA256',
  'dsaWithSHA1',
  'rsassaPss',
  'rsassaPss-SHA256',
  'Ed25519',
];
for (const name of [...unknownSignatures.slice(1), 'sha256WithRSAEncryption', 'dsaWithSHA1', 'rsassaPss'])
  assert.ok([...signatureAlgorithmNames.values()].includes(name), `${name} is what the reader says`);

testRule(unknownAlgorithm, [
  ...unknownKeys.map((type): Row => ({
    name: `tells a key of type ${type}`,
    input: { certificate: aCertificate({ key: { type, bits: null, curve: null } }) },
    expected: { severity: 'notice', details: { keyType: type, signatureAlgorithm: null } },
  })),
  ...unknownSignatures.map((signatureAlgorithm): Row => ({
    name: `tells the signature algorithm ${signatureAlgorithm}`,
    input: { certificate: aCertificate({ signatureAlgorithm }) },
    expected: { details: { keyType: null, signatureAlgorithm } },
  })),
  ...['RSA', 'EC', 'DSA', 'Ed25519'].map((type): Row => ({
    name: `passes a key of type ${type}`,
    input: { certificate: aCertificate({ key: { type, bits: null, curve: null } }) },
    expected: 'pass',
  })),
  ...knownSignatures.map((signatureAlgorithm): Row => ({
    name: `passes the signature algorithm ${signatureAlgorithm}`,
    input: { certificate: aCertificate({ signatureAlgorithm }) },
    expected: 'pass',
  })),
  {
    name: 'passes what could not be read: other rules tell',
    input: { certificate: aCertificate({ key: null, signatureAlgorithm: null }) },
    expected: 'pass',
  },
  {
    name: "does not apply to other people's logged certificates",
    input: { source: 'logged', certificate: aCertificate({ names: [] }) },
    expected: 'not-applicable',
  },
]);
