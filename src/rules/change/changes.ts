import type { endpointChanges } from '../../model/queries/endpoint-changes.js';
import type { RowOf } from '../../model/query.js';
import { targetOfKey } from '../../model/target.js';
import type { FleetHit } from '../fleet-rule.js';

/** A change is shown this long, then it is history. */
export const shownForMs = 3 * 86_400_000;

type Change = RowOf<typeof endpointChanges>;

/** The notice of a change, with what was before and after; `label` and `of` name the value that changed. */
export function changeHit(
  { endpoint, changedAt, before, after }: Change,
  label: string,
  of: (certificate: Change['after']) => string,
): FleetHit {
  const { host } = targetOfKey(endpoint);
  return {
    subject: { kind: 'endpoint', key: endpoint },
    host,
    certificateSha256: after.sha256,
    title: `${label} of ${host} changed`,
    details: { before, after, changedAt },
    evidence: [{ label, value: of(after), expected: of(before), source: 'scan', at: changedAt }],
  };
}
