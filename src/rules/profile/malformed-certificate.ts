import { isOurs } from '../facts.js';
import { profile } from '../profile-rule.js';
import type { CertificateRule } from '../rule.js';

/** What `serial-number` says, with the standard's own severity. */
const ofSerialNumber = new Set(['negative-serial', 'long-serial', 'zero-serial']);

/**
 * RFC 5280 section 4.1 fixes the form of serial numbers, dates and encodings. Where a certificate breaks it, programs disagree on
 * what it says: one sees a date or a name that another does not.
 */
export const malformedCertificate: CertificateRule = {
  kind: 'certificate',
  about: 'issuance',
  id: 'malformed-certificate',
  title: 'Certificate breaks the standard form',
  severity: 'warning',
  citation: 'RFC 5280 section 4.1; X.690 section 10',
  remediation: 'Have it issued again by a CA whose software follows the standard.',
  appliesTo: (input) => isOurs(input) && input.certificate.problems.every(({ fatal }) => !fatal),
  check({ certificate }) {
    const read = profile(certificate);
    const isToldApart = read !== null && read.role !== 'root';
    const problems = certificate.problems.filter(({ code }) => !isToldApart || !ofSerialNumber.has(code));
    if (problems.length === 0) return null;
    return { details: { problems: problems.map(({ code, message }) => ({ code, message })) } };
  },
};
