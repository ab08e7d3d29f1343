import { discouragedAlgorithm } from '../../../src/rules/crypto/discouraged-algorithm.js';
import { anObservation, surveyed, testRule } from '../support.js';

const version = (...cipherSuites: readonly string[]) => [
  { version: 'TLSv1.2', cipherSuites, preference: null },
];

testRule(discouragedAlgorithm, [
  { name: 'passes recommended algorithms', input: surveyed(), expected: 'pass' },
  {
    name: 'flags a discouraged suite',
    input: surveyed({ versions: version('TLS_ECDHE_RSA_WITH_RC4_128_SHA') }),
    expected: {
      severity: 'warning',
      details: { cipherSuites: ['TLS_ECDHE_RSA_WITH_RC4_128_SHA'], groups: [] },
    },
  },
  {
    name: 'flags a discouraged group',
    input: surveyed({ groups: ['X25519', 'P-224'] }),
    expected: { details: { cipherSuites: [], groups: ['P-224'] } },
  },
  {
    name: 'passes what a draft alone discourages',
    input: surveyed({ versions: version('TLS_RSA_WITH_AES_128_GCM_SHA256') }),
    expected: 'pass',
  },
  {
    name: 'passes what is neither recommended nor discouraged',
    input: surveyed({ versions: version('TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA'), groups: ['P-521'] }),
    expected: 'pass',
  },
  {
    name: 'does not apply where nothing was agreed on',
    input: { observation: anObservation({ tls: null }) },
    expected: 'not-applicable',
  },
]);
