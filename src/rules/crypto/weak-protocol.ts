import { severities, type Severity } from '../../model/severity.js';
import { offeredVersions } from '../offers.js';
import type { EndpointRule } from '../rule.js';

/** Versions that must not be used any more, and where that is said. */
const forbidden: Readonly<Record<string, { readonly source: string; readonly severity: Severity }>> = {
  // One server with SSL 2 breaks TLS of every server that shares its key (DROWN, CVE-2016-0800).
  SSLv2: { source: 'RFC 6176 section 3', severity: 'critical' },
  SSLv3: { source: 'RFC 7568 section 3', severity: 'error' },
  TLSv1: { source: 'RFC 8996 section 4', severity: 'error' },
  'TLSv1.1': { source: 'RFC 8996 section 5', severity: 'error' },
};

/** RFC 8996 sections 4 and 5: TLS 1.0 and TLS 1.1 "MUST NOT be used"; RFC 7568 says so of SSL 3, RFC 6176 of SSL 2. */
export const weakProtocol: EndpointRule = {
  kind: 'endpoint',
  id: 'weak-protocol',
  title: 'Server accepts an obsolete protocol version',
  severity: 'error',
  citation: 'RFC 8996 sections 4 and 5; RFC 7568 section 3; RFC 6176 section 3',
  remediation: 'Accept TLS 1.2 and TLS 1.3 only.',
  appliesTo: (input) => offeredVersions(input).length > 0,
  check(input) {
    const versions = offeredVersions(input).flatMap((version) => {
      const found = forbidden[version];
      return found === undefined ? [] : [{ version, ...found }];
    });
    const severity = severities.findLast((grade) => versions.some((one) => one.severity === grade));
    return severity === undefined ? null : { details: { versions }, severity };
  },
};
