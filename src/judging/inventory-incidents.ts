import type { Finding } from '../model/finding.js';
import type { Incident } from '../model/incident.js';
import type { CheckInputs } from './check-inputs.js';
import type { Ledger } from './finding-ledger.js';
import type { Sighting } from './finding-life.js';
import type { Grader } from './grade.js';

const [stale, incomplete] = ['inventory-stale', 'inventory-incomplete'];
const listedErrors = 5;

/** Reports inventories that are stale or could not be read in full, and resolves what is reported of those that are well again. */
export async function judgeInventories(
  {
    inputs,
    ledger,
    grade,
  }: {
    readonly inputs: Pick<CheckInputs, 'inventory'>;
    readonly ledger: Pick<Ledger, 'apply'>;
    readonly grade: Pick<Grader, 'incident'>;
  },
  now: Date,
): Promise<readonly Finding[]> {
  const { staleSources, incompleteSources } = await inputs.inventory(now);
  const about = (rule: string, source: string, details: Incident['details']): readonly Sighting[] =>
    grade.incident({ rule, subject: { kind: 'self', key: source }, details });
  const sightings = [
    ...staleSources.flatMap((source) => about(stale, source, { source })),
    ...incompleteSources.flatMap(({ source, items, errors }) =>
      about(incomplete, source, { source, items, errors: errors.slice(0, listedErrors) }),
    ),
  ];
  return ledger.apply(
    sightings,
    (open) => [...open.ofRule(stale), ...open.ofRule(incomplete)].map((finding) => [finding, 'fixed']),
    now,
  );
}
