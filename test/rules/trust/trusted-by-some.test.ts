import { trustedBySome } from '../../../src/rules/trust/trusted-by-some.js';
import { publicRoot } from '../profile-support.js';
import { aCertificate, aValidation, testRule } from '../support.js';

/** AAA Certificate Services: Mozilla and Chrome have dropped it, Microsoft has not. */
const some = 'd7a7a0fb5d7e2731d771e9484ebcdef71d5f0c3e0a2948782bc83ee0ea699ef4';
const endingIn = (root: string) => aValidation({ path: ['aa'.repeat(32), root] });

testRule(trustedBySome, [
  {
    name: 'notices a root that some programmes do not include',
    input: { validation: endingIn(some) },
    expected: { severity: 'notice' },
  },
  { name: 'passes a root that all include', input: { validation: endingIn(publicRoot) }, expected: 'pass' },
  {
    name: 'passes one whose chain leads to a root of all by a cross-certificate',
    input: {
      validation: endingIn(some),
      chain: [aCertificate({ issuer: 'CN=ISRG Root X1,O=Internet Security Research Group,C=US' })],
    },
    expected: 'pass',
  },
  {
    name: 'does not apply to a root that no programme knows',
    input: { validation: endingIn('bb'.repeat(32)) },
    expected: 'not-applicable',
  },
  {
    name: 'does not apply without a path',
    input: { validation: aValidation({ verdict: 'invalid' }) },
    expected: 'not-applicable',
  },
]);
