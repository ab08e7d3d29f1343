import type { IncidentRule } from '../rule.js';

/** A rule that throws has said nothing of the certificate; the finding stands in for its answer until the rule is mended. */
export const ruleFailed: IncidentRule = {
  kind: 'incident',
  id: 'rule-failed',
  title: 'A rule failed on this certificate',
  severity: 'error',
  citation: 'Nothing is skipped in silence',
  remediation: 'Report the rule and the certificate: this is a fault in Certglass.',
};
