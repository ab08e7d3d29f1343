import type { IncidentRule } from '../rule.js';

/** While a log does not answer, what is issued into it is not seen here. */
export const ctLogUnreachable: IncidentRule = {
  kind: 'incident',
  id: 'ct-log-unreachable',
  title: 'CT log cannot be reached',
  severity: 'warning',
  citation: 'RFC 6962 section 4',
  remediation:
    'Check outbound network and proxy; if only this log is away, wait: it is caught up when it returns.',
};
