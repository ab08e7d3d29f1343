import { statusesServed } from '../../model/queries/statuses-served.js';
import { fleetRule } from '../fleet-rule.js';

/** RFC 5280 section 6.3: a status that is "UNDETERMINED" is no good one. Certificates that name neither list nor responder are left alone. */
export const revocationUnknown = fleetRule({
  id: 'revocation-unknown',
  title: 'Revocation status of a certificate in use is unknown',
  severity: 'notice',
  citation: 'RFC 5280 section 6.3',
  remediation:
    'See the details: the list cannot be fetched, is out of date, or does not cover the certificate. Ask the CA if it lasts.',
  query: statusesServed,
  everyMinutes: 60,
  parameters: () => ({ outcomes: ['unknown', 'stale', 'not-covered'] }),
  judge({ sha256, outcome, since, source, detail, subject, issuer, endpointCount, hosts }) {
    if (source === null) return null;
    return {
      subject: { kind: 'certificate', key: sha256 },
      host: hosts[0] ?? null,
      certificateSha256: sha256,
      details: { outcome, since: since.toISOString(), source, detail, subject, issuer, endpointCount, hosts },
    };
  },
});
