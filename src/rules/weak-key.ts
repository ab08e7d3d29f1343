import type { PublicKeyFacts } from '../model/certificate.js';
import type { Policy } from '../model/policy.js';
import { isOurs } from './facts.js';
import type { CertificateRule } from './rule.js';

const goodCurves = new Set(['P-256', 'P-384', 'P-521']);

/**
 * CA/Browser Forum Baseline Requirements section 6.1.5: an RSA modulus of at least 2048 bits; ECDSA on P-256, P-384 or P-521;
 * no other kind is allowed in public certificates, and DSA is allowed nowhere today (NIST SP 800-131A revision 2).
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
  check({ certificate: { key }, policy }) {
    if (key === null) return null;
    const reason = weakness(key, policy);
    return reason === null ? null : { details: { reason, type: key.type, bits: key.bits, curve: key.curve } };
  },
};

function weakness({ type, bits, curve }: PublicKeyFacts, policy: Policy): string | null {
  if (type === 'DSA') return 'DSA keys are no longer allowed';
  const least = type.startsWith('RSA') ? policy.minRsaBits : type === 'EC' ? policy.minEcBits : 0;
  if (bits !== null && bits < least) return `${bits} bits are fewer than ${least}`;
  if (type === 'EC' && (curve === null || !goodCurves.has(curve)))
    return `the curve is ${curve ?? 'unknown'}, not P-256, P-384 or P-521`;
  return null;
}
