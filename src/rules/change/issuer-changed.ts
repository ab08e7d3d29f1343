import { endpointChanges } from '../../model/queries/endpoint-changes.js';
import { fleetRule } from '../fleet-rule.js';
import { changeHit, shownForMs } from './changes.js';

/** RFC 5280 section 4.1.2.4 names who signed the certificate: another issuer at renewal is a decision somebody made. */
export const issuerChanged = fleetRule({
  id: 'issuer-changed',
  title: 'Issuer of an endpoint changed',
  severity: 'notice',
  citation: 'RFC 5280 section 4.1.2.4',
  remediation: 'Nothing if the change was planned; otherwise find out who made it.',
  query: endpointChanges,
  everyMinutes: 5,
  parameters: (_policy, now) => ({ since: new Date(now.getTime() - shownForMs) }),
  judge(row) {
    const { before, after } = row;
    const isChanged = before.issuer !== after.issuer;
    return isChanged ? changeHit(row, 'Issuer', ({ issuer }) => issuer) : null;
  },
});
