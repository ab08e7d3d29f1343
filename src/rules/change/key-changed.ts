import { endpointChanges } from '../../model/queries/endpoint-changes.js';
import { fleetRule } from '../fleet-rule.js';
import { changeHit, shownForMs } from './changes.js';

/** RFC 5280 section 4.1.2.7: another kind of key changes which clients can connect. A new key of the same kind at each renewal is as it should be. */
export const keyChanged = fleetRule({
  id: 'key-changed',
  title: 'Kind of key of an endpoint changed',
  severity: 'notice',
  citation: 'RFC 5280 section 4.1.2.7',
  remediation: 'Nothing if the change was planned; otherwise find out who made it.',
  query: endpointChanges,
  everyMinutes: 5,
  parameters: (_policy, now) => ({ since: new Date(now.getTime() - shownForMs) }),
  judge(row) {
    const { before, after } = row;
    const isChanged = before.keyType !== after.keyType;
    return isChanged ? changeHit(row, 'Kind of key', ({ keyType }) => keyType) : null;
  },
});
