import { insecureRenegotiation } from '../../../src/rules/crypto/insecure-renegotiation.js';
import { surveyed, testRule } from '../support.js';

testRule(insecureRenegotiation, [
  {
    name: 'flags a server without renegotiation_info',
    input: surveyed({ secureRenegotiation: false }),
    expected: { severity: 'error' },
  },
  { name: 'passes one with it', input: surveyed({ secureRenegotiation: true }), expected: 'pass' },
  {
    name: 'does not apply to TLS 1.3, which has no renegotiation',
    input: surveyed({ secureRenegotiation: null }),
    expected: 'not-applicable',
  },
]);
