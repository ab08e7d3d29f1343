import { itemsNotInUse } from '../../model/queries/items-not-in-use.js';
import { fleetRule } from '../fleet-rule.js';

const dayMs = 86_400_000;

/**
 * NIST SP 1800-16B asks for an inventory that says where each certificate is installed. One that no endpoint serves is kept and renewed for
 * nothing, is used where no scan reaches, or was never installed. Items that say themselves what uses them are left alone.
 */
export const notInUse = fleetRule({
  id: 'not-in-use',
  title: 'Managed certificate is served nowhere',
  severity: 'notice',
  citation: 'NIST SP 1800-16B; PCI DSS 4.0.1 requirement 4.2.1.1',
  remediation: 'Install it, take it out of the inventory and revoke it, or scan the place that uses it.',
  query: itemsNotInUse,
  everyMinutes: 60,
  parameters: ({ unusedAfterDays }, now) => ({
    now,
    since: new Date(now.getTime() - unusedAfterDays * dayMs),
  }),
  judge({ source, reference, sha256, names, inUseBy, owner, environment, tags, ...facts }) {
    if (inUseBy.length > 0) return null;
    const { endpointCount, heldSince } = facts;
    const others = `${endpointCount} endpoints for its names serve another one`;
    return {
      subject: { kind: 'inventory', key: `${source} ${reference}` },
      host: names[0] ?? null,
      certificateSha256: sha256,
      ownership: { owner, environment, tags },
      title: `${names[0] ?? reference} is in the inventory and served nowhere`,
      details: { source, reference, names, ...facts },
      evidence: [
        { label: 'Inventory', value: `${source}: ${reference}`, expected: null, source, at: heldSince },
        {
          label: 'Served',
          value: endpointCount === 0 ? 'no endpoint for its names answers' : others,
          expected: null,
          source: 'scan',
          at: null,
        },
      ],
    };
  },
});
