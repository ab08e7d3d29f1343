import { daysBetween, isInUse, wholeSecond } from '../facts.js';
import type { CertificateRule } from '../rule.js';

/**
 * RFC 5280 section 4.1.2.5: "The validity period for a certificate is the period of time from notBefore through notAfter,
 * inclusive." Served past notAfter, it is an outage for every client that checks.
 */
export const expired: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'expired',
  title: 'Certificate has expired',
  severity: 'critical',
  supersedes: ['expiring'],
  citation: 'RFC 5280 section 4.1.2.5',
  remediation:
    'Install a renewed certificate on the endpoint, and find out why renewal did not happen by itself.',
  appliesTo: (input) => isInUse(input) && input.certificate.notAfter !== null,
  check({ certificate: { notAfter }, source, now }) {
    if (notAfter === null || wholeSecond(now) <= notAfter) return null;
    const details = { notAfter: notAfter.toISOString(), daysAgo: daysBetween(notAfter, now) };
    return { details, dueAt: notAfter, ...(source === 'served' ? {} : { severity: 'error' }) };
  },
};
