import { weakKeyExchange } from '../../../src/rules/crypto/weak-key-exchange.js';
import { surveyed, testRule } from '../support.js';

testRule(weakKeyExchange, [
  {
    name: 'flags a Diffie-Hellman group of 1024 bits',
    input: surveyed({ dhBits: 1024 }),
    expected: { severity: 'error', details: { dhBits: 1024, leastDhBits: 2048, curves: [] } },
  },
  { name: 'flags one of 2047 bits', input: surveyed({ dhBits: 2047 }), expected: { severity: 'error' } },
  { name: 'passes one of 2048 bits', input: surveyed({ dhBits: 2048 }), expected: 'pass' },
  {
    name: 'flags curves of less than 224 bits',
    input: surveyed({ groups: ['X25519', 'secp160r1', 'sect163k1', 'P-192'] }),
    expected: { details: { dhBits: null, leastDhBits: 2048, curves: ['secp160r1', 'sect163k1', 'P-192'] } },
  },
  {
    name: 'passes curves of 224 bits and more, and hybrids',
    input: surveyed({ groups: ['P-224', 'sect233k1', 'secp224k1', 'P-521', 'X25519MLKEM768'] }),
    expected: 'pass',
  },
  {
    name: 'does not apply where no group was learned',
    input: surveyed({ groups: [] }),
    expected: 'not-applicable',
  },
]);
