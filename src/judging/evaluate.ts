import type { Logger } from 'pino';
import type { CtEntry } from '../model/ct-entry.js';
import type { Certificate } from '../model/certificate.js';
import { findingId, type Finding, type Resolution, type Subject } from '../model/finding.js';
import type { Verdict } from '../model/observation.js';
import type { Policy } from '../model/policy.js';
import type { CertificateRule, CheckInput, FleetRule, Rule } from '../rules/rule.js';
import type { InventoryIndex, Store } from '../store/store.js';
import type { CheckInputs } from './check-inputs.js';
import type { Covered, Ledger } from './finding-ledger.js';
import type { Sighting } from './finding-life.js';
import type { OpenFindings } from './open-findings.js';
import type { Incident } from '../model/incident.js';

/** What evaluation works with. */
export interface EvaluateDependencies {
  readonly inputs: CheckInputs;
  readonly ledger: Ledger;
  readonly store: Pick<Store, 'named'>;
  readonly policy: Policy;
  readonly rules: readonly Rule[];
  judge(input: CheckInput, rules: readonly CertificateRule[]): readonly Verdict[];
  /** Of each rule the worst verdict over the certificates of one endpoint. */
  judgeServed(
    inputs: readonly CheckInput[],
    rules: readonly CertificateRule[],
  ): readonly { readonly verdict: Verdict; readonly certificate: Certificate }[];
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

/** Where one issuance was seen. */
interface Issuance {
  readonly key: string;
  readonly input: CheckInput;
  readonly servedAt: string[];
  readonly loggedAt: string[];
}

type Issuances = Map<string, Issuance>;

const listedPlaces = 20;
const inventoryRules: ReadonlySet<string> = new Set(['inventory-stale', 'inventory-incomplete']);

/** See {@link Evaluator}. */
export function createEvaluator(dependencies: EvaluateDependencies): Evaluator {
  const { ledger, inputs } = dependencies;
  const grade = createGrader(dependencies);
  /** What was seen in part only opens: its details would replace those of the whole, and be replaced again, at every scan. */
  function newIssuances(issuances: Issuances): Sighting[] {
    const sightings = [...issuances.values()].flatMap(grade.issuance);
    return sightings.filter(({ rule, subject }) => ledger.open.get(findingId(rule, subject)) === undefined);
  }

  return {
    all: async (now) => [...(await ledger.lapse(now)), ...(await evaluateAll(dependencies, grade, now))],
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
    foresee({ rule, subject, details }, now) {
      const [sighting] = grade.incident(rule, subject, details);
      return sighting === undefined ? null : ledger.foresee(sighting, now);
    },
    async incident({ rule, subject, active, details }, now) {
      const id = findingId(rule, subject);
      return ledger.apply(
        active ? grade.incident(rule, subject, details) : [],
        (open) => [open.get(id)].flatMap((finding) => (finding === undefined ? [] : [[finding, 'fixed']])),
        now,
      );
    },
  };
}

async function evaluateAll(
  dependencies: EvaluateDependencies,
  grade: Grader,
  now: Date,
): Promise<readonly Finding[]> {
  const { inputs, ledger, rules, log } = dependencies;
  const issuances: Issuances = new Map();
  const { sightings, present } = await gradeServed(inputs, grade, undefined, now, issuances);
  for await (const [place, input] of inputs.logged(now)) note(issuances, input, 'loggedAt', place);
  for (const issuance of issuances.values()) sightings.push(...grade.issuance(issuance));
  sightings.push(...(await grade.fleet(now)));
  const inventory = await inputs.inventory(now);
  sightings.push(...inventorySightings(inventory, grade));
  const incidents = new Set(rules.filter((rule) => rule.kind === 'incident').map((rule) => rule.id));
  const held = new Set([
    ...(inventory.isWhole || inventory.sources.length === 0 ? [] : rules.flatMap(needingInventory)),
    ...inputs.unsettledRules(),
  ]);
  const covers = ({ rule }: Finding): boolean =>
    inventoryRules.has(rule) || (!incidents.has(rule) && !held.has(rule));
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
  const about = (source: string) => ({ kind: 'self', key: source }) as const;
  return [
    ...staleSources.flatMap((source) => grade.incident('inventory-stale', about(source), { source })),
    ...incompleteSources.flatMap(({ source, items, errors }) =>
      grade.incident('inventory-incomplete', about(source), { source, items, errors: errors.slice(0, 5) }),
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
  for await (const [state, served] of inputs.served(keys, now)) {
    present.add(state.key);
    sightings.push(...grade.endpoint(state.key, state.target.host, served));
    for (const input of served) note(issuances, input, 'servedAt', state.key);
  }
  return { sightings, present };
}

type Grader = ReturnType<typeof createGrader>;

/** Turns verdicts, rows and incidents into sightings, with the operator's severities. */
function createGrader(dependencies: EvaluateDependencies) {
  const { policy, rules, judge, judgeServed, store } = dependencies;
  const certificateRules = rules.filter((rule) => rule.kind === 'certificate');
  const endpointRules = certificateRules.filter((rule) => rule.about === 'endpoint');
  const issuanceRules = certificateRules.filter((rule) => rule.about === 'issuance');
  const enabled = (rule: Rule): boolean => policy.rules[rule.id]?.enabled !== false;

  function fleetSighting(rule: FleetRule, row: Readonly<Record<string, unknown>>, now: Date): Sighting[] {
    const hit = rule.toFinding(row, policy, now);
    if (hit === null) return [];
    return [
      {
        ...bare,
        ...hit,
        cause: findingId(rule.id, hit.subject),
        rule: rule.id,
        title: rule.title,
        severity: policy.rules[rule.id]?.severity ?? hit.severity ?? rule.severity,
      },
    ];
  }

  return {
    endpoint: (key: string, host: string, served: readonly CheckInput[]): Sighting[] =>
      judgeServed(served, endpointRules).map(({ verdict, certificate }) => ({
        ...bare,
        ...verdict,
        subject: { kind: 'endpoint', key },
        cause: findingId(verdict.rule, issuanceOf(certificate)),
        host,
        certificateSha256: certificate.sha256,
      })),
    issuance: ({ key, input, servedAt, loggedAt }: Issuance): Sighting[] =>
      judge(input, issuanceRules).map((verdict) => ({
        ...bare,
        ...verdict,
        cause: findingId(verdict.rule, { kind: 'issuance', key }),
        details: {
          ...verdict.details,
          servedAt: servedAt.slice(0, listedPlaces),
          loggedAt: loggedAt.slice(0, listedPlaces),
        },
        subject: { kind: 'issuance', key },
        host: input.observation?.target.host ?? input.certificate.names[0] ?? null,
        certificateSha256: input.certificate.sha256,
      })),
    async fleet(now: Date): Promise<Sighting[]> {
      const sightings: Sighting[] = [];
      for (const rule of rules) {
        if (rule.kind !== 'fleet' || !enabled(rule)) continue;
        const rows = await store.named(rule.query, rule.parameters(policy, now));
        sightings.push(...rows.flatMap((row) => fleetSighting(rule, row, now)));
      }
      return sightings;
    },
    incident: (id: string, subject: Subject, details: Readonly<Record<string, unknown>>): Sighting[] =>
      incidentSightings(dependencies, id, subject, details),
  };
}

/** What a sighting has when nothing says otherwise. */
const bare = { evidence: [], dueAt: null, owner: null, environment: null, tags: [] } as const;

/** The sighting of an incident; none when its rule is switched off. */
function incidentSightings(
  { policy, rules }: EvaluateDependencies,
  id: string,
  subject: Subject,
  details: Readonly<Record<string, unknown>>,
): Sighting[] {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule === undefined) throw new Error(`an incident names the unknown rule ${id}`);
  if (policy.rules[id]?.enabled === false) return [];
  const severity = policy.rules[id]?.severity ?? rule.severity;
  return [{ ...bareAbout(id, subject), rule: id, severity, title: rule.title, details }];
}

/** A sighting of no certificate. */
function bareAbout(rule: string, subject: Subject) {
  return { ...bare, subject, host: null, certificateSha256: null, cause: findingId(rule, subject) };
}

/** Precertificate and certificate are one issuance. */
function issuanceOf({ tbsSha256, sha256 }: Pick<Certificate, 'tbsSha256' | 'sha256'>): Subject {
  return { kind: 'issuance', key: tbsSha256 ?? sha256 };
}

/** What was noted first (served before logged) is what is judged. */
function note(issuances: Issuances, input: CheckInput, list: 'servedAt' | 'loggedAt', place: string): void {
  const { key } = issuanceOf(input.certificate);
  const known = issuances.get(key);
  if (known === undefined) issuances.set(key, { key, input, servedAt: [], loggedAt: [], [list]: [place] });
  else known[list].push(place);
}
