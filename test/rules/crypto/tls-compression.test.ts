import { tlsCompression } from '../../../src/rules/crypto/tls-compression.js';
import { surveyed, testRule } from '../support.js';

testRule(tlsCompression, [
  {
    name: 'flags a server that compresses',
    input: surveyed({ compression: true }),
    expected: { severity: 'warning' },
  },
  { name: 'passes one that does not', input: surveyed({ compression: false }), expected: 'pass' },
  {
    name: 'does not apply where it could not be told',
    input: surveyed({ compression: null }),
    expected: 'not-applicable',
  },
]);
