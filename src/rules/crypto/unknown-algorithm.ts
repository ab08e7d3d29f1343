import { isOurs } from '../facts.js';
import type { CertificateRule } from '../rule.js';

const knownKeys = new Set(['RSA', 'EC', 'DSA', 'Ed25519']);
const knownSignatures =
  /^(md[245]|sha(1|224|256|384|512))With|^ecdsa-with-SHA(1|224|256|384|512)$|^dsa|^rsassaPss(?!-SHAKE)|^Ed25519$/i;

/**
 * RFC 8446 section 4.2.3 lists what TLS clients verify; of that, public ones take RSA and ECDSA only (Baseline Requirements section
 * 7.1.3). What lies beyond (GOST, SM2, Ed448, ML-DSA, an identifier nobody named) is not judged by `weak-key` and
 * `weak-signature`: it is told, so that silence is never taken for strength.
 */
export const unknownAlgorithm: CertificateRule = {
  kind: 'certificate',
  about: 'issuance',
  id: 'unknown-algorithm',
  title: 'Algorithm is not one that TLS clients know',
  severity: 'notice',
  citation: 'RFC 8446 section 4.2.3; CA/Browser Forum Baseline Requirements section 7.1.3',
  remediation:
    'Make sure that every client of this endpoint knows the algorithm; public ones take RSA and ECDSA only.',
  appliesTo: (input) => isOurs(input),
  check({ certificate: { key, signatureAlgorithm } }) {
    const keyType = key === null || knownKeys.has(key.type) ? null : key.type;
    const signature =
      signatureAlgorithm === null || knownSignatures.test(signatureAlgorithm) ? null : signatureAlgorithm;
    if (keyType === null && signature === null) return null;
    return { details: { keyType, signatureAlgorithm: signature } };
  },
};
