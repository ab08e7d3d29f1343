import type { IncidentRule } from '../rule.js';

/** The list that certificates name does not come, or not in a form that can be relied on. */
export const crlUnreachable: IncidentRule = {
  kind: 'incident',
  id: 'crl-unreachable',
  title: 'Revocation list cannot be fetched',
  severity: 'warning',
  citation: 'RFC 5280 section 4.2.1.13, Baseline Requirements section 4.9.7',
  remediation:
    'Check outbound network, proxy and `revocation.allow`; if only this list is away, tell the CA. Until it is back, revocations of its certificates go unseen.',
};
