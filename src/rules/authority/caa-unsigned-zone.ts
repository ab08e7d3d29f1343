import { caaAnswers } from '../../model/queries/caa-answers.js';
import { fleetRule } from '../fleet-rule.js';

/** RFC 8659 section 5.1: without DNSSEC an attacker on the path between a CA and the domain can suppress or forge the records. */
export const caaUnsignedZone = fleetRule({
  id: 'caa-unsigned-zone',
  title: 'CAA records are not signed',
  severity: 'notice',
  citation: 'RFC 8659 section 5.1',
  remediation: 'Sign the zone with DNSSEC, so that CAs can tell that the records are yours.',
  query: caaAnswers,
  everyMinutes: 60,
  parameters: () => ({}),
  judge({ domain, outcome, answer }, { ownedDomains }) {
    if (outcome !== 'found' || answer.authenticated !== false || !ownedDomains.includes(domain)) return null;
    return {
      subject: { kind: 'domain', key: domain },
      host: domain,
      certificateSha256: null,
      details: { domain, foundAt: answer.foundAt },
    };
  },
});
