import type { IncidentRule } from '../rule.js';

/** A monitor sees every entry (RFC 6962 section 5.3). One that falls behind is blind for the part it has not read. */
export const ctLogLagging: IncidentRule = {
  kind: 'incident',
  id: 'ct-log-lagging',
  title: 'CT log is read too slowly',
  severity: 'warning',
  citation: 'RFC 6962 section 5.3: monitors fetch all new entries',
  remediation:
    'Raise the budget of this log or narrow what is kept; until then certificates in the unread part are not known.',
};
