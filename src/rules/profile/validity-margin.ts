import { durationText, lifetimeLimitDays, lifetimeSeconds } from '../../x509/path/web-pki.js';
import { profileRule } from '../profile-rule.js';

const daySeconds = 86_400;

/** Baseline Requirements section 6.3.2: a certificate SHOULD stay a day below the limit, for a second too much breaks it. */
export const validityMargin = profileRule({
  id: 'validity-margin',
  title: 'Lifetime is at the very limit',
  severity: 'notice',
  citation: 'Baseline Requirements section 6.3.2',
  remediation: 'Ask the CA for a lifetime one day below the limit, or shorter.',
  scope: 'public',
  roles: ['leaf'],
  faults({ parsed, certificate: { notBefore } }) {
    const days = notBefore === null ? null : lifetimeLimitDays(notBefore);
    const seconds = lifetimeSeconds(parsed);
    if (days === null || seconds <= (days - 1) * daySeconds || seconds > days * daySeconds) return [];
    const message = `valid for ${durationText(seconds)}; the limit is ${days} days`;
    return [{ code: 'less-than-a-day-below-the-limit', message, from: 'br-lifetime-398' }];
  },
});
