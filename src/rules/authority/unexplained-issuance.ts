import type { Evidence, Finding } from '../../model/finding.js';
import { issuanceExplanations, unexplainedIssuances } from '../../model/queries/unexplained-issuances.js';
import type { RowOf } from '../../model/query.js';
import { hostPort, targetOfKey } from '../../model/target.js';
import { fleetRule, type FleetContext, type FleetEnd } from '../fleet-rule.js';

const hourMs = 3_600_000;
const askedAtATime = 500;

/**
 * RFC 6962 section 1: logs are there so that "domain owners can monitor them" for certificates they did not ask for. A certificate is
 * explained when an endpoint served its key or an inventory holds it; what stays unexplained after the grace time was requested by
 * somebody else, or is not deployed. A person who knows better accepts the finding.
 */
export const unexplainedIssuance = fleetRule({
  id: 'unexplained-issuance',
  title: 'Logged certificate is explained by nothing',
  severity: 'warning',
  citation: 'RFC 6962 section 1',
  remediation:
    'Ask who requested it. If it was not you, have the CA revoke it and look for a hijack of DNS or a web server; if it was, deploy it or accept this finding.',
  query: unexplainedIssuances,
  everyMinutes: 1,
  parameters: ({ ownedDomains, unexplainedGraceHours }, now) => ({
    ownedDomains: [...ownedDomains],
    now,
    loggedBefore: new Date(now.getTime() - unexplainedGraceHours * hourMs),
  }),
  judge({ tbsSha256, sha256, loggedAt, isIssuerKnown, notBefore, notAfter, names, ...facts }) {
    return {
      subject: { kind: 'issuance', key: tbsSha256 },
      host: names[0] ?? null,
      certificateSha256: sha256,
      severity: isIssuerKnown ? 'warning' : 'error',
      details: { ...facts, names, notBefore, notAfter, loggedAt, isIssuerKnown },
      evidence: [
        evidence('Logged', loggedAt.toISOString(), 'ct', loggedAt),
        evidence('Issuer', `${facts.issuer}${isIssuerKnown ? '' : ', not seen on any endpoint'}`, 'ct', null),
        evidence('Key', `${facts.spkiSha256} was served by no endpoint`, 'scan', null),
      ],
    };
  },
  async ends(gone, context) {
    const ends: FleetEnd[] = [];
    for (let start = 0; start < gone.length; start += askedAtATime)
      ends.push(...(await explained(gone.slice(start, start + askedAtATime), context)));
    return ends;
  },
});

async function explained(gone: readonly Finding[], { ask, now }: FleetContext): Promise<readonly FleetEnd[]> {
  const rows = await ask(issuanceExplanations, { keys: gone.map(({ subject }) => subject.key) });
  const byKey = new Map(rows.map((row) => [row.tbsSha256, row]));
  return gone.map(({ id, subject, evidence: before }) => {
    const row = byKey.get(subject.key);
    const why = row === undefined ? null : explanation(row);
    if (why !== null) return { findingId: id, resolution: 'explained', evidence: [why, ...before] };
    return { findingId: id, resolution: (row?.notAfter ?? now) < now ? 'expired' : 'out-of-scope' };
  });
}

function explanation(row: RowOf<typeof issuanceExplanations>): Evidence | null {
  const { servedBy, keyServedBy, keyServedAt, inventoryItem } = row;
  const place = (key: string): string => {
    const { host, port } = targetOfKey(key);
    return hostPort(host, port);
  };
  if (servedBy !== '') return evidence('Explained by', `served by ${place(servedBy)}`, 'scan', keyServedAt);
  if (keyServedBy !== '')
    return evidence('Explained by', `its key is served by ${place(keyServedBy)}`, 'scan', keyServedAt);
  return inventoryItem === ''
    ? null
    : evidence('Explained by', `inventory ${inventoryItem}`, 'inventory', null);
}

function evidence(label: string, value: string, source: string, at: Date | null): Evidence {
  return { label, value, expected: null, source, at };
}
