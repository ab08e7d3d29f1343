import { unexplainedIssuances } from '../../model/queries/unexplained-issuances.js';
import { fleetRule, type FleetEnd } from '../fleet-rule.js';
import { evidenceOf, issuanceEnds } from '../issuance-ends.js';

const hourMs = 3_600_000;
const askedAtATime = 500;

/**
 * RFC 6962 section 1: logs are there so that "domain owners can monitor them" for certificates they did not ask for. A certificate is
 * explained when an endpoint served its key or an inventory holds it; what stays unexplained after the grace time was requested by
 * somebody else, or is not deployed. A person who knows better accepts the finding; a revocation ends it.
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
        evidenceOf('Logged', loggedAt.toISOString(), 'ct', loggedAt),
        evidenceOf(
          'Issuer',
          `${facts.issuer}${isIssuerKnown ? '' : ', not seen on any endpoint'}`,
          'ct',
          null,
        ),
        evidenceOf('Key', `${facts.spkiSha256} was served by no endpoint`, 'scan', null),
      ],
    };
  },
  async ends(gone, context) {
    const ends: FleetEnd[] = [];
    for (let start = 0; start < gone.length; start += askedAtATime)
      ends.push(...(await issuanceEnds(gone.slice(start, start + askedAtATime), context)));
    return ends;
  },
});
