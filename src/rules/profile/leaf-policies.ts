import { isCritical, isPresent } from '../../x509/path/extensions.js';
import { anyPolicy } from '../../x509/path/policies.js';
import { isReservedPolicy } from '../attributes.js';
import { qualifierFaults } from '../policy-qualifiers.js';
import { profileRule, type ProfileFault } from '../profile-rule.js';

/** Baseline Requirements section 7.1.2.7.9: exactly one reserved policy, the first of all, and no qualifier but a CPS address. */
export const leafPolicies = profileRule({
  id: 'leaf-policies',
  title: 'Certificate policies are missing or wrong',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.2.7.9; RFC 5280 section 4.2.1.4; RFC 6818 section 3',
  remediation: 'Have it issued again by a CA that follows the Baseline Requirements.',
  scope: 'public',
  roles: ['leaf'],
  faults({ parsed, policies }) {
    if (!isPresent(parsed, 'certificatePolicies'))
      return [{ code: 'policies-missing', message: 'there are no certificatePolicies', from: 'br-first' }];
    const faults: ProfileFault[] = [];
    const reserved = policies.filter(isReservedPolicy);
    if (isCritical(parsed, 'certificatePolicies'))
      faults.push({
        code: 'policies-critical',
        message: 'certificatePolicies is critical',
        severity: 'warning',
      });
    if (policies.includes(anyPolicy))
      faults.push({
        code: 'policies-any',
        message: 'anyPolicy in a certificate of a server',
        from: 'br-profiles',
      });
    if (reserved.length !== 1)
      faults.push({
        code: 'policies-reserved',
        message: `${reserved.length} reserved policies`,
        from: 'br-profiles',
      });
    else if (policies[0] !== reserved[0])
      faults.push({
        code: 'policies-order',
        message: 'the reserved policy is not the first',
        severity: 'notice',
        from: 'br-profiles',
      });
    const qualifiers = (parsed.extensions.certificatePolicies?.value ?? []).flatMap((one) => one.qualifiers);
    return [...faults, ...qualifiers.flatMap(qualifierFaults)];
  },
});
