import type { Evidence, Finding } from '../model/finding.js';
import { issuanceExplanations } from '../model/queries/unexplained-issuances.js';
import type { RowOf } from '../model/query.js';
import { hostPort, targetOfKey } from '../model/target.js';
import type { FleetContext, FleetEnd } from './fleet-rule.js';

/** Why findings about issuances end whose rows are gone: revoked, explained (the evidence says by what), expired, or no longer owned. */
export async function issuanceEnds(
  gone: readonly Finding[],
  { ask, now }: FleetContext,
): Promise<readonly FleetEnd[]> {
  const rows = await ask(issuanceExplanations, { keys: gone.map(({ subject }) => subject.key) });
  const byKey = new Map(rows.map((row) => [row.tbsSha256, row]));
  return gone.map(({ id, subject, evidence: before }) => {
    const row = byKey.get(subject.key);
    const why = row === undefined ? null : explanation(row);
    const resolution = row?.isRevoked === true ? 'fixed' : 'explained';
    if (why !== null) return { findingId: id, resolution, evidence: [why, ...before] };
    return { findingId: id, resolution: (row?.notAfter ?? now) < now ? 'expired' : 'out-of-scope' };
  });
}

function explanation(row: RowOf<typeof issuanceExplanations>): Evidence | null {
  const { servedBy, keyServedBy, keyServedAt, inventoryItem, isRevoked } = row;
  if (isRevoked) return evidenceOf('Revoked', 'by the CA', 'revocation', null);
  if (servedBy !== '') return evidenceOf('Explained by', `served by ${place(servedBy)}`, 'scan', keyServedAt);
  if (keyServedBy !== '')
    return evidenceOf('Explained by', `its key is served by ${place(keyServedBy)}`, 'scan', keyServedAt);
  return inventoryItem === ''
    ? null
    : evidenceOf('Explained by', `inventory ${inventoryItem}`, 'inventory', null);
}

function place(key: string): string {
  const { host, port } = targetOfKey(key);
  return hostPort(host, port);
}

/** Evidence without an expected value. */
export function evidenceOf(label: string, value: string, source: string, at: Date | null): Evidence {
  return { label, value, expected: null, source, at };
}
