import type { CtEntry } from '../model/ct-entry.js';
import { findingId, type Finding, type Resolution } from '../model/finding.js';
import type { Incident } from '../model/incident.js';
import type { Judged } from '../model/judged.js';
import type { CheckInput, Rule } from '../rules/rule.js';
import type { Store } from '../store/store.js';
import type { CheckInputs } from './check-inputs.js';
import type { Doubts } from './doubts.js';
import type { Covered, Ledger } from './finding-ledger.js';
import type { Sighting } from './finding-life.js';
import { issuanceSubject, type Grader, type Issuance, type Served } from './grade.js';
import { earliest, type Instants } from './instants.js';
import { isCurrent, type IssuancesNow } from './issuances.js';
import type { OpenFindings } from './open-findings.js';
import type { ServedNow } from './served.js';
import { spacingMs, steadySightings } from './steady-findings.js';
import type { SteadyPolicy } from './steadiness.js';

/** Dependencies of evaluation. */
export interface EvaluateDependencies {
  readonly inputs: CheckInputs;
  readonly ledger: Ledger;
  readonly rules: readonly Rule[];
  readonly grade: Grader;
  readonly instants: Instants;
  readonly policy: SteadyPolicy;
  readonly doubts: Doubts;
  readonly store: Pick<Store, 'judging' | 'writeJudged'>;
}

/**
 * Turns what is stored into findings. Every function may be called at any time and repeats nothing; each returns the findings that got a
 * new revision.
 */
export interface Evaluator {
  /** Judges these endpoints and what they serve; opens, refreshes and resolves. */
  endpoints(keys: readonly string[], now: Date): Promise<readonly Finding[]>;
  /** The same for endpoints that were read already. */
  served(keys: readonly string[], served: ServedNow, now: Date): Promise<readonly Finding[]>;
  /** Judges these issuances wherever they are seen; opens, refreshes and resolves. */
  issuances(keys: readonly string[], now: Date): Promise<readonly Finding[]>;
  /** Judges what is logged by what is at hand; what is flagged is then judged with everywhere it is seen. */
  logged(inputs: readonly CheckInput[], now: Date): Promise<readonly Finding[]>;
  /** Judges entries just read from a log, those that have not expired. */
  entries(entries: readonly CtEntry[], now: Date): Promise<readonly Finding[]>;
  /** Repeats judgements. */
  repeat(judged: readonly Pick<Judged, 'kind' | 'key'>[], now: Date): Promise<readonly Finding[]>;
  /** A scanner's report about a log or about Certglass. */
  incident(incident: Incident, now: Date): Promise<readonly Finding[]>;
  /** The finding that an active incident will become, before anything is stored; null when it changes nothing. */
  foresee(incident: Incident, now: Date): Finding | null;
}

/** Endpoints and issuances judged at a time. */
const chunkSize = 500;

/** See {@link Evaluator}. */
export function createEvaluator(dependencies: EvaluateDependencies): Evaluator {
  const { ledger, inputs, grade } = dependencies;
  const lately = new Set<string>();
  const judgeServed = createServedJudge(dependencies, lately, issuances);

  function endpoints(keys: readonly string[], now: Date): Promise<readonly Finding[]> {
    return inChunks(
      keys,
      (some) => inputs.served(some, now),
      (some, served) => judgeServed(some, served, now),
    );
  }

  function issuances(keys: readonly string[], now: Date): Promise<readonly Finding[]> {
    return inChunks(
      keys,
      (some) => inputs.issuances(some, now),
      (some, read) => judgeIssuances(dependencies, lately, some, read, now),
    );
  }

  async function logged(some: readonly CheckInput[], now: Date): Promise<readonly Finding[]> {
    const keys = flagged(dependencies, some);
    const unknown = new Set<string>();
    const changed = await inChunks(
      keys,
      async (part) => noteUnknown(await inputs.issuances(part, now), unknown),
      (part, read) => judgeIssuances(dependencies, lately, part, read, now),
    );
    // What is only in the spool yet is not found in the store: it is judged by what is at hand, and opens only.
    const missing = some.filter(({ certificate }) => unknown.has(issuanceSubject(certificate).key));
    const sightings = missing.flatMap((input) => grade.issuance(alone(input))).filter(isNew(ledger.open));
    return [...changed, ...(await ledger.apply(sightings, () => [], now))];
  }

  return {
    endpoints,
    served: judgeServed,
    issuances,
    logged,
    async entries(entries, now) {
      const current = entries.filter(({ certificate }) => isCurrent(certificate, now));
      const some: CheckInput[] = [];
      for (const entry of current) some.push(await inputs.ofEntry(entry, now));
      return logged(some, now);
    },
    async repeat(judged, now) {
      const ofEndpoints = await endpoints(keysOf(judged, 'endpoint'), now);
      return [...ofEndpoints, ...(await issuances(keysOf(judged, 'issuance'), now))];
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

/** Adds the keys of which nothing is stored. */
function noteUnknown(read: IssuancesNow, unknown: Set<string>): IssuancesNow {
  for (const [key, why] of read.absent) if (why === 'gone') unknown.add(key);
  return read;
}

function keysOf(judged: readonly Pick<Judged, 'kind' | 'key'>[], kind: Judged['kind']): readonly string[] {
  return judged.filter((one) => one.kind === kind).map(({ key }) => key);
}

/** Judges what endpoints serve, then the issuances that are flagged, were flagged before, or are no longer served by them. */
function createServedJudge(
  dependencies: EvaluateDependencies,
  lately: ReadonlySet<string>,
  issuances: Evaluator['issuances'],
): Evaluator['served'] {
  const { ledger, inputs, grade, rules, instants, store, doubts } = dependencies;
  return async (keys, { served, absent }, now) => {
    const judgedBy = served.flatMap((one) => one.inputs);
    const reading = Promise.all([
      store.judging.judged('endpoint', keys),
      heldRules(inputs, rules, judgedBy, now),
    ]);
    // Its failure is met where it is waited for.
    reading.catch(() => undefined);
    const sightings = new Map(served.map((one) => [one.key, grade.endpoint(one, now)]));
    const [before, held] = await reading;
    const standing = await steadySightings(dependencies, served, { sightings, held }, now);
    // What stands comes last: it replaces a milder sighting of the same finding.
    const all = [...[...sightings.values()].flat(), ...standing];
    const changed = await ledger.apply(
      all,
      (open) => coveredAbout('endpoint', keys, (key) => absent.get(key) ?? 'fixed', open, held, all),
      now,
    );
    noteDoubts(doubts, served, sightings, changed, now);
    const hasFindings = (key: string): boolean => (sightings.get(key)?.length ?? 0) > 0;
    const after = served.map((one): Judged => {
      const forgottenAt = hasFindings(one.key) ? one.forgottenAt : null;
      return {
        kind: 'endpoint',
        key: one.key,
        dueAt: earliest([instants.ofEndpoint(one, now), forgottenAt], now),
        issuances: [...new Set(one.inputs.map((input) => issuanceSubject(input.certificate).key))],
      };
    });
    const answered = new Set(after.map(({ key }) => key));
    const silent = keys.filter((key) => !answered.has(key) && before.has(key));
    const current = new Set(after.flatMap((one) => one.issuances));
    const left = [...before.values()].flatMap((one) => one.issuances).filter((key) => !current.has(key));
    const toJudge = new Set([
      ...flagged(
        { ledger, grade },
        served.flatMap((one) => one.inputs),
      ),
      ...left.filter((key) => ledger.open.about({ kind: 'issuance', key }).length > 0),
    ]);
    const ofIssuances = await issuances([...toJudge], now);
    // Those that stand are judged again after the next probe.
    const kept = after.map((one): Judged => {
      const still = (before.get(one.key)?.issuances ?? []).filter((key) => lately.has(key));
      return { ...one, issuances: [...new Set([...one.issuances, ...still])] };
    });
    const news = [...kept, ...silent.map(gone)].filter((one) => !isSame(one, before.get(one.key)));
    if (news.length > 0) await store.writeJudged(news);
    return [...changed, ...ofIssuances];
  };
}

/** Notes which findings rest on one probe so far, and which a second one has shown. */
function noteDoubts(
  doubts: Doubts,
  served: readonly Served[],
  sightings: ReadonlyMap<string, readonly Sighting[]>,
  changed: readonly Finding[],
  now: Date,
): void {
  const probedAt = new Map(served.map(({ key, observation }) => [key, observation.observedAt]));
  for (const [key, said] of sightings)
    for (const { rule, subject } of said) doubts.shown(findingId(rule, subject), probedAt.get(key) ?? now);
  for (const finding of changed) {
    const isOpened = finding.change === 'opened' || finding.change === 'reopened';
    const at = probedAt.get(finding.subject.key);
    if (finding.state === 'resolved') doubts.resolved(finding.id);
    else if (isOpened && at !== undefined) doubts.opened(finding, at, now);
  }
}

const gone = (key: string): Judged => ({ kind: 'endpoint', key, dueAt: null, issuances: [] });

function isSame(one: Judged, other: Judged | undefined): boolean {
  return (
    other !== undefined &&
    one.dueAt?.getTime() === other.dueAt?.getTime() &&
    one.issuances.join() === other.issuances.join()
  );
}

/** Issuances of these inputs that a rule flags, or that have an open finding. */
function flagged(
  { ledger, grade }: Pick<EvaluateDependencies, 'ledger' | 'grade'>,
  inputs: readonly CheckInput[],
): readonly string[] {
  const keys = new Set<string>();
  for (const input of inputs) {
    const subject = issuanceSubject(input.certificate);
    if (keys.has(subject.key)) continue;
    if (ledger.open.about(subject).length > 0 || grade.issuance(alone(input)).length > 0)
      keys.add(subject.key);
  }
  return [...keys];
}

const alone = (input: CheckInput): Issuance => ({
  key: issuanceSubject(input.certificate).key,
  input,
  servedAt: [],
  loggedAt: [],
});

function isNew(open: OpenFindings): (sighting: Sighting) => boolean {
  return ({ rule, subject }) => open.get(findingId(rule, subject)) === undefined;
}

async function judgeIssuances(
  { ledger, inputs, grade, rules, instants, store, policy, doubts }: EvaluateDependencies,
  lately: Set<string>,
  keys: readonly string[],
  { found, absent, lately: standing }: IssuancesNow,
  now: Date,
): Promise<readonly Finding[]> {
  for (const key of keys) lately.delete(key);
  for (const [key, { endpoint }] of standing) {
    lately.add(key);
    doubts.absent(endpoint, new Date(now.getTime() + spacingMs(policy, false)));
  }
  const sightings = new Map(found.map((one) => [one.key, grade.issuance(one)]));
  const all = [...sightings.values()].flat();
  const judgedBy = found.map(({ input }) => input);
  const held = await heldRules(inputs, rules, judgedBy, now);
  const changed = await ledger.apply(
    all,
    (open) => coveredAbout('issuance', keys, (key) => absent.get(key) ?? 'fixed', open, held, all),
    now,
  );
  const before = await store.judging.judged('issuance', keys);
  const dueOf = new Map(
    found.map(({ key, input }) => [key, instants.ofIssuance(input, sightings.get(key)?.length !== 0)]),
  );
  const after = keys.map((key): Judged => {
    return { kind: 'issuance', key, dueAt: dueOf.get(key) ?? null, issuances: [] };
  });
  const news = after.filter((one) => !isSame(one, before.get(one.key) ?? { ...one, dueAt: null }));
  if (news.length > 0) await store.writeJudged(news);
  return changed;
}

/** What is open about these subjects and was judged now; what `held` rules said before, and rules that failed, stands. */
function coveredAbout(
  kind: string,
  keys: readonly string[],
  resolutionOf: (key: string) => Resolution,
  open: OpenFindings,
  held: (rule: string) => boolean,
  sightings: readonly Sighting[],
): Covered {
  const failed = new Set(
    sightings
      .filter(({ rule }) => rule === 'rule-failed')
      .map(({ subject, details }) => findingId(String(details['rule']), subject)),
  );
  return keys.flatMap((key) =>
    open
      .about({ kind, key })
      .filter(({ id, rule }) => !held(rule) && !failed.has(id))
      .map((finding) => [finding, resolutionOf(key)] as const),
  );
}

/** Rules whose earlier findings are neither confirmed nor resolved by judging: they judge elsewhere, or lack what they judge by. */
async function heldRules(
  inputs: CheckInputs,
  rules: readonly Rule[],
  judgedBy: readonly CheckInput[],
  now: Date,
): Promise<(rule: string) => boolean> {
  const { isWhole, sources } = await inputs.inventory(now);
  // An import may have ended since the inputs were read: they lacked the inventory all the same.
  const lacked = !isWhole || judgedBy.some(({ inventory }) => inventory === null);
  const lacksInventory = lacked && sources.length > 0;
  const held = new Set(inputs.unsettledRules());
  for (const rule of rules) {
    if (rule.kind === 'fleet') held.add(rule.id);
    if (rule.kind === 'incident' && rule.id !== 'rule-failed') held.add(rule.id);
    if (rule.kind === 'certificate' && rule.needsInventory === true && lacksInventory) held.add(rule.id);
  }
  return (rule) => held.has(rule);
}

/** Reads the next chunk while one is judged: the database and the rules each have a core. */
async function inChunks<Read>(
  keys: readonly string[],
  read: (some: readonly string[]) => Promise<Read>,
  judge: (some: readonly string[], read: Read) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const changed: Finding[] = [];
  const begin = (start: number): Promise<Read> => {
    const reading = read(keys.slice(start, start + chunkSize));
    // Its failure is met where it is waited for, unless judging failed before.
    reading.catch(() => undefined);
    return reading;
  };
  let next = keys.length === 0 ? null : begin(0);
  for (let start = 0; next !== null; start += chunkSize) {
    const current = await next;
    next = start + chunkSize < keys.length ? begin(start + chunkSize) : null;
    changed.push(...(await judge(keys.slice(start, start + chunkSize), current)));
  }
  return changed;
}
