import type { IncidentKind } from '../../model/emergency.js';
import type { affectedCertificates } from '../../model/queries/incidents.js';
import { authoritiesKnown } from '../../model/queries/incidents.js';
import { logPositions } from '../../model/queries/populations.js';
import type { ParametersOf, RowOf, StreamRows } from '../../model/query.js';

/** What makes a certificate affected, as the store is asked for it. */
export type Selection = Omit<ParametersOf<typeof affectedCertificates>, 'from'>;

const none: Selection = { spkis: [], issuers: [], chained: [], logIds: [] };

type Authority = RowOf<typeof authoritiesKnown>;

/**
 * What a value of this kind stands for. A key: its SPKI SHA-256. A log: its id, description or operator. An issuer: a distinguished name or
 * common name. An intermediate: also the SHA-256 of its certificate or key, and everything served with it. A CA: an organization or common
 * name, with every CA certificate below it.
 */
export async function select(kind: IncidentKind, value: string, streamRows: StreamRows): Promise<Selection> {
  const text = value.trim().toLowerCase();
  if (kind === 'key') return { ...none, spkis: [text] };
  if (kind === 'log') {
    const logIds = new Set<string>();
    const everSince = { from: new Date(0), to: new Date(8.64e15 / 4), domain: '' };
    for await (const { logId, description, operator } of streamRows(logPositions, everSince))
      if (logId === value.trim() || [description, operator].some((one) => one.toLowerCase() === text))
        logIds.add(logId);
    return { ...none, logIds: [...logIds] };
  }
  const authorities: Authority[] = [];
  for await (const authority of streamRows(authoritiesKnown, {})) authorities.push(authority);
  return authoritySelection(kind, text, authorities);
}

function authoritySelection(
  kind: 'issuer' | 'intermediate' | 'ca',
  text: string,
  authorities: readonly Authority[],
): Selection {
  const attributes = kind === 'ca' ? ['cn', 'o'] : ['cn'];
  const isNamed = (name: string): boolean => name.toLowerCase() === text || hasValue(name, attributes, text);
  const issuers = new Set(authorities.map(({ issuer }) => issuer).filter(isNamed));
  if (kind === 'issuer') return { ...none, issuers: [...issuers] };
  const chained = new Set<string>();
  for (const { sha256, spkiSha256, subject } of authorities)
    if (sha256 !== null && (sha256 === text || spkiSha256 === text || isNamed(subject ?? ''))) {
      chained.add(sha256);
      issuers.add(subject ?? '');
    }
  if (kind === 'ca') withWhatIsBelow(issuers, chained, authorities);
  issuers.delete('');
  return { ...none, issuers: [...issuers], chained: [...chained] };
}

/** Adds every CA certificate that one of the issuers has issued, and what these have issued. */
function withWhatIsBelow(
  issuers: Set<string>,
  chained: Set<string>,
  authorities: readonly Authority[],
): void {
  for (let before = -1; before !== issuers.size + chained.size;) {
    before = issuers.size + chained.size;
    for (const { sha256, subject, issuer } of authorities)
      if (sha256 !== null && issuers.has(issuer)) {
        chained.add(sha256);
        issuers.add(subject ?? '');
      }
  }
}

/** True when a name in RFC 4514 text has this value, in lower case, for one of these attributes. */
function hasValue(name: string, attributes: readonly string[], value: string): boolean {
  return (name.match(/(?:\\.|[^,\\])+/g) ?? []).some((part) => {
    const at = part.indexOf('=');
    const text = part.slice(at + 1).replace(/\\(.)/g, '$1');
    return attributes.includes(part.slice(0, at).trim().toLowerCase()) && text.toLowerCase() === value;
  });
}
