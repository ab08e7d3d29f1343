import { profileRule, type ProfileFault } from '../profile-rule.js';

/** RFC 5280 section 4.1.2.2: a positive INTEGER of at most 20 octets; Baseline Requirements section 7.1.2.7: with 64 random bits. */
export const serialNumber = profileRule({
  id: 'serial-number',
  title: 'Serial number breaks the rules',
  severity: 'error',
  citation: 'RFC 5280 section 4.1.2.2; Baseline Requirements section 7.1.2.7',
  remediation: 'Have it issued again by a CA whose software follows the standard.',
  scope: 'all',
  roles: ['leaf', 'ca'],
  faults({ parsed: { serialNumber: value, serialOctets } }) {
    const faults: ProfileFault[] = [];
    if (serialOctets.length > 20)
      faults.push({ code: 'serial-too-long', message: `${serialOctets.length} octets, more than 20` });
    if (value < 0n) faults.push({ code: 'serial-negative', message: 'it is negative' });
    if (value === 0n) faults.push({ code: 'serial-zero', message: 'it is zero' });
    if (value > 0n && value < 1n << 47n)
      faults.push({
        code: 'serial-short',
        message: `${value} is too short to hold 64 random bits`,
        from: 'br-serial-bits',
        severity: 'notice',
      });
    return faults;
  },
});
