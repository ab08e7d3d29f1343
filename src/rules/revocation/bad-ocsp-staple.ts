import type { CertificateRule } from '../rule.js';
import { hasStaple, stapledVerdict } from '../stapled-ocsp.js';

/**
 * RFC 6066 section 8: "If such a response is received, the client ... MUST check the OCSP response and abort the connection
 * if the response is not satisfactory": one that is out of date, about another certificate, signed by nobody who may, or that
 * knows nothing of the certificate.
 */
export const badOcspStaple: CertificateRule = {
  kind: 'certificate',
  about: 'endpoint',
  id: 'bad-ocsp-staple',
  title: 'Stapled OCSP response cannot be relied on',
  severity: 'warning',
  citation: 'RFC 6066 section 8, RFC 6960 section 3.2',
  remediation:
    'See why the server does not fetch a fresh response of the CA (clock, outgoing connections, a changed certificate), or switch stapling off.',
  appliesTo: hasStaple,
  check(input) {
    const verdict = stapledVerdict(input);
    if (verdict === null || verdict.status === 'good' || verdict.status === 'revoked') return null;
    const { status, reason, thisUpdate, nextUpdate } = verdict;
    return {
      details: {
        status,
        reason,
        thisUpdate: thisUpdate?.toISOString() ?? null,
        nextUpdate: nextUpdate?.toISOString() ?? null,
      },
    };
  },
};
