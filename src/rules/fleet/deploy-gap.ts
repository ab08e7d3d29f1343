import { renewals } from '../../model/queries/renewals.js';
import type { Severity } from '../../model/severity.js';
import { targetOfKey } from '../../model/target.js';
import { fleetRule } from '../fleet-rule.js';
import { hoursBetween, renewalParameters, renewalPoint, spanText } from './renewal-facts.js';

/** Time for a certificate to reach every server. */
const graceHours = 24;
const [errorHours, criticalHours] = [72, 12];

/**
 * RFC 5280 section 4.1.2.5: every server that still serves the old certificate fails at its notAfter, although the new one exists. The gap
 * counts when the old certificate is past two thirds of its lifetime, or when some servers were updated and others were not.
 */
export const deployGap = fleetRule({
  id: 'deploy-gap',
  title: 'Renewed certificate is not deployed everywhere',
  severity: 'warning',
  citation: 'RFC 5280 section 4.1.2.5; renewal at one third of the lifetime as certbot 4.0 does',
  remediation:
    'Install the renewed certificate on the endpoints listed as old, and reload what serves there.',
  query: renewals,
  everyMinutes: 5,
  parameters: renewalParameters,
  judge(row, _policy, now) {
    const { successorTbsSha256, successorNotBefore, endpointCount, successorEndpointCount } = row;
    if (successorTbsSha256 === null) return null;
    const issued = `issued ${successorNotBefore.toISOString()}`;
    const hoursSinceIssuance = hoursBetween(successorNotBefore, now);
    const hoursToOutage = hoursBetween(now, row.notAfter);
    const isUrgent = hoursToOutage < errorHours;
    if (hoursSinceIssuance < graceHours && !isUrgent) return null;
    if (now < renewalPoint(row) && successorEndpointCount === 0) return null;
    const total = endpointCount + successorEndpointCount;
    const updated = `${successorEndpointCount} of ${total}`;
    return {
      subject: { kind: 'issuance', key: row.tbsSha256 },
      host: hostOf(row.endpoints),
      certificateSha256: row.sha256,
      severity: severityOf(hoursToOutage),
      title: `${updated} endpoints updated, ${spanText(hoursToOutage)} to outage`,
      dueAt: row.notAfter,
      details: {
        updated: successorEndpointCount,
        total,
        hoursSinceIssuance,
        hoursToOutage,
        names: row.names,
        oldEndpoints: row.endpoints,
        updatedEndpoints: row.successorEndpoints,
        oldNotAfter: row.notAfter,
        successor: row.successorSha256,
        successorIssuer: row.successorIssuer,
        successorNotAfter: row.successorNotAfter,
      },
      evidence: [
        { label: 'Served', value: row.sha256, expected: row.successorSha256, source: 'scan', at: null },
        {
          label: 'Successor',
          value: issued,
          expected: null,
          source: 'ct, inventory',
          at: row.successorSeenAt,
        },
      ],
    };
  },
});

function severityOf(hoursToOutage: number): Severity {
  if (hoursToOutage < criticalHours) return 'critical';
  return hoursToOutage < errorHours ? 'error' : 'warning';
}

function hostOf([first]: readonly string[]): string | null {
  return first === undefined ? null : targetOfKey(first).host;
}
