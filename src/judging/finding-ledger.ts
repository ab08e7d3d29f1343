import { isDeepStrictEqual } from 'node:util';
import { findingId, type Finding, type Subject } from '../model/finding.js';
import { atLeast, type Severity } from '../model/severity.js';
import type { Store } from '../store/store.js';

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

/** The findings that are open, and how findings change. */
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

/** All that is kept of a finding that is over: should its cause come back, it goes on counting. */
type Resolved = Pick<Finding, 'revision'> & { readonly state: 'resolved' };

/**
 * The next state of a finding: `previous` is what was known (undefined: nothing), `sighting` what is seen now (null: nothing
 * any more). Returns null when there is nothing to write.
 */
export function advance(
  previous: Finding | Resolved | undefined,
  sighting: Sighting | null,
  now: Date,
): Finding | null {
  if (sighting === null)
    return previous === undefined || previous.state === 'resolved' ? null : resolve(previous, now);
  if (previous === undefined || previous.state === 'resolved')
    return reopen(previous?.revision ?? 0, sighting, now);
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

function reopen(revision: number, sighting: Sighting, now: Date): Finding {
  return {
    ...sighting,
    id: findingId(sighting.rule, sighting.subject),
    state: 'open',
    revision: revision + 1,
    openedAt: now,
    lastSeenAt: now,
    resolvedAt: null,
    changedBy: certglass,
    note: null,
  };
}

/** A finding after a person's word; null when that changes nothing. */
function afterWord(
  finding: Finding,
  action: FindingAction,
  actor: string,
  note: string | null,
  now: Date,
): Finding | null {
  const state = action === 'acknowledge' ? 'acknowledged' : action === 'silence' ? 'silenced' : 'open';
  if (finding.state === 'resolved' && action !== 'reopen')
    throw new Error(`finding ${finding.id} is resolved; there is nothing to ${action}`);
  if (finding.state === state) return null;
  return {
    ...finding,
    state,
    revision: finding.revision + 1,
    changedBy: actor,
    note,
    resolvedAt: null,
    lastSeenAt: now,
  };
}

type LedgerStore = Pick<Store, 'openFindings' | 'resolvedFindings' | 'findingHistory' | 'writeFindings'>;

/** Loads what is open from the store, and how often the rest changed. One ledger per store: it is the only writer of findings. */
export async function openLedger(store: LedgerStore): Promise<Ledger> {
  const live = new Map((await store.openFindings()).map((finding) => [finding.id, finding]));
  const resolved = new Map(await store.resolvedFindings());
  let queue: Promise<unknown> = Promise.resolve();

  /** One change at a time, so that a state is never computed from one that is being replaced. */
  function serially<T>(work: () => Promise<T>): Promise<T> {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  }

  function known(id: string): Finding | Resolved | undefined {
    const revision = resolved.get(id);
    return live.get(id) ?? (revision === undefined ? undefined : { state: 'resolved', revision });
  }

  /** True when this is another state of the finding than the one that is known. */
  function changesState(finding: Finding): boolean {
    return known(finding.id)?.revision !== finding.revision;
  }

  async function keep(changed: readonly Finding[]): Promise<void> {
    if (changed.length > 0) await store.writeFindings(changed);
    for (const finding of changed) {
      const isOver = finding.state === 'resolved';
      (isOver ? live : resolved).delete(finding.id);
      if (isOver) resolved.set(finding.id, finding.revision);
      else live.set(finding.id, finding);
    }
  }

  return {
    apply: (sightings, covers, now) =>
      serially(async () => {
        const seen = new Map(
          sightings.map((sighting) => [findingId(sighting.rule, sighting.subject), sighting]),
        );
        const next: Finding[] = [];
        for (const [id, sighting] of seen) {
          const finding = advance(known(id), sighting, now);
          if (finding !== null) next.push(finding);
        }
        for (const finding of live.values())
          if (!seen.has(finding.id) && covers(finding)) next.push(resolve(finding, now));
        const changed = next.filter(changesState);
        await keep(next);
        return changed;
      }),
    act: (id, action, actor, note, now) =>
      serially(async () => {
        const finding =
          live.get(id) ?? (resolved.has(id) ? (await store.findingHistory(id)).at(-1) : undefined);
        if (finding === undefined) return null;
        const changed = afterWord(finding, action, actor, note, now);
        if (changed === null) return finding;
        await keep([changed]);
        return changed;
      }),
    foresee: (sighting, now) => {
      const next = advance(known(findingId(sighting.rule, sighting.subject)), sighting, now);
      return next !== null && changesState(next) ? next : null;
    },
    open: () => [...live.values()],
  };
}
