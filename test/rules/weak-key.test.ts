import type { PublicKeyFacts } from '../../src/model/certificate.js';
import { weakKey } from '../../src/rules/weak-key.js';
import { readCertificate } from '../../src/x509/read-certificate.js';
import { issueCa } from '../support/pki.js';
import { aCertificate, aPolicy, testRule, type Row } from './support.js';

const rsa1024: PublicKeyFacts = { type: 'RSA', bits: 1024, curve: null };

const table: readonly (readonly [PublicKeyFacts, string | null])[] = [
  [{ type: 'RSA', bits: 1024, curve: null }, '1024 bits are fewer than 2048'],
  [{ type: 'RSA', bits: 2047, curve: null }, '2047 bits are fewer than 2048'],
  [{ type: 'RSA', bits: 2048, curve: null }, null],
  [{ type: 'RSA', bits: 1, curve: null }, '1 bits are fewer than 2048'],
  [{ type: 'RSA', bits: 0, curve: null }, '0 bits are fewer than 2048'],
  [{ type: 'RSA', bits: 100_000, curve: null }, null],
  [{ type: 'EC', bits: 256, curve: 'P-256' }, null],
  [{ type: 'EC', bits: 521, curve: 'P-521' }, null],
  [{ type: 'EC', bits: 192, curve: 'secp192r1' }, '192 bits are fewer than 256'],
  [{ type: 'EC', bits: 255, curve: null }, '255 bits are fewer than 256'],
  [{ type: 'EC', bits: 256, curve: 'secp256k1' }, 'the curve is secp256k1, not P-256, P-384 or P-521'],
  [{ type: 'EC', bits: null, curve: '1.2.3.4' }, 'the curve is 1.2.3.4, not P-256, P-384 or P-521'],
  [{ type: 'EC', bits: null, curve: 'explicit' }, 'the curve is explicit, not P-256, P-384 or P-521'],
  [{ type: 'EC', bits: null, curve: null }, 'the curve is unknown, not P-256, P-384 or P-521'],
  [{ type: 'DSA', bits: 3072, curve: null }, 'DSA keys are no longer allowed'],
  [{ type: 'Ed25519', bits: null, curve: null }, null],
  [{ type: 'Ed448', bits: null, curve: null }, null],
  [{ type: 'ML-DSA-65', bits: null, curve: null }, null],
  [{ type: '1.2.643.7.1.1.1.1', bits: null, curve: null }, null],
];

testRule(weakKey, [
  ...table.map(([key, reason]): Row => ({
    name: `${reason === null ? 'passes' : 'flags'} ${key.type} of ${key.bits ?? 'unknown'} bits, curve ${key.curve ?? 'none'}`,
    input: { certificate: aCertificate({ key }) },
    expected:
      reason === null
        ? 'pass'
        : {
            severity: 'error',
            details: { keys: [{ position: 0, subject: 'CN=www.example.com', reason, ...key }] },
          },
  })),
  {
    name: 'takes the limit from the policy',
    input: {
      certificate: aCertificate({ key: { type: 'RSA', bits: 3071, curve: null } }),
      policy: aPolicy({ minRsaBits: 3072 }),
    },
    expected: { severity: 'error' },
  },
  {
    name: 'flags the key of a served intermediate, with its position',
    input: { chain: [aCertificate({ subject: 'CN=Old CA', key: rsa1024 })] },
    expected: {
      details: {
        keys: [{ position: 1, subject: 'CN=Old CA', reason: '1024 bits are fewer than 2048', ...rsa1024 }],
      },
    },
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
    input: {
      certificate: aCertificate({ key: rsa1024, names: ['example.org'] }),
      source: 'logged',
    },
    expected: 'not-applicable',
  },
  {
    name: 'does not apply when the key could not be read',
    input: { certificate: aCertificate({ key: null }) },
    expected: 'not-applicable',
  },
]);
