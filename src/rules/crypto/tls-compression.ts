import type { EndpointRule } from '../rule.js';

/** RFC 9325 section 3.3: TLS-level compression should not be supported, for lengths betray secrets (CRIME). */
export const tlsCompression: EndpointRule = {
  kind: 'endpoint',
  id: 'tls-compression',
  title: 'Server accepts TLS compression',
  severity: 'warning',
  citation: 'RFC 9325 section 3.3; CVE-2012-4929 (CRIME)',
  remediation: 'Switch TLS compression off, or update the TLS library of the server.',
  appliesTo: ({ observation }) => (observation.survey?.compression ?? null) !== null,
  check: ({ observation }) =>
    observation.survey?.compression === true ? { details: { compression: true } } : null,
};
