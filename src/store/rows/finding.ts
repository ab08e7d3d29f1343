import type { Evidence, Finding, FindingChange, FindingState, Resolution } from '../../model/finding.js';
import type { Severity } from '../../model/severity.js';
import { columnNames } from './column-names.js';
import { date, dateOrNull, orNull } from './decode.js';
import { toJson } from './json.js';
import {
  instant,
  instantOrNull,
  text,
  textList,
  textOrNull,
  tuple,
  uint32,
  uint64,
  type RowCodec,
} from './column.js';
import type { Versioned } from './ct.js';

/** Below this, a version is the order of writing; above it, the revision: a later state always counts. */
const revisionUnit = 2n ** 44n;

const versionOf = ({ value, version }: Versioned<Finding>): bigint =>
  BigInt(value.revision) * revisionUnit + BigInt(version);

/** Rows of `findings`: what each one is now. */
export const findingCodec: RowCodec<Versioned<Finding>> = {
  table: 'findings',
  columns: [
    text('id', ({ value }) => value.id),
    text('rule', ({ value }) => value.rule),
    text('severity', ({ value }) => value.severity),
    text('title', ({ value }) => value.title),
    text('subject_kind', ({ value }) => value.subject.kind),
    text('subject_key', ({ value }) => value.subject.key),
    text('details', ({ value }) => toJson(value.details)),
    text('host', ({ value }) => value.host),
    text('certificate', ({ value }) => value.certificateSha256),
    text('state', ({ value }) => value.state),
    uint32('revision', ({ value }) => value.revision),
    instant('opened_at', ({ value }) => value.openedAt),
    instant('last_seen_at', ({ value }) => value.lastSeenAt),
    instantOrNull('resolved_at', ({ value }) => value.resolvedAt),
    text('changed_by', ({ value }) => value.changedBy),
    textOrNull('note', ({ value }) => value.note),
    text('cause', ({ value }) => value.cause),
    text('evidence', ({ value }) => toJson(value.evidence)),
    instantOrNull('due_at', ({ value }) => value.dueAt),
    text('owner', ({ value }) => value.owner),
    text('environment', ({ value }) => value.environment),
    textList('tags', ({ value }) => value.tags),
    text('change', ({ value }) => value.change),
    instantOrNull('until', ({ value }) => value.until),
    text('resolution', ({ value }) => value.resolution),
    instant('first_seen_at', ({ value }) => value.firstSeenAt),
    text('assignee', ({ value }) => value.assignee),
    text('ticket', ({ value }) => value.ticket),
    uint64('version', versionOf),
  ],
};

/** Rows of `finding_changes`: one for each state a finding was in. */
export const findingChangeCodec: RowCodec<Versioned<Finding>> = {
  table: 'finding_changes',
  columns: [
    text('id', ({ value }) => value.id),
    uint32('revision', ({ value }) => value.revision),
    instant('changed_at', ({ value }) => changedAt(value)),
    tuple('finding', [
      uint64('version', versionOf),
      text('severity', ({ value }) => value.severity),
      text('state', ({ value }) => value.state),
      text('body', ({ value }) => toJson(value)),
    ]),
  ],
};

function changedAt(finding: Finding): Date {
  const times = [finding.openedAt, finding.lastSeenAt, finding.resolvedAt ?? finding.openedAt];
  return new Date(Math.max(...times.map((time) => time.getTime())));
}

/** Columns of `findings` as {@link findingColumns} selects them. */
export interface FindingColumns {
  readonly id: string;
  readonly rule: string;
  readonly severity: string;
  readonly title: string;
  readonly subject_kind: string;
  readonly subject_key: string;
  readonly details: string;
  readonly host: string;
  readonly certificate: string;
  readonly state: string;
  readonly revision: number;
  readonly opened_at: string;
  readonly last_seen_at: string;
  readonly resolved_at: string | null;
  readonly changed_by: string;
  readonly note: string | null;
  readonly cause: string;
  readonly evidence: string;
  readonly due_at: string | null;
  readonly owner: string;
  readonly environment: string;
  readonly tags: readonly string[];
  readonly change: string;
  readonly until: string | null;
  readonly resolution: string;
  readonly first_seen_at: string;
  readonly assignee: string;
  readonly ticket: string;
}

/** What to select for {@link toFinding}. */
export const findingColumns = columnNames(findingCodec);

/** A row of `findings`. */
export function toFinding(row: FindingColumns): Finding {
  return {
    id: row.id,
    rule: row.rule,
    severity: row.severity as Severity,
    title: row.title,
    subject: { kind: row.subject_kind, key: row.subject_key },
    details: JSON.parse(row.details) as Finding['details'],
    host: orNull(row.host),
    certificateSha256: orNull(row.certificate),
    state: row.state as FindingState,
    revision: row.revision,
    openedAt: date(row.opened_at),
    lastSeenAt: date(row.last_seen_at),
    resolvedAt: dateOrNull(row.resolved_at),
    changedBy: row.changed_by,
    note: row.note,
    cause: row.cause,
    evidence: (JSON.parse(row.evidence) as readonly Wire<Evidence>[]).map(toEvidence),
    dueAt: dateOrNull(row.due_at),
    owner: orNull(row.owner),
    environment: orNull(row.environment),
    tags: row.tags,
    change: row.change as FindingChange,
    until: dateOrNull(row.until),
    resolution: orNull(row.resolution) as Resolution | null,
    firstSeenAt: date(row.first_seen_at),
    assignee: orNull(row.assignee),
    ticket: orNull(row.ticket),
  };
}

/** Dates as they stand in JSON. */
type Wire<T> = { readonly [Key in keyof T]: Date extends T[Key] ? Exclude<T[Key], Date> | string : T[Key] };

function toEvidence(one: Wire<Evidence>): Evidence {
  return { ...one, at: dateOrNull(one.at) };
}

type StoredFinding = Omit<Wire<Finding>, 'evidence'> & { readonly evidence: readonly Wire<Evidence>[] };

/** What bodies written before a field existed say of it. */
function absentIn({ id, state, openedAt }: StoredFinding): Partial<StoredFinding> {
  return {
    cause: id,
    evidence: [],
    dueAt: null,
    owner: null,
    environment: null,
    tags: [],
    change: state === 'open' ? 'opened' : state,
    until: null,
    resolution: state === 'resolved' ? 'fixed' : null,
    firstSeenAt: openedAt,
    assignee: null,
    ticket: null,
  };
}

/** The finding in a row of `finding_changes` (its `finding.body`). */
export function toFindingOfChange(body: string): Finding {
  const stored = JSON.parse(body) as StoredFinding;
  const finding = { ...absentIn(stored), ...stored };
  return {
    ...finding,
    evidence: finding.evidence.map(toEvidence),
    dueAt: dateOrNull(finding.dueAt),
    until: dateOrNull(finding.until),
    firstSeenAt: date(finding.firstSeenAt),
    openedAt: date(finding.openedAt),
    lastSeenAt: date(finding.lastSeenAt),
    resolvedAt: dateOrNull(finding.resolvedAt),
  };
}
