import type { Severity } from '../../model/severity.js';
import { statusesServed } from '../../model/queries/statuses-served.js';
import { fleetRule } from '../fleet-rule.js';

/** Baseline Requirements section 4.9.1.1: 24 hours for the worst reasons; who learns of it then still serves it. */
const graceMs = 24 * 3_600_000;
const compromises: ReadonlySet<string> = new Set([
  'keyCompromise',
  'cACompromise',
  'aACompromise',
  'unspecified',
]);

/** RFC 5280 section 3.3: a revoked certificate is one "that the issuer no longer vouches for"; a day later it is still on some endpoints. */
export const revokedStillServed = fleetRule({
  id: 'revoked-still-served',
  title: 'Revoked certificate is still served',
  severity: 'critical',
  citation: 'RFC 5280 section 3.3, Baseline Requirements section 4.9.1.1',
  remediation:
    'Install the successor on every endpoint that is listed, with a new key if the reason is a compromise.',
  query: statusesServed,
  everyMinutes: 5,
  parameters: () => ({ outcomes: ['revoked'] }),
  judge({ sha256, since, reason, revokedAt, source, subject, issuer, endpointCount, hosts }, _policy, now) {
    const at = revokedAt === null ? since : new Date(revokedAt);
    if (now.getTime() - at.getTime() < graceMs) return null;
    const severity: Severity = compromises.has(reason ?? 'unspecified') ? 'critical' : 'error';
    return {
      subject: { kind: 'certificate', key: sha256 },
      host: hosts[0] ?? null,
      certificateSha256: sha256,
      severity,
      details: { subject, issuer, reason, revokedAt: at.toISOString(), source, endpointCount, hosts },
    };
  },
});
