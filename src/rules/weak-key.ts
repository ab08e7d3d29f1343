import type { Certificate } from '../model/certificate.js';
import type { Policy } from '../model/policy.js';
import { isOurs, withChain } from './facts.js';
import type { CertificateRule } from './rule.js';
import { isSelfSigned, keyFault } from './cryptography.js';

/** Below this the policy alone says what is weak. */
const usualRsaBits = 2048;
const goodCurves = new Set(['P-256', 'P-384', 'P-521']);

/**
 * CA/Browser Forum Baseline Requirements section 6.1.5: an RSA modulus of at least 2048 bits; ECDSA on P-256, P-384 or P-521;
 * section 6.1.6: an odd exponent of 3 or more, a point on its curve. DSA is allowed nowhere today (NIST SP 800-131A revision 2). Keys of served intermediates count too; a root's is its store's affair.
 */
export const weakKey: CertificateRule = {
  kind: 'certificate',
  about: 'issuance',
  id: 'weak-key',
  title: 'Public key is weak',
  severity: 'error',
  citation: 'CA/Browser Forum Baseline Requirements section 6.1.5 and 6.1.6',
  remediation:
    'Make a new key (P-256, or RSA of 2048 bits or more), get a certificate for it, and retire the old key.',
  appliesTo: (input) => isOurs(input) && input.certificate.key !== null,
  check(input) {
    const keys = withChain(input).flatMap(({ certificate, position }) => {
      const reason = position > 0 && isSelfSigned(certificate) ? null : weakness(certificate, input.policy);
      return reason === null ? [] : [{ position, subject: certificate.subject, reason, ...certificate.key }];
    });
    return keys.length === 0 ? null : { details: { keys } };
  },
};

function weakness(certificate: Certificate, policy: Policy): string | null {
  if (certificate.key === null) return null;
  const { type, bits, curve } = certificate.key;
  if (type === 'DSA') return 'DSA keys are no longer allowed';
  const least = type === 'RSA' ? policy.minRsaBits : type === 'EC' ? policy.minEcBits : 0;
  if (bits !== null && bits < least) return `${bits} bits are fewer than ${least}`;
  if (type === 'EC' && (curve === null || !goodCurves.has(curve)))
    return `the curve is ${curve ?? 'unknown'}, not P-256, P-384 or P-521`;
  const isJudged = type === 'EC' || (type === 'RSA' && bits !== null && bits >= usualRsaBits);
  return isJudged ? keyFault(certificate) : null;
}
