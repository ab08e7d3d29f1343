import { endpointChanges } from '../../model/queries/endpoint-changes.js';
import { fleetRule } from '../fleet-rule.js';
import { changeHit, shownForMs } from './changes.js';

/** RFC 5280 section 4.1.2.5: certificates are replaced before they end. Who runs the endpoint knows whether this one was. */
export const certificateChanged = fleetRule({
  id: 'certificate-changed',
  title: 'Certificate of an endpoint changed',
  severity: 'notice',
  citation: 'RFC 5280 section 4.1.2.5',
  remediation: 'Nothing if the change was planned; otherwise find out who made it.',
  query: endpointChanges,
  everyMinutes: 5,
  parameters: (_policy, now) => ({ since: new Date(now.getTime() - shownForMs) }),
  judge: (row) => changeHit(row, 'Certificate', ({ sha256 }) => sha256),
});
