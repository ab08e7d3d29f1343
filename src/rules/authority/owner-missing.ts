import { hostsServed } from '../../model/queries/hosts-served.js';
import { fleetRule } from '../fleet-rule.js';
import { ownershipOf } from '../ownership.js';

/**
 * NIST SP 1800-16B: every certificate has an owner who is responsible for it. Asked only once the policy names owners; then a host that no
 * line covers, and whose certificate no inventory gives an owner, has nobody to alert.
 */
export const ownerMissing = fleetRule({
  id: 'owner-missing',
  title: 'Host has no owner',
  severity: 'notice',
  citation: 'NIST SP 1800-16B',
  remediation:
    'Add a line to `policy.owners` that covers it, or give its certificate an owner in the inventory.',
  query: hostsServed,
  everyMinutes: 60,
  parameters: ({ owners }) => ({ isWanted: owners.some(({ owner }) => owner !== null) }),
  judge({ host, address, issuer, sha256, endpointCount, owner }, policy) {
    if (owner !== null || ownershipOf({ host, address, issuer }, policy).owner !== null) return null;
    return {
      subject: { kind: 'name', key: host },
      cause: { kind: 'rule', key: 'owner-missing' },
      host,
      certificateSha256: sha256,
      title: `${host} has no owner`,
      details: { host, address, issuer, endpointCount },
    };
  },
});
