import { dayMs, daysBetween, isInUse, wholeSecond } from '../facts.js';
import type { CertificateRule } from '../rule.js';
import { thresholds } from '../expiry-thresholds.js';

/**
 * The time left is measured against the certificate's own lifetime, so that one policy fits lifetimes of 6, 45, 90 and 398
 * days. ACME clients renew when a third is left (certbot 4.0; RFC 9773 lets the CA move it): what is served with less than three tenths
 * was not renewed on time.
 */
export const expiring: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'expiring',
  title: 'Certificate expires soon',
  severity: 'warning',
  citation: 'RFC 5280 section 4.1.2.5; renewal at one third of the lifetime as certbot 4.0 does',
  remediation:
    'Renew the certificate and install it; if renewal is automatic, find out why it did not happen.',
  appliesTo({ certificate: { notBefore, notAfter }, source, now }) {
    return (
      isInUse({ source }) &&
      notBefore !== null &&
      notAfter !== null &&
      notBefore <= wholeSecond(now) &&
      wholeSecond(now) <= notAfter
    );
  },
  check(input) {
    const {
      certificate: { notBefore, notAfter },
      now,
    } = input;
    const policy = thresholds(input);
    if (notBefore === null || notAfter === null) return null;
    const lifetimeMs = notAfter.getTime() - notBefore.getTime();
    const leftMs = notAfter.getTime() - now.getTime();
    if (leftMs >= limitMs(lifetimeMs, policy.warnFraction, policy.warnDays)) return null;
    const details = {
      notAfter: notAfter.toISOString(),
      daysLeft: daysBetween(now, notAfter),
      lifetimeDays: daysBetween(notBefore, notAfter),
    };
    const late = leftMs < limitMs(lifetimeMs, policy.errorFraction, policy.errorDays);
    return { details, dueAt: notAfter, ...(late ? { severity: 'error' } : {}) };
  },
  standsUntil(input) {
    const {
      certificate: { notBefore, notAfter },
      now,
    } = input;
    const policy = thresholds(input);
    if (notBefore === null || notAfter === null) return null;
    const lifetimeMs = notAfter.getTime() - notBefore.getTime();
    const limits = [
      limitMs(lifetimeMs, policy.warnFraction, policy.warnDays),
      limitMs(lifetimeMs, policy.errorFraction, policy.errorDays),
    ];
    // At the limit itself enough is left.
    const starts = limits.map((limit) => notAfter.getTime() - limit + 1).filter((at) => at > now.getTime());
    return starts.length === 0 ? null : new Date(Math.min(...starts));
  },
};

function limitMs(lifetimeMs: number, fraction: number, days: number): number {
  return Math.min(lifetimeMs * fraction, days * dayMs);
}
