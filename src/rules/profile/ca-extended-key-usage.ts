import { isCritical, isPresent } from '../../x509/path/extensions.js';
import { purposes } from '../../x509/path/purposes.js';
import { profileRule, type ProfileFault } from '../profile-rule.js';

/** Baseline Requirements section 7.1.2.10.6; Mozilla Root Store Policy section 5.3: a CA for servers is for nothing that servers are not. */
export const caExtendedKeyUsage = profileRule({
  id: 'ca-extended-key-usage',
  title: 'CA is allowed purposes besides TLS',
  severity: 'error',
  citation: 'Baseline Requirements section 7.1.2.10.6; Mozilla Root Store Policy section 5.3',
  remediation: 'Report it to the CA; use an intermediate that is for TLS servers only.',
  scope: 'public',
  roles: ['ca'],
  faults({ parsed }) {
    if (!isPresent(parsed, 'extendedKeyUsage'))
      return [
        {
          code: 'eku-missing',
          message: 'there is no extendedKeyUsage',
          from: 'mozilla-ca-eku',
          severity: 'notice',
        },
      ];
    const faults: ProfileFault[] = [];
    const usages = parsed.extensions.extendedKeyUsage?.value ?? [];
    if (isCritical(parsed, 'extendedKeyUsage'))
      faults.push({
        code: 'eku-critical',
        message: 'extendedKeyUsage is critical',
        severity: 'warning',
        from: 'br-profiles',
      });
    if (!usages.includes(purposes.serverAuth)) return faults;
    const odd = usages.filter((usage) => usage !== purposes.serverAuth && usage !== purposes.clientAuth);
    if (odd.length > 0)
      faults.push({
        code: 'eku-mixed',
        message: `serverAuth beside ${odd.slice(0, 4).join(', ')}`,
        from: 'mozilla-encodings',
      });
    return faults;
  },
});
