import type { Severity } from '../../model/severity.js';
import type { CertificateRule, CheckInput, Hit } from '../rule.js';
import { hasStaple, stapledVerdict } from '../stapled-ocsp.js';

/** The key may be in other hands: whoever has it can pose as the server until every client has heard of the revocation. */
const compromises: ReadonlySet<string> = new Set(['keyCompromise', 'cACompromise', 'aACompromise']);

/**
 * RFC 5280 section 5.3.1 names why a certificate is revoked; RFC 6960 section 2.2: "The 'revoked' state indicates that the certificate
 * has been revoked, either temporarily (the revocation reason is certificateHold) or permanently." Said by the response that the endpoint
 * staples, by a list that the certificate names, or by its responder; all verified.
 */
export const revoked: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'revoked',
  title: 'Certificate in use is revoked',
  severity: 'critical',
  citation: 'RFC 6960 section 2.2, RFC 5280 section 5.3.1',
  remediation:
    'Replace the certificate at once, with a new key if the reason is a compromise, and find out who requested the revocation.',
  appliesTo: (input) => hasStaple(input) || input.revocation !== undefined,
  check: (input) => byStaple(input) ?? byStatus(input),
};

function byStaple(input: CheckInput): Hit | null {
  const verdict = hasStaple(input) ? stapledVerdict(input) : null;
  if (verdict?.status !== 'revoked') return null;
  const { revokedAt, revocationReason, thisUpdate, signer } = verdict;
  return {
    severity: severityOf(revocationReason),
    details: {
      serialNumber: input.certificate.serialNumber,
      revokedAt: revokedAt?.toISOString() ?? null,
      reason: revocationReason,
      saidAt: thisUpdate?.toISOString() ?? null,
      signedBy: signer,
    },
  };
}

function byStatus({ certificate, revocation }: CheckInput): Hit | null {
  if (revocation?.outcome !== 'revoked') return null;
  const { revokedAt, reason, thisUpdate, source, method } = revocation;
  return {
    severity: severityOf(reason),
    details: {
      serialNumber: certificate.serialNumber,
      revokedAt: revokedAt?.toISOString() ?? null,
      reason,
      saidAt: thisUpdate?.toISOString() ?? null,
      method,
      source,
    },
  };
}

/** Without a reason the worst is to be assumed. */
function severityOf(reason: string | null): Severity {
  return reason === null || reason === 'unspecified' || compromises.has(reason) ? 'critical' : 'error';
}
