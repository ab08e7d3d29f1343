import { isDeepStrictEqual } from 'node:util';
import {
  findingId,
  type Evidence,
  type Finding,
  type FindingChange,
  type Resolution,
} from '../model/finding.js';
import { needsOpenFinding, type FindingAct } from '../model/finding-act.js';
import { atLeast } from '../model/severity.js';

/** One cause for concern seen now: what a finding says of the world, without its history. */
export type Sighting = Pick<
  Finding,
  | 'rule'
  | 'severity'
  | 'title'
  | 'subject'
  | 'details'
  | 'evidence'
  | 'cause'
  | 'host'
  | 'certificateSha256'
  | 'dueAt'
  | 'owner'
  | 'environment'
  | 'tags'
>;

/** All that is kept in memory of a resolved finding: should its cause come back, its history goes on. */
export type Resolved = Pick<Finding, 'id' | 'revision' | 'firstSeenAt' | 'assignee' | 'ticket'> & {
  readonly state: 'resolved';
};

/** A finding that was accepted beforehand, by an exception of the policy that has not ended. */
export interface Acceptance {
  readonly until: Date;
  readonly note: string;
}

const refreshAfterMs = 3_600_000;
const certglass = 'certglass';
/** Who accepts by an exception; such a finding is open again when the exception is gone. */
const policy = 'policy';

/**
 * As {@link seenPlainly}, and accepted by the policy as long as that has an exception for it. What a person silenced or accepted stays so.
 */
export function seen(
  previous: Finding | Resolved | undefined,
  sighting: Sighting,
  now: Date,
  acceptance: Acceptance | null = null,
): Finding | null {
  const next = seenPlainly(previous, sighting, now);
  const before = previous === undefined || isOver(previous) ? null : previous;
  const finding = next ?? before;
  if (finding === null) return null;
  const wasByPolicy = before?.state === 'accepted' && before.changedBy === policy;
  const revised = (change: FindingChange, note: string | null): Finding => {
    const isRevised = next !== null && next.revision !== before?.revision;
    return { ...finding, revision: finding.revision + (isRevised ? 0 : 1), change, changedBy: policy, note };
  };
  if (acceptance === null)
    return wasByPolicy ? { ...revised('reopened', null), state: 'open', until: null } : next;
  if (wasByPolicy && before.until?.getTime() === acceptance.until.getTime())
    return next === null ? null : { ...next, changedBy: policy };
  if (!wasByPolicy && finding.state !== 'open' && finding.state !== 'acknowledged') return next;
  return { ...revised('accepted', acceptance.note), state: 'accepted', until: acceptance.until };
}

/**
 * The finding after its cause was seen; `previous` is what was known of it (undefined: nothing). Null when there is nothing to
 * write. A worse severity opens an acknowledged finding again; silenced and accepted ones stay so until they end.
 */
function seenPlainly(
  previous: Finding | Resolved | undefined,
  sighting: Sighting,
  now: Date,
): Finding | null {
  if (previous === undefined || isOver(previous)) return open(previous, sighting, now);
  const isStale = now.getTime() - previous.lastSeenAt.getTime() >= refreshAfterMs;
  if (!isStale && !differs(previous, sighting)) return null;
  const next = { ...previous, ...sighting, lastSeenAt: now };
  if (previous.severity === sighting.severity) return next;
  const isWorse = atLeast(sighting.severity, previous.severity);
  const revised = revise(next, isWorse ? 'severity-raised' : 'severity-lowered', certglass, null);
  return isWorse && previous.state === 'acknowledged' ? { ...revised, state: 'open' } : revised;
}

function isOver(previous: Finding | Resolved): previous is Resolved {
  return previous.state === 'resolved';
}

/** That the same was observed again is no difference. */
function differs(previous: Finding, sighting: Sighting): boolean {
  return (Object.keys(sighting) as (keyof Sighting)[]).some((key) =>
    key === 'evidence'
      ? !isDeepStrictEqual(undated(previous.evidence), undated(sighting.evidence))
      : !isDeepStrictEqual(previous[key], sighting[key]),
  );
}

function undated(evidence: readonly Evidence[]): readonly unknown[] {
  return evidence.map(({ label, value, expected, source }) => [label, value, expected, source]);
}

function open(previous: Resolved | undefined, sighting: Sighting, now: Date): Finding {
  return {
    ...sighting,
    id: findingId(sighting.rule, sighting.subject),
    state: 'open',
    revision: (previous?.revision ?? 0) + 1,
    change: previous === undefined ? 'opened' : 'reopened',
    until: null,
    resolution: null,
    firstSeenAt: previous?.firstSeenAt ?? now,
    openedAt: now,
    lastSeenAt: now,
    resolvedAt: null,
    assignee: previous?.assignee ?? null,
    ticket: previous?.ticket ?? null,
    changedBy: certglass,
    note: null,
  };
}

/** The finding after its cause went away. It keeps its details and evidence. */
export function resolve(finding: Finding, resolution: Resolution, now: Date): Finding {
  const revised = revise(finding, 'resolved', certglass, null);
  return { ...revised, state: 'resolved', until: null, resolution, resolvedAt: now };
}

/** The finding after its silence or acceptance ended; null when it has none or that still holds. */
export function lapse(finding: Finding, now: Date): Finding | null {
  if (finding.until === null || finding.until > now) return null;
  return {
    ...revise(finding, 'reopened', certglass, `${finding.state} until then`),
    state: 'open',
    until: null,
  };
}

/** The finding after what a person did with it; null when that changes nothing. Throws when it is resolved and the act needs an open one. */
export function acted(finding: Finding, act: FindingAct, actor: string, now: Date): Finding | null {
  if (finding.state === 'resolved' && needsOpenFinding(act.action))
    throw new Error(`finding ${finding.id} is resolved: there is nothing to ${act.action}`);
  const change = changeOf(act);
  const next = { ...finding, ...effectOf(finding, act) };
  if (act.action !== 'comment' && isDeepStrictEqual(next, finding)) return null;
  return { ...revise(next, change, actor, act.note), lastSeenAt: now };
}

function changeOf({ action }: FindingAct): FindingChange {
  return (
    {
      acknowledge: 'acknowledged',
      silence: 'silenced',
      accept: 'accepted',
      reopen: 'reopened',
      assign: 'assigned',
      comment: 'commented',
      ticket: 'ticket',
    } as const
  )[action];
}

function effectOf(finding: Finding, act: FindingAct): Partial<Finding> {
  switch (act.action) {
    case 'acknowledge':
      return { state: 'acknowledged', until: null };
    case 'silence':
      return { state: 'silenced', until: act.until };
    case 'accept':
      return { state: 'accepted', until: act.until };
    case 'reopen':
      return { state: 'open', until: null, resolution: null, resolvedAt: null };
    case 'assign':
      return { assignee: act.assignee };
    case 'ticket':
      return { ticket: act.ticket };
    case 'comment':
      return { state: finding.state };
  }
}

function revise(finding: Finding, change: FindingChange, changedBy: string, note: string | null): Finding {
  return { ...finding, revision: finding.revision + 1, change, changedBy, note };
}
