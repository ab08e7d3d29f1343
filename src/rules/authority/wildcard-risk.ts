import { wildcardsServed } from '../../model/queries/wildcards-served.js';
import { fleetRule } from '../fleet-rule.js';
import { ownershipOf } from '../ownership.js';

/** One load balancer may have several names; a key on more machines than this is copied about. */
const mostAddresses = 5;

/**
 * NSA, Avoid Dangers of Wildcard TLS Certificates and the ALPACA Technique (2021): who gets the key of a wildcard on the weakest machine can
 * pose as every other. The more machines and the more owners have it, the greater the risk.
 */
export const wildcardRisk = fleetRule({
  id: 'wildcard-risk',
  title: 'Key of a wildcard certificate is on many machines',
  severity: 'notice',
  citation:
    'RFC 9525 section 7.1; NSA, Avoid Dangers of Wildcard TLS Certificates and the ALPACA Technique (2021)',
  remediation:
    'Give each service a certificate for its own names with a key of its own, or keep the wildcard on one proxy.',
  query: wildcardsServed,
  everyMinutes: 60,
  parameters: () => ({}),
  judge({ spkiSha256, sha256, names, hosts, hostCount, addressCount, ...facts }, policy) {
    const owners = [...new Set(hosts.map((host) => ownershipOf({ host }, policy).owner))].filter(
      (owner) => owner !== null,
    );
    if (addressCount <= mostAddresses && owners.length < 2) return null;
    const wildcard = names.find((name) => name.startsWith('*.')) ?? null;
    return {
      subject: { kind: 'key', key: spkiSha256 },
      host: wildcard,
      certificateSha256: sha256,
      severity: owners.length < 2 ? 'notice' : 'warning',
      title: `${wildcard} is served by ${addressCount} machines`,
      details: { ...facts, names, hosts, hostCount, addressCount, owners, spkiSha256 },
      evidence: [
        {
          label: 'Machines',
          value: String(addressCount),
          expected: `at most ${mostAddresses}`,
          source: 'scan',
          at: null,
        },
      ],
    };
  },
});
