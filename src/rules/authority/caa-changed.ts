import { caaAnswers } from '../../model/queries/caa-answers.js';
import { propertyTexts } from '../caa.js';
import { fleetRule } from '../fleet-rule.js';

const shownDays = 7;

/**
 * RFC 8659 section 1: CAA records are an authorization that CAs check "prior to issuing"; whoever can change them can let another CA issue.
 * A change is shown for a week.
 */
export const caaChanged = fleetRule({
  id: 'caa-changed',
  title: 'CAA records changed',
  severity: 'warning',
  citation: 'RFC 8659 sections 1 and 5.4',
  remediation: 'Check who changed the records and that they still name only the CAs you use.',
  query: caaAnswers,
  everyMinutes: 15,
  parameters: () => ({}),
  judge({ domain, since, answer, before }, { ownedDomains }, now) {
    const isTop = answer.foundAt === domain || before?.foundAt === domain || ownedDomains.includes(domain);
    if (before === null || !isTop || now.getTime() - since.getTime() > shownDays * 86_400_000) return null;
    const [is, was] = [propertyTexts(answer.records), propertyTexts(before.records)];
    if (is.join('\n') === was.join('\n')) return null;
    return {
      subject: { kind: 'domain', key: domain },
      host: domain,
      certificateSha256: null,
      title: `CAA records of ${domain} changed`,
      details: { domain, since: since.toISOString(), is, was, authenticated: answer.authenticated },
    };
  },
});
