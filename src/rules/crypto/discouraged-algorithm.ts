import {
  groupRecommendation,
  recommendationsAsOf,
  suiteRecommendation,
} from '../../lib/tls-recommendations.js';
import { offeredSuites } from '../offers.js';
import type { EndpointInput, EndpointRule } from '../rule.js';

/** RFC 9847 section 3: what the IANA registries mark "D" is discouraged, and "SHOULD NOT" or "MUST NOT" be used. */
export const discouragedAlgorithm: EndpointRule = {
  kind: 'endpoint',
  id: 'discouraged-algorithm',
  title: 'Server accepts discouraged algorithms',
  severity: 'warning',
  citation: 'RFC 9847 section 3; IANA TLS Parameters',
  remediation:
    'Switch these off; AES-GCM or ChaCha20-Poly1305 suites with X25519 or P-256 serve every client of this decade.',
  appliesTo: (input) => offeredSuites(input).length > 0 || groupsOf(input).length > 0,
  check(input) {
    const suites = [...new Set(offeredSuites(input).map(({ suite }) => suite))];
    const cipherSuites = suites.filter((suite) => suiteRecommendation(suite) === 'discouraged');
    const groups = groupsOf(input).filter((group) => groupRecommendation(group) === 'discouraged');
    if (cipherSuites.length + groups.length === 0) return null;
    return { details: { cipherSuites, groups, registryOf: recommendationsAsOf } };
  },
};

function groupsOf({ observation }: EndpointInput): readonly string[] {
  const agreed = observation.tls?.group ?? null;
  return [...new Set([...(observation.survey?.groups ?? []), ...(agreed === null ? [] : [agreed])])];
}
