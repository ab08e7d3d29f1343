import type { IncidentRule } from '../rule.js';

/** RFC 6962 section 5.3: a monitor sees every entry. Certificates that are served, and that a log signed for, tell whether this one does. */
export const ctRecallLow: IncidentRule = {
  kind: 'incident',
  id: 'ct-recall-low',
  title: 'Certificates are missing from what was read of the logs',
  severity: 'warning',
  citation: 'RFC 6962 sections 3 and 5.3',
  remediation:
    'See `certglass recall` for the certificates. Check the position and errors of the logs of this operator; if they are read without error, the log may not have included what it signed for.',
};
