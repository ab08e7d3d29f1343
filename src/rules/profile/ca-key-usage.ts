import { isCritical, isPresent, keyUsageBits } from '../../x509/path/extensions.js';
import { profileRule, type ProfileFault } from '../profile-rule.js';

/** Baseline Requirements sections 7.1.2.10.7 and 7.1.2.1.4: a critical keyUsage with keyCertSign and cRLSign, and no more than digitalSignature. */
export const caKeyUsage = profileRule({
  id: 'ca-key-usage',
  title: 'Key usage of a CA is missing or wrong',
  severity: 'error',
  citation: 'Baseline Requirements sections 7.1.2.10.7 and 7.1.2.1.4; RFC 3279 section 2.3.1',
  remediation: 'Report it to the CA; use another intermediate where there is one.',
  scope: 'public',
  roles: ['ca', 'root'],
  faults({ parsed }) {
    const from = 'br-first';
    if (!isPresent(parsed, 'keyUsage'))
      return [{ code: 'key-usage-missing', message: 'there is no keyUsage', from }];
    const faults: ProfileFault[] = [];
    const usage = parsed.extensions.keyUsage?.value ?? 0;
    if (!isCritical(parsed, 'keyUsage'))
      faults.push({ code: 'key-usage-not-critical', message: 'keyUsage is not critical', from });
    const { keyCertSign, cRLSign, digitalSignature } = keyUsageBits;
    if ((usage & keyCertSign) === 0)
      faults.push({ code: 'no-cert-sign', message: 'keyUsage lacks keyCertSign', from });
    if ((usage & cRLSign) === 0)
      faults.push({ code: 'no-crl-sign', message: 'keyUsage lacks cRLSign', from });
    if ((usage & ~(keyCertSign | cRLSign | digitalSignature)) !== 0)
      faults.push({
        code: 'usage-not-allowed',
        message: `keyUsage has further bits (${usage})`,
        from: 'br-profiles',
      });
    return faults;
  },
});
