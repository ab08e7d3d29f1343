import { isCritical, isPresent } from '../../x509/path/extensions.js';
import { purposes } from '../../x509/path/purposes.js';
import { profileRule, type ProfileFault } from '../profile-rule.js';

/**
 * Baseline Requirements section 7.1.2.7.10: serverAuth, and clientAuth at most beside it; Chrome Root Program Policy 1.8 section 1.3.2 ends
 * clientAuth for certificates issued from 2027-03-15 on.
 */
export const leafExtendedKeyUsage = profileRule({
  id: 'leaf-extended-key-usage',
  title: 'Purposes of a server certificate are wrong',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.2.7.10; Chrome Root Program Policy 1.8 section 1.3.2',
  remediation: 'Have it issued again for serverAuth only; get client certificates from a CA for clients.',
  scope: 'public',
  roles: ['leaf'],
  faults({ parsed }) {
    if (!isPresent(parsed, 'extendedKeyUsage'))
      return [{ code: 'eku-missing', message: 'there is no extendedKeyUsage', from: 'br-leaf-eku' }];
    const usages = parsed.extensions.extendedKeyUsage?.value ?? [];
    const faults: ProfileFault[] = [];
    if (isCritical(parsed, 'extendedKeyUsage'))
      faults.push({
        code: 'eku-critical',
        message: 'extendedKeyUsage is critical',
        from: 'br-eku-criticality',
      });
    if (usages.length > 0 && !usages.includes(purposes.serverAuth) && !usages.includes(purposes.clientAuth))
      faults.push({ code: 'eku-without-server', message: 'serverAuth is missing', from: 'br-leaf-eku' });
    if (!usages.includes(purposes.serverAuth)) return faults;
    if (usages.includes(purposes.clientAuth))
      faults.push({ code: 'eku-client', message: 'clientAuth beside serverAuth', from: 'chrome-leaf-eku' });
    if (usages.includes(purposes.any))
      faults.push({ code: 'eku-any', message: 'anyExtendedKeyUsage', from: 'br-leaf-eku' });
    const known: readonly string[] = [purposes.serverAuth, purposes.clientAuth, purposes.any];
    const odd = usages.filter((usage) => !known.includes(usage));
    if (odd.length > 0)
      faults.push({
        code: 'eku-mixed',
        message: `serverAuth beside ${odd.slice(0, 4).join(', ')}`,
        from: 'br-eku-email',
      });
    return faults;
  },
});
