import { watchedIssuances } from '../../model/queries/watched-entries.js';
import { fleetRule } from '../fleet-rule.js';

/**
 * RFC 6962 section 5.3: monitors watch the logs for "certificates of interest". What `ct.watch` names and nobody owns is reported once for
 * each issuance; certificates for owned domains have `unexplained-issuance`.
 */
export const watchedName = fleetRule({
  id: 'watched-name',
  title: 'Certificate matches the watch list',
  severity: 'notice',
  citation: 'RFC 6962 section 5.3',
  remediation:
    'Compare it with what you expect of the watched name, issuer or key; nothing has to be done if it is expected.',
  query: watchedIssuances,
  everyMinutes: 1,
  parameters: (_policy, now) => ({ now }),
  judge({ tbsSha256, sha256, matches, names, subject, issuer, notAfter, loggedAt }, { ownedDomains }) {
    const owned = new Set(ownedDomains);
    const found = matches.filter(({ watch, item }) => watch !== 'domain' || !owned.has(item));
    const [first] = found;
    if (first === undefined) return null;
    return {
      subject: { kind: 'issuance', key: tbsSha256 },
      host: names[0] ?? null,
      certificateSha256: sha256,
      title: `Certificate logged for watched ${first.watch} ${first.item}`,
      details: { matches: found, names, subject, issuer, notAfter, loggedAt },
      evidence: found.map(({ watch, item, value }) => ({
        label: watch,
        value,
        expected: item,
        source: 'ct',
        at: loggedAt,
      })),
    };
  },
  ends: (gone) => Promise.resolve(gone.map(({ id }) => ({ findingId: id, resolution: 'expired' }))),
});
