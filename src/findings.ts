import { isDeepStrictEqual } from 'node:util';
import { findingId, type Finding, type Subject } from './model/finding.js';
import { atLeast, type Severity } from './model/severity.js';
import type { Store } from './store/store.js';

/** One cause for concern seen now. */
export interface Sighting {
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  readonly subject: Subject;
  readonly host: string | null;
  readonly certificateSha256: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a person may say of a finding. */
export type FindingAction = 'acknowledge' | 'silence' | 'reopen';

/** The findings that are open, or were resolved not long ago, and how they change. */
export interface Ledger {
  /**
   * Opens, refreshes and reopens what is in `sightings`; resolves every open finding for which `covers` is true and that is not
   * among them. Stored when the promise resolves. Returns the findings that changed state.
   */
  apply(
    sightings: readonly Sighting[],
    covers: (finding: Finding) => boolean,
    now: Date,
  ): Promise<readonly Finding[]>;
  /** A person's word; null when there is no such finding. A resolved finding cannot be acknowledged or silenced. */
  act(
    id: string,
    action: FindingAction,
    actor: string,
    note: string | null,
    now: Date,
  ): Promise<Finding | null>;
  /** What `apply` would make of a sighting now; null when the finding would not change its state. */
  foresee(sighting: Sighting, now: Date): Finding | null;
  /** Findings not resolved. */
  open(): readonly Finding[];
}

const refreshAfterMs = 3_600_000;
const certglass = 'certglass';

/**
 * The next state of a finding: `previous` is what was known (undefined: nothing), `sighting` what is seen now (null: nothing
 * any more). Returns null when there is nothing to write.
 */
export function advance(previous: Finding | undefined, sighting: Sighting | null, now: Date): Finding | null {
  if (sighting === null)
    return previous === undefined || previous.state === 'resolved' ? null : resolve(previous, now);
  if (previous === undefined || previous.state === 'resolved') return reopen(previous, sighting, now);
  const worse = previous.severity !== sighting.severity && atLeast(sighting.severity, previous.severity);
  const escalates = worse && previous.state !== 'silenced';
  const differs =
    previous.severity !== sighting.severity ||
    previous.title !== sighting.title ||
    previous.certificateSha256 !== sighting.certificateSha256 ||
    !isDeepStrictEqual(previous.details, sighting.details);
  if (!differs && now.getTime() - previous.lastSeenAt.getTime() < refreshAfterMs) return null;
  return {
    ...previous,
    ...sighting,
    lastSeenAt: now,
    ...(escalates
      ? { revision: previous.revision + 1, state: 'open', changedBy: certglass, note: null }
      : {}),
  };
}

/** The next state of what is live; null also when that is the same state. */
function changeOf(live: ReadonlyMap<string, Finding>, sighting: Sighting, now: Date): Finding | null {
  const previous = live.get(findingId(sighting.rule, sighting.subject));
  const next = advance(previous, sighting, now);
  return next?.revision === previous?.revision ? null : next;
}

function resolve(finding: Finding, now: Date): Finding {
  return {
    ...finding,
    state: 'resolved',
    revision: finding.revision + 1,
    resolvedAt: now,
    changedBy: certglass,
    note: null,
  };
}

function reopen(previous: Finding | undefined, sighting: Sighting, now: Date): Finding {
  return {
    ...sighting,
    id: findingId(sighting.rule, sighting.subject),
    state: 'open',
    revision: (previous?.revision ?? 0) + 1,
    openedAt: now,
    lastSeenAt: now,
    resolvedAt: null,
    changedBy: certglass,
    note: null,
  };
}

/** Loads what is open from the store. One ledger per store: it is the only writer of findings. */
export async function openLedger(store: Pick<Store, 'liveFindings' | 'writeFindings'>): Promise<Ledger> {
  const live = new Map((await store.liveFindings()).map((finding) => [finding.id, finding]));
  let queue: Promise<unknown> = Promise.resolve();

  /** One change at a time, so that a state is never computed from one that is being replaced. */
  function serially<T>(work: () => Promise<T>): Promise<T> {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  }

  async function keep(changed: readonly Finding[]): Promise<void> {
    if (changed.length === 0) return;
    await store.writeFindings(changed);
    for (const finding of changed) live.set(finding.id, finding);
  }

  return {
    apply: (sightings, covers, now) =>
      serially(async () => {
        const seen = new Map(
          sightings.map((sighting) => [findingId(sighting.rule, sighting.subject), sighting]),
        );
        const next: Finding[] = [];
        for (const [id, sighting] of seen) {
          const finding = advance(live.get(id), sighting, now);
          if (finding !== null) next.push(finding);
        }
        for (const finding of live.values()) {
          if (finding.state === 'resolved' || seen.has(finding.id) || !covers(finding)) continue;
          next.push(resolve(finding, now));
        }
        const before = new Map(next.map((finding) => [finding.id, live.get(finding.id)?.revision]));
        await keep(next);
        return next.filter((finding) => before.get(finding.id) !== finding.revision);
      }),
    act: (id, action, actor, note, now) =>
      serially(async () => {
        const finding = live.get(id);
        if (finding === undefined) return null;
        const state = action === 'acknowledge' ? 'acknowledged' : action === 'silence' ? 'silenced' : 'open';
        if (finding.state === 'resolved' && action !== 'reopen') {
          throw new Error(`finding ${id} is resolved; there is nothing to ${action}`);
        }
        if (finding.state === state) return finding;
        const changed: Finding = {
          ...finding,
          state,
          revision: finding.revision + 1,
          changedBy: actor,
          note,
          resolvedAt: null,
          lastSeenAt: now,
        };
        await keep([changed]);
        return changed;
      }),
    foresee: (sighting, now) => changeOf(live, sighting, now),
    open: () => [...live.values()].filter((finding) => finding.state !== 'resolved'),
  };
}
