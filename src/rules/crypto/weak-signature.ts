import type { Certificate } from '../../model/certificate.js';
import { isFileOfCa, isOurs, withChain } from '../facts.js';
import type { CertificateRule } from '../rule.js';
import { isSelfSigned } from '../cryptography.js';

/** Any name of a signature over MD2, MD4, MD5 or SHA-1 ... */
const weakName = /md[245]|sha-?1(?!\d)/i;
/** ... and the OIW identifiers of such signatures, which have no name everybody knows. */
const weakOids = new Set(['1.3.14.3.2.2', '1.3.14.3.2.3', '1.3.14.3.2.4', '1.3.14.3.2.27', '1.3.14.3.2.29']);

/**
 * RFC 8446 section 4.4.2.4: whoever receives a certificate with an MD5 signature "MUST abort the handshake"; SHA-1 is
 * deprecated, for a collision makes two certificates out of one signature. A root's own signature proves nothing and is not
 * judged.
 */
export const weakSignature: CertificateRule = {
  kind: 'certificate',
  about: 'issuance',
  id: 'weak-signature',
  title: 'Signature uses a broken hash',
  severity: 'error',
  citation: 'CA/Browser Forum Baseline Requirements section 7.1.3.2; RFC 8446 section 4.4.2.4',
  remediation:
    'Get the certificate issued again with SHA-256 or better; replace a weak intermediate by its successor.',
  appliesTo: (input) => isOurs(input) && input.certificate.signatureAlgorithm !== null,
  check(input) {
    const weak = withChain(input).filter(
      ({ certificate, position }) =>
        isWeak(certificate) && !(isOwnSignature(certificate) && (position > 0 || isFileOfCa(input))),
    );
    if (weak.length === 0) return null;
    const certificates = weak.map(({ certificate, position }) => ({
      position,
      subject: certificate.subject,
      signatureAlgorithm: certificate.signatureAlgorithm,
    }));
    return { details: { certificates } };
  },
};

/** A root's own signature; where it cannot be verified (MD2), names and key identifiers must do. */
function isOwnSignature(certificate: Certificate): boolean {
  const { isSelfIssued, authorityKeyId, subjectKeyId } = certificate;
  return isSelfSigned(certificate) || (isSelfIssued && (authorityKeyId ?? subjectKeyId) === subjectKeyId);
}

function isWeak(certificate: Certificate): boolean {
  const { signatureAlgorithm: algorithm } = certificate;
  return algorithm !== null && (weakName.test(algorithm) || weakOids.has(algorithm));
}
