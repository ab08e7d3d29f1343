import { dayMs, daysBetween, isInUse, nextInstant, wholeSecond } from '../facts.js';
import type { CertificateRule, CheckInput } from '../rule.js';

/**
 * RFC 5280 section 6.1.3 (a)(2): every certificate of a path must be valid. One that ends before the server's own takes the service
 * down first, and no renewal of the server's certificate helps. Ends are compared with `expiring.warnDays` and `errorDays`, whatever
 * the lifetime.
 */
export const chainExpiring: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'chain-expiring',
  title: 'Chain expires before the certificate',
  severity: 'warning',
  citation: 'RFC 5280 section 6.1.3 (a)(2)',
  remediation:
    'Install the successor of the certificate that ends first (a newer intermediate, root or CRL signer) beside the server certificate.',
  appliesTo: (input) => isInUse(input) && endingFirst(input) !== null,
  check(input) {
    const first = endingFirst(input);
    const { certificate, policy, now } = input;
    if (first === null || first.notAfter >= (certificate.notAfter ?? first.notAfter)) return null;
    const leftMs = first.notAfter.getTime() - now.getTime();
    if (leftMs >= policy.expiring.warnDays * dayMs) return null;
    const details = {
      ...first,
      notAfter: first.notAfter.toISOString(),
      daysLeft: daysBetween(now, first.notAfter),
      leafNotAfter: certificate.notAfter?.toISOString() ?? null,
    };
    const isLate = leftMs < policy.expiring.errorDays * dayMs;
    return { details, dueAt: first.notAfter, ...(isLate ? { severity: 'error' } : {}) };
  },
  standsUntil({ validation, policy: { expiring }, now }) {
    const instants = (validation?.links ?? []).flatMap(({ notAfter }) => {
      const end = notAfter?.getTime() ?? 0;
      // At the limit itself enough is left; the last second is still valid.
      return [end - expiring.warnDays * dayMs + 1, end - expiring.errorDays * dayMs + 1, end + 1000];
    });
    return nextInstant(now, instants);
  },
};

/** The certificate the path rests on that ends first, while it is valid; null where there is no path. */
function endingFirst({ validation, now }: CheckInput) {
  const links = (validation?.links ?? []).flatMap(({ sha256, subject, role, notAfter }) =>
    notAfter !== null && wholeSecond(now) <= notAfter ? [{ sha256, subject, role, notAfter }] : [],
  );
  return links.sort((a, b) => a.notAfter.getTime() - b.notAfter.getTime())[0] ?? null;
}
