import { isInUse, nextInstant } from '../facts.js';
import { pathErrors } from '../path-errors.js';
import type { CertificateRule } from '../rule.js';
import { isSelfSigned } from '../cryptography.js';

/**
 * RFC 5280 section 6: a certificate is good for what a path to a trust anchor says of it. The path was searched over what was
 * served, as a client without a cache of intermediates would. Dates of the leaf and names have rules of their own.
 */
export const untrustedChain: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'untrusted-chain',
  title: 'No valid path to a trusted root',
  severity: 'error',
  citation: 'RFC 5280 section 6.1; RFC 8446 section 4.4.2',
  remediation:
    'Serve the leaf followed by every intermediate below the root. For a private CA, add its root to the configured root store.',
  appliesTo: (input) => isInUse(input) && input.validation !== null && !isSelfSigned(input.certificate),
  check(input) {
    const errors = pathErrors(input);
    if (errors.length === 0) return null;
    return {
      details: {
        rootStore: input.validation?.rootStore ?? null,
        issuer: input.certificate.issuer,
        served: input.chain.map((certificate) => certificate.subject),
        errors,
      },
    };
  },
  // Roots, and intermediates that were not served, end too.
  standsUntil: ({ validation, now }) =>
    nextInstant(
      now,
      (validation?.links ?? []).map(({ notAfter }) => (notAfter?.getTime() ?? 0) + 1000),
    ),
};
