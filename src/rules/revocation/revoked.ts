import type { CertificateRule } from '../rule.js';
import { hasStaple, stapledVerdict } from '../stapled-ocsp.js';

/**
 * RFC 6960 section 2.2: "The 'revoked' state indicates that the certificate has been revoked, either temporarily (the
 * revocation reason is certificateHold) or permanently." Told by the response that the endpoint itself staples, verified.
 */
export const revoked: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'revoked',
  title: 'Certificate in use is revoked',
  severity: 'critical',
  citation: 'RFC 6960 section 2.2, RFC 5280 section 5.3.1',
  remediation:
    'Replace the certificate at once, with a new key if the reason is a compromise, and find out who had it revoked.',
  appliesTo: hasStaple,
  check(input) {
    const verdict = stapledVerdict(input);
    if (verdict?.status !== 'revoked') return null;
    const { revokedAt, revocationReason, thisUpdate, signer } = verdict;
    return {
      details: {
        serialNumber: input.certificate.serialNumber,
        revokedAt: revokedAt?.toISOString() ?? null,
        reason: revocationReason,
        saidAt: thisUpdate?.toISOString() ?? null,
        signedBy: signer,
      },
    };
  },
};
