import { certificates } from './populations.js';
import type { Report, Row } from './report.js';

interface Usage {
  certificates: number;
  served: number;
  endpoints: number;
  logged: number;
  readonly owners: Set<string>;
}

const listedOwners = 20;

/** Who issues for us, and what would have to be replaced if an issuer were distrusted. */
export const caUsage: Report = {
  id: 'ca-usage',
  title: 'Use of certificate authorities',
  description:
    'Certificates of the period by issuer: how many are served, where, and whose they are. It is also the blast radius of each issuer.',
  cannotShow: ['Contracts and accounts behind the issuers.'],
  async build(input) {
    const issuers = new Map<string, Usage>();
    for await (const { issuer, endpointCount, logCount, owner } of certificates(input)) {
      const usage = issuers.get(issuer) ?? newUsage(issuers, issuer);
      usage.certificates += 1;
      usage.endpoints += endpointCount;
      if (endpointCount > 0) usage.served += 1;
      if (logCount > 0) usage.logged += 1;
      if (owner !== null && usage.owners.size < listedOwners) usage.owners.add(owner);
    }
    const sorted = [...issuers].sort(
      ([a, x], [b, y]) => y.served - x.served || y.certificates - x.certificates || (a < b ? -1 : 1),
    );
    return {
      figures: [
        { label: 'Issuers', value: sorted.length, unit: 'issuers' },
        {
          label: 'Issuers of served certificates',
          value: sorted.filter(([, { served }]) => served > 0).length,
          unit: 'issuers',
        },
      ],
      tables: [
        {
          id: 'issuers',
          title: 'Issuers',
          note: 'Most served certificates first. Endpoints count once for each certificate they served in the period.',
          columns: [
            { key: 'issuer', title: 'Issuer' },
            ...(['certificates', 'served', 'endpoints', 'logged'] as const).map((key) => ({
              key,
              title: `${key.charAt(0).toUpperCase()}${key.slice(1)}`,
              isNumber: true as const,
            })),
            { key: 'owners', title: 'Owners' },
          ],
          rows: async function* () {
            yield* sorted.map(([issuer, { owners, ...usage }]): Row => ({
              issuer,
              ...usage,
              owners: [...owners],
            }));
          },
        },
      ],
    };
  },
};

function newUsage(issuers: Map<string, Usage>, issuer: string): Usage {
  const usage = { certificates: 0, served: 0, endpoints: 0, logged: 0, owners: new Set<string>() };
  issuers.set(issuer, usage);
  return usage;
}
