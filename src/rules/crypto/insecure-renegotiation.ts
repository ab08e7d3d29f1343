import type { EndpointRule } from '../rule.js';

/**
 * RFC 9325 section 3.5: servers of TLS 1.2 and below must support the renegotiation_info extension (RFC 5746); without it somebody in
 * the middle can put his own words before the client's.
 */
export const insecureRenegotiation: EndpointRule = {
  kind: 'endpoint',
  id: 'insecure-renegotiation',
  title: 'Server does not support secure renegotiation',
  severity: 'error',
  citation: 'RFC 5746 section 3.6; RFC 9325 section 3.5; CVE-2009-3555',
  remediation: 'Update the TLS library of the server; every one maintained since 2010 has it.',
  appliesTo: ({ observation }) => (observation.survey?.secureRenegotiation ?? null) !== null,
  check: ({ observation }) =>
    observation.survey?.secureRenegotiation === false ? { details: { renegotiationInfo: false } } : null,
};
