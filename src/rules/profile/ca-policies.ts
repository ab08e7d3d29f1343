import { isCritical, isPresent } from '../../x509/path/extensions.js';
import { anyPolicy } from '../../x509/path/policies.js';
import { isReservedPolicy } from '../attributes.js';
import { profileRule, type ProfileFault } from '../profile-rule.js';

/** Baseline Requirements section 7.1.2.10.5: a subordinate CA carries exactly one reserved policy, or anyPolicy alone. */
export const caPolicies = profileRule({
  id: 'ca-policies',
  title: 'Policies of a CA are missing or wrong',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.2.10.5',
  remediation: 'Report it to the CA; use another intermediate where there is one.',
  scope: 'public',
  roles: ['ca', 'root'],
  faults({ parsed, policies, role }) {
    const isThere = isPresent(parsed, 'certificatePolicies');
    if (role === 'root')
      return isThere
        ? [
            {
              code: 'policies-in-root',
              message: 'a root with certificatePolicies',
              severity: 'warning',
              from: 'br-profiles',
            },
          ]
        : [];
    if (!isThere)
      return [{ code: 'policies-missing', message: 'there are no certificatePolicies', from: 'br-first' }];
    const faults: ProfileFault[] = [];
    if (isCritical(parsed, 'certificatePolicies'))
      faults.push({
        code: 'policies-critical',
        message: 'certificatePolicies is critical',
        severity: 'warning',
      });
    const reserved = policies.filter(isReservedPolicy).length;
    const isAny = policies.includes(anyPolicy);
    if (reserved > 1)
      faults.push({
        code: 'policies-several-reserved',
        message: `${reserved} reserved policies`,
        from: 'br-profiles',
      });
    if (isAny && policies.length > 1)
      faults.push({
        code: 'policies-any-with-others',
        message: 'anyPolicy beside others',
        from: 'br-profiles',
      });
    if (!isAny && reserved === 0)
      faults.push({
        code: 'policies-none-reserved',
        message: 'neither anyPolicy nor a reserved policy',
        from: 'br-profiles',
      });
    return faults;
  },
});
