import { keysServed } from '../../model/queries/keys-served.js';
import { fleetRule } from '../fleet-rule.js';
import { registrableDomain } from '../registrable-domain.js';

/**
 * NIST SP 800-57 part 1 section 5.3.4 bounds the time a key is used, and section 5.2 asks for one key for one purpose: whoever gets the
 * key of one system should not have that of another. Names of different registered domains are unrelated; on one domain a key that
 * outlives its certificate is reported as a notice.
 */
export const keyReuse = fleetRule({
  id: 'key-reuse',
  title: 'Key is used in several certificates',
  severity: 'notice',
  citation: 'NIST SP 800-57 part 1 revision 5 sections 5.2 and 5.3.4',
  remediation: 'Make a new key for each certificate, at every renewal, and none for two systems.',
  query: keysServed,
  everyMinutes: 60,
  parameters: () => ({}),
  judge({ spkiSha256, certificateCount, hostCount, hosts, certificates }) {
    const domains = [...new Set(hosts.map((host) => registrableDomain(host) ?? host))];
    const isUnrelated = domains.length > 1;
    return {
      subject: { kind: 'key', key: spkiSha256 },
      host: hosts[0] ?? null,
      certificateSha256: null,
      severity: isUnrelated ? 'warning' : 'notice',
      title: isUnrelated ? `${domains.length} domains share one key` : 'Key is kept at renewal',
      details: { spkiSha256, certificateCount, hostCount, hosts, domains, certificates },
    };
  },
});
