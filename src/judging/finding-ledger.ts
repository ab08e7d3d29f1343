import { findingId, type Finding, type Resolution, type Subject } from '../model/finding.js';
import { createSerial } from '../lib/serial.js';
import type { FindingAct } from '../model/finding-act.js';
import type { Store } from '../store/store.js';
import { endOf } from './settle.js';
import type { PolicyException } from '../model/policy.js';
import { acted, lapse, resolve, seen, type Resolved, type Sighting } from './finding-life.js';
import { OpenFindings } from './open-findings.js';

/** Findings whose cause was checked; those not seen again are resolved for the reason given. */
export type Covered = Iterable<readonly [Finding, Resolution]>;

/** What was seen, and the exception of the policy that covers it. */
type Seen = Sighting & { readonly exception?: PolicyException | null };

/** The findings that are open, and how findings change. */
export interface Ledger {
  /**
   * Opens, refreshes and reopens what is in `sightings`; resolves what `covered` names and `sightings` does not hold. Stored when the
   * promise resolves. Returns the findings that got a new revision.
   */
  apply(
    sightings: readonly Seen[],
    covered: (open: OpenFindings) => Covered,
    now: Date,
  ): Promise<readonly Finding[]>;
  /** Opens findings whose silence or acceptance has ended; returns them. */
  lapse(now: Date): Promise<readonly Finding[]>;
  /** What a person does; null when there is no such finding. Rejects when it is resolved and the act needs an open one. */
  act(id: string, act: FindingAct, actor: string, now: Date): Promise<Finding | null>;
  /** What `apply` would make of a sighting now; null when the finding would get no new revision. */
  foresee(sighting: Seen, now: Date): Finding | null;
  /** Findings not resolved. */
  readonly open: OpenFindings;
}

type LedgerStore = Pick<Store, 'openFindings' | 'resolvedFindings' | 'findingHistory' | 'writeFindings'>;

/**
 * Loads what is open from the store, and how often the rest changed. One ledger per store: it is the only writer of findings.
 * `worseThan` names, for a rule, the rules that report something worse about the same subject.
 */
export async function openLedger(
  store: LedgerStore,
  worseThan: (rule: string) => readonly string[] = () => [],
): Promise<Ledger> {
  const live = new OpenFindings(await store.openFindings());
  const resolved = new Map<string, Resolved>();
  for (const finding of await store.resolvedFindings())
    resolved.set(finding.id, { ...finding, state: 'resolved' });
  /** One change at a time, so that a state is never computed from one that is being replaced. */
  const serially = createSerial();

  const known = (id: string): Finding | Resolved | undefined => live.get(id) ?? resolved.get(id);
  const isRevised = (finding: Finding): boolean => known(finding.id)?.revision !== finding.revision;

  /** Stores these findings; returns those with a new revision. */
  async function keep(next: readonly Finding[]): Promise<readonly Finding[]> {
    if (next.length > 0) await store.writeFindings(next);
    const revised = next.filter(isRevised);
    for (const finding of next) {
      const { id, revision, firstSeenAt, assignee, ticket, state } = finding;
      if (state === 'resolved') {
        live.delete(id);
        resolved.set(id, { id, revision, firstSeenAt, assignee, ticket, state });
      } else {
        resolved.delete(id);
        live.set(finding);
      }
    }
    return revised;
  }

  return {
    open: live,
    apply: (sightings, covered, now) =>
      serially(() => {
        const bySight = new Map(sightings.map((one) => [findingId(one.rule, one.subject), one]));
        const ended = [...covered(live)].filter(([{ id }]) => !bySight.has(id));
        const next = [...bySight].map(([id, sighting]) => look(known(id), sighting, now));
        const stands = stillStanding(live, bySight, ended);
        for (const [finding, resolution] of ended) {
          const isWorse = worseThan(finding.rule).some((rule) => stands(rule, finding.subject));
          next.push(resolve(finding, isWorse ? 'superseded' : resolution, now));
        }
        return keep(next.filter((finding) => finding !== null));
      }),
    lapse: (now) =>
      serially(() => keep([...live].map((one) => lapse(one, now)).filter((one) => one !== null))),
    act: (id, act, actor, now) =>
      serially(async () => {
        const last = async () => (resolved.has(id) ? (await store.findingHistory(id)).at(-1) : undefined);
        const finding = live.get(id) ?? (await last());
        if (finding === undefined) return null;
        const changed = acted(finding, act, actor, now);
        if (changed !== null) await keep([changed]);
        return changed ?? finding;
      }),
    foresee: (sighting, now) => {
      const next = look(known(findingId(sighting.rule, sighting.subject)), sighting, now);
      return next !== null && isRevised(next) ? next : null;
    },
  };
}

/** The finding after what was seen, and what an exception that has not ended makes of it. */
function look(
  previous: Finding | Resolved | undefined,
  { exception = null, ...sighting }: Seen,
  now: Date,
): Finding | null {
  const until = exception === null ? null : endOf(exception);
  if (exception === null || until === null || until <= now) return seen(previous, sighting, now);
  return seen(previous, sighting, now, { until, note: `${exception.reason} (${exception.approver})` });
}

/** Tells whether a rule's finding about a subject is open once what `ended` is resolved. */
function stillStanding(
  live: OpenFindings,
  seenNow: ReadonlyMap<string, Sighting>,
  ended: readonly (readonly [Finding, Resolution])[],
): (rule: string, subject: Subject) => boolean {
  const endedIds = new Set(ended.map(([{ id }]) => id));
  return (rule, subject) => {
    const id = findingId(rule, subject);
    return seenNow.has(id) || (live.get(id) !== undefined && !endedIds.has(id));
  };
}
