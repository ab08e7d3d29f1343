import { endpointChanges } from '../../model/queries/endpoint-changes.js';
import type { RowOf } from '../../model/query.js';
import { fleetRule } from '../fleet-rule.js';
import { changeHit, shownForMs } from './changes.js';

type Served = RowOf<typeof endpointChanges>['after'];

/**
 * NIST SP 800-57 part 1 section 5.6.1: the strength of a key lies in its kind and length. A replacement that is weaker than what it
 * replaced, or that its holder signed, is seldom meant: an old configuration or a default came back.
 */
export const downgrade = fleetRule({
  id: 'downgrade',
  title: 'Certificate was replaced by a weaker one',
  severity: 'warning',
  citation: 'NIST SP 800-57 part 1 revision 5 section 5.6.1',
  remediation:
    'Find out which configuration came back, and install a certificate as strong as the one before.',
  query: endpointChanges,
  everyMinutes: 5,
  parameters: (_policy, now) => ({ since: new Date(now.getTime() - shownForMs) }),
  judge(row) {
    const { before, after } = row;
    if (isSelfIssued(after) && !isSelfIssued(before)) return changeHit(row, 'Issuer', ({ issuer }) => issuer);
    const isWeaker =
      before.keyType === after.keyType && (after.keyBits ?? Infinity) < (before.keyBits ?? -Infinity);
    return isWeaker ? changeHit(row, 'Key', keyText) : null;
  },
});

function isSelfIssued({ subject, issuer }: Served): boolean {
  return subject === issuer;
}

function keyText({ keyType, keyBits }: Served): string {
  return keyBits === null ? keyType : `${keyType} ${keyBits}`;
}
