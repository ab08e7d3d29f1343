import { notPostQuantumReady } from '../../../src/rules/crypto/not-post-quantum-ready.js';
import { surveyed, testRule } from '../support.js';

testRule(notPostQuantumReady, [
  {
    name: 'notices an endpoint without a post-quantum group',
    input: surveyed({ groups: ['X25519', 'P-256'] }),
    expected: {
      severity: 'notice',
      details: { groups: ['X25519', 'P-256'] },
      cause: { kind: 'rule', key: 'not-post-quantum-ready' },
    },
  },
  {
    name: 'passes one with a hybrid',
    input: surveyed({ groups: ['X25519MLKEM768', 'X25519'] }),
    expected: 'pass',
  },
  { name: 'passes one with ML-KEM alone', input: surveyed({ groups: ['MLKEM1024'] }), expected: 'pass' },
  { name: 'does not apply where no survey listed groups', input: {}, expected: 'not-applicable' },
  { name: 'does not apply where it found none', input: surveyed({ groups: [] }), expected: 'not-applicable' },
]);
