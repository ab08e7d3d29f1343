import { caaAnswers } from '../../model/queries/caa-answers.js';
import { knownTags } from '../caa.js';
import { fleetRule } from '../fleet-rule.js';

/** RFC 8659 section 4.1: a CA "MUST NOT issue" where the relevant records hold "a Property ... with an unrecognized tag" marked critical. */
export const caaUnknownCritical = fleetRule({
  id: 'caa-unknown-critical',
  title: 'CAA record that no CA understands stops every CA',
  severity: 'error',
  citation: 'RFC 8659 section 4.1',
  remediation: 'Correct the tag of the record, or clear its critical flag: renewals fail until then.',
  query: caaAnswers,
  everyMinutes: 60,
  parameters: () => ({}),
  judge({ domain, answer }, { ownedDomains }) {
    const unknown = answer.records.filter(({ critical, tag }) => critical && !knownTags.has(tag));
    if (unknown.length === 0 || (answer.foundAt !== domain && !ownedDomains.includes(domain))) return null;
    return {
      subject: { kind: 'domain', key: domain },
      host: domain,
      certificateSha256: null,
      details: { domain, foundAt: answer.foundAt, tags: unknown.map(({ tag }) => tag) },
    };
  },
});
