import { isFileOfCa, isInUse } from '../facts.js';
import type { CertificateRule } from '../rule.js';
import { isSelfSigned } from '../cryptography.js';

/**
 * RFC 5280 section 3.2: "Self-signed certificates are self-issued certificates where the digital signature may be verified by
 * the public key bound into the certificate." Nobody vouches for it, unless the root store holds it.
 */
export const selfSigned: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'self-signed',
  title: 'Certificate is self-signed',
  severity: 'error',
  citation: 'RFC 5280 section 3.2 and section 6.1',
  remediation:
    'Replace it by a certificate of a CA that clients trust, or add it to the configured root store if it is pinned on purpose.',
  appliesTo: (input) => isInUse(input) && !isFileOfCa(input),
  check({ certificate, validation }) {
    if (!isSelfSigned(certificate) || validation?.path.at(-1) === certificate.sha256) return null;
    return { details: { subject: certificate.subject, rootStore: validation?.rootStore ?? null } };
  },
};
