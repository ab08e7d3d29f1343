import type { IncidentRule } from '../rule.js';

/** A feed reported a watched name in a log that is not followed, and sent no certificate: the entry is not read. */
export const ctLogNotFollowed: IncidentRule = {
  kind: 'incident',
  id: 'ct-log-not-followed',
  title: 'Watched name in a CT log that is not followed',
  severity: 'warning',
  citation: 'RFC 6962 section 5.3',
  remediation:
    "Add the log to ct.extraLogs or a list that has it to ct.logLists, or subscribe to the feed's full stream, which carries the certificates.",
};
