import { numberOf } from '../../lib/policy-dates.js';
import { lifetimeSeconds } from '../../x509/path/web-pki.js';
import { isPresent } from '../../x509/path/extensions.js';
import { profileRule, type ProfileFault } from '../profile-rule.js';

const leastDays = 2922;

/** Baseline Requirements section 7.1.2.1: a root is valid for 8 to 25 years, has no extendedKeyUsage, and names itself in its key identifiers. */
export const rootProfile = profileRule({
  id: 'root-profile',
  title: 'Root breaks the profile of roots',
  severity: 'error',
  citation: 'Baseline Requirements sections 7.1.2.1.1 and 7.1.2.1.2',
  remediation: 'Report it to the CA, or leave the root out of your root store.',
  scope: 'public',
  roles: ['root'],
  faults({ parsed, certificate }) {
    const faults: ProfileFault[] = [];
    const days = Math.ceil(lifetimeSeconds(parsed) / 86_400);
    const most = numberOf('br-root-lifetime');
    if (days < leastDays || days > most)
      faults.push({
        code: 'root-lifetime',
        message: `${days} days, not ${leastDays} to ${most}`,
        from: 'br-profiles',
      });
    if (isPresent(parsed, 'extendedKeyUsage'))
      faults.push({ code: 'root-eku', message: 'a root with extendedKeyUsage', from: 'br-first' });
    const { authorityKeyId, subjectKeyId } = certificate;
    if (authorityKeyId !== null && authorityKeyId !== subjectKeyId)
      faults.push({
        code: 'root-key-id',
        message: 'authorityKeyIdentifier is not its own',
        from: 'br-profiles',
      });
    return faults;
  },
});
