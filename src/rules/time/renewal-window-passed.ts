import { renewalWindows } from '../../model/queries/renewal-windows.js';
import { fleetRule } from '../fleet-rule.js';

/** RFC 9773 section 4.2: clients "MUST attempt renewal" at a time within the window; after its end the CA counts on the successor being there. */
export const renewalWindowPassed = fleetRule({
  id: 'renewal-window-passed',
  title: 'Certificate was not renewed in time',
  severity: 'warning',
  citation: 'RFC 9773 section 4.2',
  remediation:
    'Renew it now and see why the ACME client did not. A window that was moved into the past often precedes a revocation.',
  query: renewalWindows,
  everyMinutes: 15,
  parameters: () => ({}),
  judge(
    { sha256, directory, start, end, movedFrom, explanationUrl, subject, issuer, endpointCount, hosts },
    _policy,
    now,
  ) {
    if (new Date(end) >= now) return null;
    return {
      subject: { kind: 'certificate', key: sha256 },
      host: hosts[0] ?? null,
      certificateSha256: sha256,
      severity: movedFrom === null ? 'warning' : 'error',
      details: { subject, issuer, directory, start, end, movedFrom, explanationUrl, endpointCount, hosts },
    };
  },
});
