import { caaAnswers } from '../../model/queries/caa-answers.js';
import { fleetRule } from '../fleet-rule.js';

/** RFC 8659 section 3: where no CAA record is found, "the CA MAY issue": any CA may, for whoever proves control of the name. */
export const caaAbsent = fleetRule({
  id: 'caa-absent',
  title: 'Domain lets every CA issue',
  severity: 'notice',
  citation: 'RFC 8659 section 3',
  remediation: 'Publish CAA records that name the CAs you use, at the top of the domain.',
  query: caaAnswers,
  everyMinutes: 60,
  parameters: () => ({}),
  judge({ domain, outcome, since }, { ownedDomains }) {
    if (outcome !== 'absent' || !ownedDomains.includes(domain)) return null;
    return {
      subject: { kind: 'domain', key: domain },
      host: domain,
      certificateSha256: null,
      title: `${domain} lets every CA issue`,
      details: { domain, since: since.toISOString() },
    };
  },
});
