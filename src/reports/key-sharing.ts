import { Repeated } from './measure/repeated.js';
import { certificates } from './populations.js';
import type { Report, Row } from './report.js';

interface Shared {
  certificates: number;
  endpoints: number;
  readonly names: Set<string>;
  readonly owners: Set<string>;
}

const listed = 50;

/** What would have to change if a key were lost. */
export const keySharing: Report = {
  id: 'key-sharing',
  title: 'Keys in several certificates',
  description: 'Keys that more than one certificate of the period holds: the blast radius of each of them.',
  cannotShow: ['Copies of a private key that serve nothing.'],
  async build(input) {
    // Most keys are in one certificate: only of the others more than a number is kept.
    const all = new Repeated();
    for await (const { spkiSha256 } of certificates(input)) if (spkiSha256 !== '') all.add(spkiSha256);
    const { distinct, isRepeated } = all.result();
    const keys = new Map<string, Shared>();
    for await (const { spkiSha256, names, owner, endpointCount } of certificates(input)) {
      if (spkiSha256 === '' || !isRepeated(spkiSha256)) continue;
      const key = keys.get(spkiSha256) ?? newKey(keys, spkiSha256);
      key.certificates += 1;
      key.endpoints += endpointCount;
      for (const name of names) if (key.names.size < listed) key.names.add(name);
      if (owner !== null && key.owners.size < listed) key.owners.add(owner);
    }
    const shared = [...keys]
      .filter(([, key]) => key.certificates > 1)
      .sort(
        ([a, x], [b, y]) => y.endpoints - x.endpoints || y.certificates - x.certificates || (a < b ? -1 : 1),
      );
    return {
      figures: [
        { label: 'Keys', value: distinct, unit: 'keys' },
        { label: 'In more than one certificate', value: shared.length, unit: 'keys' },
      ],
      tables: [
        {
          id: 'keys',
          title: 'Keys',
          note: `Most endpoints first; at most ${listed} names and owners each.`,
          columns: [
            { key: 'spkiSha256', title: 'Key SHA-256' },
            { key: 'certificates', title: 'Certificates', isNumber: true },
            { key: 'endpoints', title: 'Endpoints', isNumber: true },
            { key: 'names', title: 'Names' },
            { key: 'owners', title: 'Owners' },
          ],
          rows: async function* () {
            yield* shared.map(([spkiSha256, key]): Row => ({
              spkiSha256,
              certificates: key.certificates,
              endpoints: key.endpoints,
              names: [...key.names],
              owners: [...key.owners],
            }));
          },
        },
      ],
    };
  },
};

function newKey(keys: Map<string, Shared>, spkiSha256: string): Shared {
  const key = { certificates: 0, endpoints: 0, names: new Set<string>(), owners: new Set<string>() };
  keys.set(spkiSha256, key);
  return key;
}
