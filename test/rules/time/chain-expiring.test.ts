import type { PathLink, Validation } from '../../../src/model/validation.js';
import { chainExpiring } from '../../../src/rules/time/chain-expiring.js';
import { aPolicy, aValidation, later, testRule } from '../support.js';

const link = (days: number, ms = 0, role: PathLink['role'] = 'issuer'): PathLink => ({
  sha256: 'ab'.repeat(32),
  subject: `CN=${role}`,
  role,
  notBefore: later(-1000),
  notAfter: later(days, ms),
});
const resting = (...links: readonly PathLink[]): Validation => aValidation({ links });

testRule(chainExpiring, [
  {
    name: 'flags an intermediate that ends in three days, long before the leaf, and names it',
    input: { validation: resting(link(3), link(3000, 0, 'anchor')) },
    expected: { severity: 'error', details: { subject: 'CN=issuer', role: 'issuer', daysLeft: 3 } },
  },
  {
    name: 'flags an own root that ends in 20 days',
    input: { validation: resting(link(900), link(20, 0, 'anchor')) },
    expected: { severity: 'warning', details: { role: 'anchor' } },
  },
  {
    name: 'flags the signer of a CRL',
    input: { validation: resting(link(900), link(900, 0, 'anchor'), link(2, 0, 'crl-signer')) },
    expected: { severity: 'error', details: { role: 'crl-signer' } },
  },
  {
    name: 'flags one millisecond below the days of the policy',
    input: { validation: resting(link(30, -1)) },
    expected: { severity: 'warning' },
  },
  {
    name: 'passes exactly at the days of the policy',
    input: { validation: resting(link(30)) },
    expected: 'pass',
  },
  {
    name: 'follows the policy',
    input: {
      validation: resting(link(40)),
      policy: aPolicy({
        expiring: { warnFraction: 0.3, warnDays: 60, errorFraction: 0.1, errorDays: 41, overrides: [] },
      }),
    },
    expected: { severity: 'error' },
  },
  {
    name: 'passes one that ends with the leaf: renewal replaces both',
    input: { validation: resting(link(45)) },
    expected: 'pass',
  },
  {
    name: 'passes one that lasts longer than the leaf',
    input: { validation: resting(link(46)) },
    expected: 'pass',
  },
  {
    name: 'does not apply to one that has ended: the path is broken, and said to be',
    input: { validation: resting(link(-1)) },
    expected: 'not-applicable',
  },
  { name: 'does not apply without a path', input: { validation: resting() }, expected: 'not-applicable' },
  {
    name: 'does not apply to a certificate that is only logged',
    input: { source: 'logged', validation: resting(link(3)) },
    expected: 'not-applicable',
  },
]);
