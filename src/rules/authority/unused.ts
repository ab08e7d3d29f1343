import { unusedIssuances } from '../../model/queries/unused-issuances.js';
import { fleetRule } from '../fleet-rule.js';

const dayMs = 86_400_000;

/**
 * RFC 6962 section 1: logs show every certificate, also the one that was requested twice and installed once. A certificate that is valid and
 * serves nothing is one more that can be misused; where not even its key is known, `unexplained-issuance` reports it instead.
 */
export const unused = fleetRule({
  id: 'unused',
  title: 'Issued certificate was never used',
  severity: 'notice',
  citation: 'RFC 6962 section 1; NIST SP 1800-16B',
  remediation:
    'Find out why it was requested: a client that requests again and again, or a deployment that did not happen. Revoke it if it is not needed.',
  query: unusedIssuances,
  everyMinutes: 60,
  parameters: ({ ownedDomains, unusedAfterDays }, now) => ({
    ownedDomains: [...ownedDomains],
    now,
    loggedBefore: new Date(now.getTime() - unusedAfterDays * dayMs),
  }),
  judge({ tbsSha256, sha256, names, loggedAt, notAfter, ...facts }) {
    const name = names[0] ?? facts.subject;
    return {
      subject: { kind: 'issuance', key: tbsSha256 },
      cause: { kind: 'name', key: name },
      host: names[0] ?? null,
      certificateSha256: sha256,
      title: `A certificate for ${name} was never used`,
      details: { ...facts, names, loggedAt, notAfter },
      evidence: [
        { label: 'Logged', value: loggedAt.toISOString(), expected: null, source: 'ct', at: loggedAt },
        { label: 'Served', value: 'by no endpoint', expected: null, source: 'scan', at: null },
      ],
    };
  },
});
