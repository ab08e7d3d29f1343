import { weakSignature } from '../../../src/rules/crypto/weak-signature.js';
import { readCertificate } from '../../../src/x509/read/read-certificate.js';
import { issueCa } from '../../support/pki.js';
import { aCertificate, testRule, type Row } from '../support.js';

const weak = [
  'sha1WithRSAEncryption',
  'ecdsa-with-SHA1',
  'dsa-with-sha1',
  'md5WithRSAEncryption',
  'md2WithRSAEncryption',
  'md4WithRSAEncryption',
  'sha1WithRSA',
  'dsaWithSHA1',
  '1.3.14.3.2.29',
];
const good = [
  'sha256WithRSAEncryption',
  'ecdsa-with-SHA384',
  'ecdsa-with-SHA512',
  'Ed25519',
  'sha512-256WithRSAEncryption',
  'ML-DSA-44',
  '1.2.643.7.1.1.3.2',
];
const signedWith = (signatureAlgorithm: string | null, changes = {}) =>
  aCertificate({ signatureAlgorithm, ...changes });
const root = readCertificate(issueCa('Old Root', { key: { rsa: 2048 }, hash: 'sha1' }).der);

testRule(weakSignature, [
  ...weak.map((name): Row => ({
    name: `flags ${name}`,
    input: { certificate: signedWith(name) },
    expected: {
      severity: 'error',
      details: { certificates: [{ position: 0, subject: 'CN=www.example.com', signatureAlgorithm: name }] },
    },
  })),
  ...good.map((name): Row => ({
    name: `passes ${name}`,
    input: { certificate: signedWith(name) },
    expected: 'pass',
  })),
  {
    name: 'flags a served intermediate, with its position',
    input: {
      chain: [aCertificate({ isCa: true }), signedWith('sha1WithRSAEncryption', { subject: 'CN=Old CA' })],
    },
    expected: {
      details: {
        certificates: [{ position: 2, subject: 'CN=Old CA', signatureAlgorithm: 'sha1WithRSAEncryption' }],
      },
    },
  },
  {
    name: 'passes a served root: its own signature proves nothing',
    input: { chain: [root] },
    expected: 'pass',
  },
  { name: 'passes the file of a root', input: { certificate: root, source: 'file' }, expected: 'pass' },
  {
    name: 'flags a self-signed certificate that is served as a leaf',
    input: { certificate: root },
    expected: { severity: 'error' },
  },
  {
    name: 'does not apply when the algorithm could not be read',
    input: { certificate: signedWith(null) },
    expected: 'not-applicable',
  },
  {
    name: "does not apply to other people's logged certificates",
    input: { certificate: signedWith('sha1WithRSAEncryption', { names: ['example.org'] }), source: 'logged' },
    expected: 'not-applicable',
  },
]);
