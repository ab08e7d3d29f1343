import type { Certificate } from '../../model/certificate.js';
import type { Policy } from '../../model/policy.js';
import { severities, type Severity } from '../../model/severity.js';
import { isSelfSigned, problemsOfKey } from '../cryptography.js';
import { isOurs, withChain } from '../facts.js';
import type { CertificateRule } from '../rule.js';

/** One thing that is wrong with a key. */
interface Weakness {
  readonly code: string;
  readonly reason: string;
  readonly severity: Severity;
  readonly source: string;
}

const source = 'CA/Browser Forum Baseline Requirements section 6.1.5';

/** The policy says how small is too small; `unknown-algorithm` tells of keys nobody here can judge. */
const saidElsewhere = new Set(['rsa-too-small', 'key-algorithm-unknown']);

/**
 * CA/Browser Forum Baseline Requirements section 6.1.5: an RSA modulus of at least 2048 bits; ECDSA on P-256, P-384 or P-521;
 * section 6.1.1.3: no key with a known weakness (ROCA, close primes, small factors ...). Keys of served intermediates count too; a
 * root's is its store's affair.
 */
export const weakKey: CertificateRule = {
  kind: 'certificate',
  about: 'issuance',
  id: 'weak-key',
  title: 'Public key is weak',
  severity: 'error',
  citation: 'CA/Browser Forum Baseline Requirements section 6.1.5, 6.1.6 and 6.1.1.3',
  remediation:
    'Make a new key (P-256, or RSA of 2048 bits or more), get a certificate for it, and retire the old key.',
  appliesTo: (input) => isOurs(input) && input.certificate.key !== null,
  check(input) {
    const keys = withChain(input).flatMap(({ certificate, position }) =>
      position > 0 && isSelfSigned(certificate)
        ? []
        : weaknesses(certificate, input.policy).map((weakness) => ({
            position,
            subject: certificate.subject,
            ...certificate.key,
            ...weakness,
          })),
    );
    if (keys.length === 0) return null;
    const severity = severities.findLast((grade) => keys.some((key) => key.severity === grade));
    return severity === undefined ? { details: { keys } } : { details: { keys }, severity };
  },
};

function weaknesses(certificate: Certificate, policy: Policy): readonly Weakness[] {
  const { type, bits } = certificate.key ?? { type: '', bits: null };
  const least = type === 'RSA' ? policy.minRsaBits : type === 'EC' ? policy.minEcBits : 0;
  const known = problemsOfKey(certificate)
    .filter(({ code }) => !saidElsewhere.has(code))
    .map(({ code, message, ...rest }) => ({ code, reason: message, ...rest }));
  if (bits === null || bits >= least) return known;
  const reason = `${bits} bits are fewer than ${least}`;
  return [{ code: 'key-too-small', reason, severity: 'error', source }, ...known];
}
