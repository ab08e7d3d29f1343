import { findingId, type Finding } from '../model/finding.js';
import { atLeast } from '../model/severity.js';
import type { CheckInputs } from './check-inputs.js';
import type { Doubts } from './doubts.js';
import type { Ledger } from './finding-ledger.js';
import type { Sighting } from './finding-life.js';
import type { Grader, Served } from './grade.js';
import { pastProbes, type RecentState } from './recent.js';
import { steadinessOf, type SteadyPolicy } from './steadiness.js';

/** What keeping findings steady takes. */
export interface SteadySources {
  readonly inputs: Pick<CheckInputs, 'recent'>;
  readonly grade: Pick<Grader, 'endpoint'>;
  readonly ledger: Pick<Ledger, 'open'>;
  readonly policy: SteadyPolicy;
  readonly doubts: Pick<Doubts, 'absent'>;
}

/**
 * What to say of endpoints beside `sightings`, what their last probes show: open findings that these do not show, or show less badly, and
 * that were shown by a probe too short a time ago. Their endpoints are noted as in doubt.
 */
export async function steadySightings(
  { inputs, grade, ledger, policy, doubts }: SteadySources,
  served: readonly Served[],
  {
    sightings,
    held,
  }: { readonly sightings: ReadonlyMap<string, readonly Sighting[]>; held(rule: string): boolean },
  now: Date,
): Promise<readonly Sighting[]> {
  const doubtful = new Map<string, readonly Finding[]>();
  for (const { key } of served) {
    const shown = new Map((sightings.get(key) ?? []).map((one) => [findingId(one.rule, one.subject), one]));
    const less = ledger.open.about({ kind: 'endpoint', key }).filter(({ id, rule, severity }) => {
      if (held(rule)) return false;
      const sighting = shown.get(id);
      return (
        sighting === undefined || (sighting.severity !== severity && atLeast(severity, sighting.severity))
      );
    });
    if (less.length > 0) doubtful.set(key, less);
    doubts.absent(key, null);
  }
  const states = await inputs.recent([...doubtful.keys()], now);
  const standing: Sighting[] = [];
  for (const [key, findings] of doubtful) {
    const past = (states.get(key) ?? []).map((state) => ({ state, said: grade.endpoint(state.served, now) }));
    const stand = findings.flatMap((finding) => standingSighting(finding, past, policy, now) ?? []);
    standing.push(...stand.map(({ sighting }) => sighting));
    const next = stand.map(({ probeAgainAt }) => probeAgainAt.getTime());
    if (next.length > 0) doubts.absent(key, new Date(Math.min(...next)));
  }
  return standing;
}

interface Past {
  readonly state: RecentState;
  readonly said: readonly Sighting[];
}

function standingSighting(
  { id, severity }: Finding,
  past: readonly Past[],
  policy: SteadyPolicy,
  now: Date,
): { readonly sighting: Sighting; readonly probeAgainAt: Date } | null {
  const bad = new Map<RecentState, Sighting>();
  for (const { state, said } of past)
    for (const one of said)
      if (findingId(one.rule, one.subject) === id && atLeast(one.severity, severity)) bad.set(state, one);
  const probes = pastProbes(
    past.map(({ state }) => state),
    (state) => bad.has(state),
  );
  const { stands, isAlternating } = steadinessOf(probes, policy, now);
  const [sighting] = bad.values();
  if (!stands || sighting === undefined) return null;
  return { sighting, probeAgainAt: new Date(now.getTime() + spacingMs(policy, isAlternating)) };
}

/** Probes follow one another so that enough of them are made within the minutes that count. */
export function spacingMs(policy: SteadyPolicy, isAlternating: boolean): number {
  const minutes = isAlternating ? policy.resolveAlternatingAfterMinutes : policy.resolveAfterMinutes;
  return Math.max(shortestMs, (minutes * 60_000) / Math.max(policy.resolveAfterProbes, fewestProbes));
}

const shortestMs = 3_000;
const fewestProbes = 10;
