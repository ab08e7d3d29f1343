import { daysBetween, isInUse, wholeSecond } from '../facts.js';
import type { CertificateRule } from '../rule.js';

/** RFC 5280 section 4.1.2.5: the validity period starts at notBefore, inclusive; before it clients refuse the certificate. */
export const notYetValid: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'not-yet-valid',
  title: 'Certificate is not valid yet',
  severity: 'error',
  citation: 'RFC 5280 section 4.1.2.5',
  remediation:
    'Serve the previous certificate until notBefore has come; check the clocks of the issuer and of this machine.',
  appliesTo: (input) => isInUse(input) && input.certificate.notBefore !== null,
  check({ certificate: { notBefore }, now }) {
    if (notBefore === null || wholeSecond(now) >= notBefore) return null;
    return { details: { notBefore: notBefore.toISOString(), daysToGo: daysBetween(now, notBefore) } };
  },
};
