import { renewals } from '../../model/queries/renewals.js';
import { targetOfKey } from '../../model/target.js';
import { fleetRule } from '../fleet-rule.js';
import { hoursBetween, renewalParameters, renewalPoint, spanText } from './renewal-facts.js';

const dayHours = 24;

/**
 * RFC 9773 section 1 and the practice of ACME clients: a certificate is renewed when a third of its lifetime is left. One that is logged or
 * managed, served past that point, and has no successor in any log or inventory will end as an outage. The time of a renewal is spread:
 * a twentieth of the lifetime is allowed for that.
 */
export const predictedOutage = fleetRule({
  id: 'predicted-outage',
  title: 'Renewal is overdue and nothing was issued',
  severity: 'warning',
  citation: 'RFC 9773 section 1; renewal at one third of the lifetime as certbot 4.0 does',
  remediation:
    'Find out why the renewal did not happen: the ACME client, its account, validation, or the person who does it by hand.',
  query: renewals,
  everyMinutes: 15,
  parameters: renewalParameters,
  judge(row, _policy, now) {
    if (row.successorTbsSha256 !== null || !row.isTracked) return null;
    const point = renewalPoint(row);
    const lifetimeMs = row.notAfter.getTime() - row.notBefore.getTime();
    if (now.getTime() < point.getTime() + lifetimeMs / 20) return null;
    const hoursToOutage = hoursBetween(now, row.notAfter);
    const [first] = row.endpoints;
    return {
      subject: { kind: 'issuance', key: row.tbsSha256 },
      host: first === undefined ? null : targetOfKey(first).host,
      certificateSha256: row.sha256,
      severity: hoursToOutage < Math.max(dayHours, lifetimeMs / 36_000_000) ? 'error' : 'warning',
      title: `Nothing issued, outage in ${spanText(hoursToOutage)}`,
      dueAt: row.notAfter,
      details: {
        names: row.names,
        issuer: row.issuer,
        renewalPoint: point,
        notAfter: row.notAfter,
        hoursToOutage,
        endpoints: row.endpoints,
        endpointCount: row.endpointCount,
      },
      evidence: [
        { label: 'Renewal point', value: point.toISOString(), expected: null, source: 'policy', at: null },
        { label: 'Successor', value: 'none in any log or inventory', expected: null, source: 'ct', at: now },
      ],
    };
  },
});
