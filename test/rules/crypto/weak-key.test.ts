import { generateKeyPairSync } from 'node:crypto';
import type { Certificate, PublicKeyFacts } from '../../../src/model/certificate.js';
import { weakKey } from '../../../src/rules/crypto/weak-key.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { issueCa, issueFor, type CertificateSpec } from '../../support/pki.js';
import { aCertificate, aPolicy, testRule, type Row } from '../support.js';

const rsa1024: PublicKeyFacts = { type: 'RSA', bits: 1024, curve: null };
const tooSmall = {
  code: 'key-too-small',
  reason: '1024 bits are fewer than 2048',
  severity: 'error',
  source: 'CA/Browser Forum Baseline Requirements section 6.1.5',
};

const sizes: readonly (readonly [PublicKeyFacts, boolean])[] = [
  [{ type: 'RSA', bits: 0, curve: null }, false],
  [{ type: 'RSA', bits: 1, curve: null }, false],
  [{ type: 'RSA', bits: 2047, curve: null }, false],
  [{ type: 'RSA', bits: 2048, curve: null }, true],
  [{ type: 'EC', bits: 255, curve: null }, false],
  [{ type: 'EC', bits: 256, curve: 'P-256' }, true],
  [{ type: 'Ed25519', bits: null, curve: null }, true],
  [{ type: 'ML-DSA-65', bits: null, curve: null }, true],
];

function issued(key: NonNullable<CertificateSpec['key']>): Certificate {
  return readCertificate(issueFor('www.example.com', { issuer: ca, key }).der);
}

const ca = issueCa();
const good = {
  rsa2048: issued({ rsa: 2048 }),
  p256: issued({ ec: 'prime256v1' }),
  p521: issued({ ec: 'secp521r1' }),
  ed25519: issued('ed25519'),
};
const bad = {
  secp256k1: issued({ ec: 'secp256k1' }),
  'P-192': issued({ ec: 'prime192v1' }),
  'RSA-1024': issued({ rsa: 1024 }),
  DSA: issued(generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).privateKey),
  'explicit parameters': issued(
    generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' }).privateKey,
  ),
};

testRule(weakKey, [
  ...sizes.map(([key, passes]): Row => ({
    name: `${passes ? 'passes' : 'flags'} ${key.type} of ${key.bits ?? 'unknown'} bits`,
    input: { certificate: aCertificate({ key }) },
    expected: passes ? 'pass' : { severity: 'error' },
  })),
  ...Object.entries(good).map(([name, certificate]): Row => ({
    name: `passes a real key, ${name}`,
    input: { certificate },
    expected: 'pass',
  })),
  ...Object.entries(bad).map(([name, certificate]): Row => ({
    name: `flags a real key, ${name}`,
    input: { certificate },
    expected: { severity: 'error' },
  })),
  {
    name: 'names the values compared',
    input: { certificate: aCertificate({ key: rsa1024 }) },
    expected: {
      details: { keys: [{ position: 0, subject: 'CN=www.example.com', ...rsa1024, ...tooSmall }] },
    },
  },
  {
    name: 'takes the limit from the policy, upwards',
    input: { certificate: good.rsa2048, policy: aPolicy({ minRsaBits: 3072 }) },
    expected: { severity: 'error' },
  },
  {
    name: 'takes the limit from the policy, downwards',
    input: { certificate: bad['RSA-1024'], policy: aPolicy({ minRsaBits: 1024 }) },
    expected: 'pass',
  },
  {
    name: 'flags the key of a served intermediate, with its position',
    input: { chain: [aCertificate({ subject: 'CN=Old CA', key: rsa1024 })] },
    expected: { details: { keys: [{ position: 1, subject: 'CN=Old CA', ...rsa1024, ...tooSmall }] } },
  },
  {
    name: 'passes the key of a served root',
    input: { chain: [readCertificate(issueCa('Old Root', { key: { rsa: 1024 } }).der)] },
    expected: 'pass',
  },
  {
    name: 'flags a weak key in a log under an owned name',
    input: { certificate: aCertificate({ key: rsa1024 }), source: 'logged' },
    expected: {},
  },
  {
    name: "does not apply to other people's logged certificates",
    input: { certificate: aCertificate({ key: rsa1024, names: ['example.org'] }), source: 'logged' },
    expected: 'not-applicable',
  },
  {
    name: 'does not apply when the key could not be read',
    input: { certificate: aCertificate({ key: null }) },
    expected: 'not-applicable',
  },
]);
