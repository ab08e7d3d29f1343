import { lookAlikes } from '../../model/queries/watched-entries.js';
import { fleetRule } from '../fleet-rule.js';

/**
 * UTS #39 section 4 calls names confusable that people read as one another; RFC 5890 section 4.4 warns of them. A certificate makes such a
 * name ready for phishing. One finding stands for a domain, however many certificates it gets, until the last has expired.
 */
export const lookAlikeDomain = fleetRule({
  id: 'look-alike-domain',
  title: 'Certificate for a look-alike domain',
  severity: 'warning',
  citation: 'RFC 5890 section 4.4; UTS #39 section 4',
  remediation:
    'See what it serves and who holds it; report it to its registrar and hoster, warn users, or add it to `ct.watch.lookAlikes.ignore` if it is harmless.',
  query: lookAlikes,
  everyMinutes: 1,
  parameters: (_policy, now) => ({ now }),
  judge: ({ domain, item, names, issuers, issuances, sha256, firstLoggedAt, lastLoggedAt }) => ({
    subject: { kind: 'domain', key: domain },
    host: domain,
    certificateSha256: sha256,
    title: `${domain} looks like ${item}`,
    details: { domain, looksLike: item, names, issuers, issuances, firstLoggedAt, lastLoggedAt },
    evidence: [{ label: 'Name', value: names[0] ?? domain, expected: item, source: 'ct', at: firstLoggedAt }],
  }),
  ends: (gone) => Promise.resolve(gone.map(({ id }) => ({ findingId: id, resolution: 'expired' }))),
});
