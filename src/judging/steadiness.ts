import type { Policy } from '../model/policy.js';

/** One past probe of an endpoint, as far as one finding is concerned. */
export interface PastProbe {
  readonly at: Date;
  /** It showed what the finding is about. */
  readonly isBad: boolean;
}

/** Whether a finding that the last probe did not show still stands. */
export interface Steadiness {
  readonly stands: boolean;
  /** It was absent and came back. */
  readonly isAlternating: boolean;
  /** When it may be resolved at the earliest, probes permitting. */
  readonly until: Date;
}

/** The keys of the policy that it depends on. */
export type SteadyPolicy = Pick<
  Policy,
  'resolveAfterProbes' | 'resolveAfterMinutes' | 'resolveAlternatingAfterMinutes'
>;

/** How far back a finding that came and went is remembered, in ms. */
export const lookBackMs = 86_400_000;

/** A finding is absent for this many times its longest absence so far before it counts as gone. */
const absences = 3;

/**
 * Machines behind one address take turns, so one probe that shows nothing proves nothing. A finding stands until it was absent for enough
 * probes and minutes; one that came back before, for three times as many probes as its longest absence, and for longer. `probes` newest first.
 */
export function steadinessOf(probes: readonly PastProbe[], policy: SteadyPolicy, now: Date): Steadiness {
  const last = probes.findIndex(({ isBad }) => isBad);
  const lastBad = probes[last];
  if (lastBad === undefined) return { stands: false, isAlternating: false, until: now };
  let longest = 0;
  let run = 0;
  for (const { isBad } of probes.slice(last)) {
    // Good probes before the first bad one are no absence: they count once a bad one is older.
    if (isBad) [longest, run] = [Math.max(longest, run), 0];
    else run += 1;
  }
  const isAlternating = longest > 0;
  const neededProbes = Math.max(policy.resolveAfterProbes, absences * longest);
  const minutes = isAlternating
    ? Math.max(policy.resolveAlternatingAfterMinutes, policy.resolveAfterMinutes)
    : policy.resolveAfterMinutes;
  const until = new Date(lastBad.at.getTime() + minutes * 60_000);
  return { stands: last < neededProbes || now < until, isAlternating, until };
}
