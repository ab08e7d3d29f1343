import type { IncidentRule } from '../rule.js';

/** A log that signs two trees of one size, shrinks, breaks a proof, or misses its merge delay has shown that it cannot be trusted (RFC 6962 section 5.3). */
export const ctLogMisbehaving: IncidentRule = {
  kind: 'incident',
  id: 'ct-log-misbehaving',
  title: 'CT log broke its promises',
  severity: 'critical',
  citation: 'RFC 6962 section 3.5, section 4.4 and section 5.3',
  remediation:
    'Keep the signed evidence and report it to the log list operators; entries after the break are not counted as verified.',
};
