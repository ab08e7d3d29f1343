import type { IncidentRule } from '../rule.js';

/** RFC 5280 section 5.1.2.5: "The next CRL could be issued before the indicated date, but it will not be issued any later than the indicated date." */
export const crlExpired: IncidentRule = {
  kind: 'incident',
  id: 'crl-expired',
  title: 'Revocation list is out of date',
  severity: 'error',
  citation: 'RFC 5280 section 5.1.2.5',
  remediation:
    'Ask the CA to publish a new list. Clients that check revocation strictly refuse its certificates meanwhile.',
};
