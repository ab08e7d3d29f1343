import { unknownAlgorithm } from '../../src/rules/unknown-algorithm.js';
import { aCertificate, testRule } from './support.js';

testRule(unknownAlgorithm, [
  {
    name: 'tells a GOST key by its object identifier',
    input: { certificate: aCertificate({ key: { type: '1.2.643.7.1.1.1.1', bits: null, curve: null } }) },
    expected: { severity: 'notice', details: { keyType: '1.2.643.7.1.1.1.1', signatureAlgorithm: null } },
  },
  {
    name: 'tells an unknown signature algorithm',
    input: { certificate: aCertificate({ signatureAlgorithm: '2.16.840.1.101.3.4.3.99' }) },
    expected: { details: { keyType: null, signatureAlgorithm: '2.16.840.1.101.3.4.3.99' } },
  },
  {
    name: 'passes named algorithms, ML-DSA among them',
    input: {
      certificate: aCertificate({
        key: { type: 'ML-DSA-44', bits: null, curve: null },
        signatureAlgorithm: 'ML-DSA-44',
      }),
    },
    expected: 'pass',
  },
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
