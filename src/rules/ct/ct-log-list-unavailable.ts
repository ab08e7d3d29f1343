import type { IncidentRule } from '../rule.js';

/** A list that cannot be fetched, parsed or verified hides the logs that were added since (RFC 6962 section 5.3: monitors watch logs; the list says which). */
export const ctLogListUnavailable: IncidentRule = {
  kind: 'incident',
  id: 'ct-log-list-unavailable',
  title: 'CT log list cannot be used',
  severity: 'warning',
  citation: 'Chrome CT policy: log list version 3; RFC 6962 section 5.3',
  remediation:
    'Check the address, the proxy and the key of the list; until then the last good copy is used, and new logs are not followed.',
};
