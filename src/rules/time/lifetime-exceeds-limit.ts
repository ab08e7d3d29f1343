import { durationText, lifetimeLimitDays, lifetimeSeconds } from '../../x509/path/web-pki.js';
import { profileRule } from '../profile-rule.js';

/** Baseline Requirements section 6.3.2: 398 days, 200 from 2026-03-15, 100 from 2027-03-15, 47 from 2029-03-15, to the second. */
export const lifetimeExceedsLimit = profileRule({
  id: 'lifetime-exceeds-limit',
  title: 'Certificate is valid for too long',
  severity: 'error',
  citation: 'Baseline Requirements section 6.3.2',
  remediation:
    'Have it issued again for a shorter time: browsers refuse what is valid for longer than allowed.',
  scope: 'public',
  roles: ['leaf'],
  faults({ parsed, certificate: { notBefore } }) {
    const days = notBefore === null ? null : lifetimeLimitDays(notBefore);
    const seconds = lifetimeSeconds(parsed);
    if (days === null || seconds <= days * 86_400) return [];
    return [
      {
        code: 'lifetime',
        message: `valid for ${durationText(seconds)}; ${days} days were allowed when it was issued`,
      },
    ];
  },
});
