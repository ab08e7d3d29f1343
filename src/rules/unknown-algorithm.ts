import { isOurs } from './facts.js';
import type { CertificateRule } from './rule.js';

const dotted = /^\d+(\.\d+)+$/;

/**
 * An algorithm we have no name for is not judged by `weak-key` and `weak-signature`: it is told, so that silence is never taken
 * for strength.
 */
export const unknownAlgorithm: CertificateRule = {
  kind: 'certificate',
  about: 'issuance',
  id: 'unknown-algorithm',
  title: 'Key or signature algorithm is unknown',
  severity: 'notice',
  citation: 'RFC 5280 section 4.1.1.2 and section 4.1.2.7',
  remediation: 'Look the object identifier up; public clients accept RSA and ECDSA only.',
  appliesTo: (input) => isOurs(input),
  check({ certificate: { key, signatureAlgorithm } }) {
    const keyType = key !== null && dotted.test(key.type) ? key.type : null;
    const signature =
      signatureAlgorithm !== null && dotted.test(signatureAlgorithm) ? signatureAlgorithm : null;
    if (keyType === null && signature === null) return null;
    return { details: { keyType, signatureAlgorithm: signature } };
  },
};
