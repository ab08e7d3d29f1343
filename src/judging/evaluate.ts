import type { Logger } from 'pino';
import type { CtEntry } from '../model/ct-entry.js';
import { findingId, type Finding, type Resolution } from '../model/finding.js';
import type { CheckInput, Rule } from '../rules/rule.js';
import type { InventoryIndex } from '../store/store.js';
import type { CheckInputs } from './check-inputs.js';
import type { Covered, Ledger } from './finding-ledger.js';
import type { Sighting } from './finding-life.js';
import { issuanceSubject, type Grader, type Issuance } from './grade.js';
import type { OpenFindings } from './open-findings.js';
import type { Incident } from '../model/incident.js';

/** What evaluation works with. */
export interface EvaluateDependencies {
  readonly inputs: CheckInputs;
  readonly ledger: Ledger;
  readonly rules: readonly Rule[];
  readonly grade: Grader;
  readonly log: Logger;
}

/** Turns what is stored into findings. All functions may be called at any time and repeat nothing; each returns the changes of state. */
export interface Evaluator {
  /** Judges everything that is served and logged now; opens, refreshes and resolves. */
  all(now: Date): Promise<readonly Finding[]>;
  /** Judges these endpoints; findings about issuances are opened but not resolved (another endpoint may serve them). */
  endpoints(keys: readonly string[], now: Date): Promise<readonly Finding[]>;
  /** Judges entries just read from a log; opens only. */
  entries(entries: readonly CtEntry[], now: Date): Promise<readonly Finding[]>;
  /** A scanner's own word about a log or about Certglass. */
  incident(incident: Incident, now: Date): Promise<readonly Finding[]>;
  /** The finding that an active incident will become, before anything is stored; null when it changes no state. */
  foresee(incident: Incident, now: Date): Finding | null;
}

/** Of one issuance, while it is being collected. */
interface Collected extends Issuance {
  readonly servedAt: string[];
  readonly loggedAt: string[];
}

type Issuances = Map<string, Collected>;

const inventoryRules: ReadonlySet<string> = new Set(['inventory-stale', 'inventory-incomplete']);

/** See {@link Evaluator}. */
export function createEvaluator(dependencies: EvaluateDependencies): Evaluator {
  const { ledger, inputs, grade } = dependencies;
  /** What was seen in part only opens: its details would replace those of the whole, and be replaced again, at every scan. */
  function newIssuances(issuances: Issuances): Sighting[] {
    const sightings = [...issuances.values()].flatMap(grade.issuance);
    return sightings.filter(({ rule, subject }) => ledger.open.get(findingId(rule, subject)) === undefined);
  }

  return {
    all: async (now) => [...(await ledger.lapse(now)), ...(await evaluateAll(dependencies, now))],
    async endpoints(keys, now) {
      const issuances: Issuances = new Map();
      const { sightings, present } = await gradeServed(inputs, grade, keys, now, issuances);
      const covered = (open: OpenFindings): Covered =>
        keys.flatMap((key) => {
          const resolution = present.has(key) ? 'fixed' : 'gone';
          return open.about({ kind: 'endpoint', key }).map((finding) => [finding, resolution] as const);
        });
      return ledger.apply([...sightings, ...newIssuances(issuances)], covered, now);
    },
    async entries(entries, now) {
      const issuances: Issuances = new Map();
      for (const entry of entries) {
        note(issuances, await inputs.ofEntry(entry, now), 'loggedAt', `${entry.logId}:${entry.leafIndex}`);
      }
      return ledger.apply(newIssuances(issuances), () => [], now);
    },
    foresee(incident, now) {
      const [sighting] = grade.incident(incident);
      return sighting === undefined ? null : ledger.foresee(sighting, now);
    },
    async incident(incident, now) {
      const id = findingId(incident.rule, incident.subject);
      return ledger.apply(
        incident.active ? grade.incident(incident) : [],
        (open) => [open.get(id)].flatMap((finding) => (finding === undefined ? [] : [[finding, 'fixed']])),
        now,
      );
    },
  };
}

async function evaluateAll(dependencies: EvaluateDependencies, now: Date): Promise<readonly Finding[]> {
  const { inputs, ledger, grade, rules, log } = dependencies;
  const issuances: Issuances = new Map();
  const { sightings, present } = await gradeServed(inputs, grade, undefined, now, issuances);
  for await (const [place, input] of inputs.logged(now)) note(issuances, input, 'loggedAt', place);
  for (const issuance of issuances.values()) sightings.push(...grade.issuance(issuance));
  const inventory = await inputs.inventory(now);
  sightings.push(...inventorySightings(inventory, grade));
  /** Rules that speak of their own accord; a failure of a certificate's rule is judged with the certificate. */
  const others = new Set(
    rules.filter(({ kind }) => kind === 'incident' || kind === 'fleet').map(({ id }) => id),
  );
  const held = new Set([
    ...(inventory.isWhole || inventory.sources.length === 0 ? [] : rules.flatMap(needingInventory)),
    ...inputs.unsettledRules(),
  ]);
  const covers = ({ rule, subject }: Finding): boolean =>
    inventoryRules.has(rule) ||
    (rule === 'rule-failed' && subject.kind !== 'self') ||
    (!others.has(rule) && !held.has(rule));
  const resolution = ({ subject: { kind, key } }: Finding): Resolution => {
    if (kind === 'endpoint') return present.has(key) ? 'fixed' : 'gone';
    return kind !== 'issuance' || issuances.has(key) ? 'fixed' : 'gone';
  };
  const covered = (open: OpenFindings): Covered =>
    [...open].filter(covers).map((finding) => [finding, resolution(finding)]);
  const changed = await ledger.apply(sightings, covered, now);
  log.info(
    { findings: sightings.length, issuances: issuances.size, changed: changed.length },
    'evaluated everything',
  );
  return changed;
}

function needingInventory(rule: Rule): readonly string[] {
  return rule.kind === 'certificate' && rule.needsInventory === true ? [rule.id] : [];
}

/** What is wrong with the inventories themselves. */
function inventorySightings(
  { staleSources, incompleteSources }: InventoryIndex,
  grade: Grader,
): readonly Sighting[] {
  const about = (rule: string, source: string, details: Incident['details']): readonly Sighting[] =>
    grade.incident({ rule, subject: { kind: 'self', key: source }, details });
  return [
    ...staleSources.flatMap((source) => about('inventory-stale', source, { source })),
    ...incompleteSources.flatMap(({ source, items, errors }) =>
      about('inventory-incomplete', source, { source, items, errors: errors.slice(0, 5) }),
    ),
  ];
}

/** Judges what endpoints serve, and collects the issuances met; `present` are the keys of the endpoints that serve something. */
async function gradeServed(
  inputs: CheckInputs,
  grade: Grader,
  keys: readonly string[] | undefined,
  now: Date,
  issuances: Issuances,
): Promise<{ sightings: Sighting[]; present: ReadonlySet<string> }> {
  const sightings: Sighting[] = [];
  const present = new Set<string>();
  for await (const served of inputs.served(keys, now)) {
    present.add(served.key);
    sightings.push(...grade.endpoint(served, now));
    for (const input of served.inputs) note(issuances, input, 'servedAt', served.key);
  }
  return { sightings, present };
}

/** What was noted first (served before logged) is what is judged. */
function note(issuances: Issuances, input: CheckInput, list: 'servedAt' | 'loggedAt', place: string): void {
  const { key } = issuanceSubject(input.certificate);
  const known = issuances.get(key);
  if (known === undefined) issuances.set(key, { key, input, servedAt: [], loggedAt: [], [list]: [place] });
  else known[list].push(place);
}
