import type { Delivery } from '../../model/delivery.js';
import type { Finding, FindingState, Subject } from '../../model/finding.js';
import type { Severity } from '../../model/severity.js';
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
  uint32List,
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
}

/** What to select for {@link toFinding}. */
export const findingColumns = namesOf(findingCodec);

/** A row of `findings`. */
export function toFinding(row: FindingColumns): Finding {
  return {
    id: row.id,
    rule: row.rule,
    severity: row.severity as Severity,
    title: row.title,
    subject: { kind: row.subject_kind as Subject['kind'], key: row.subject_key },
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
  };
}

/** The finding in a row of `finding_changes` (its `finding.body`). */
export function toFindingOfChange(body: string): Finding {
  const finding = JSON.parse(body) as {
    [Key in keyof Finding]: Finding[Key] extends Date ? string : Finding[Key];
  };
  return {
    ...finding,
    openedAt: date(finding.openedAt),
    lastSeenAt: date(finding.lastSeenAt),
    resolvedAt: dateOrNull(finding.resolvedAt as string | null),
  };
}

/** Rows of `deliveries`. */
export const deliveryCodec: RowCodec<Versioned<Delivery>> = {
  table: 'deliveries',
  columns: [
    text('id', ({ value }) => value.id),
    text('channel', ({ value }) => value.channel),
    textList('finding_ids', ({ value }) => value.items.map((item) => item.findingId)),
    uint32List('revisions', ({ value }) => value.items.map((item) => item.revision)),
    text('state', ({ value }) => value.state),
    uint32('attempts', ({ value }) => value.attempts),
    instant('created_at', ({ value }) => value.createdAt),
    instantOrNull('next_attempt_at', ({ value }) => value.nextAttemptAt),
    instantOrNull('sent_at', ({ value }) => value.sentAt),
    textOrNull('last_detail', ({ value }) => value.lastDetail),
    uint64('version', ({ version }) => version),
  ],
};

/** Columns of `deliveries` as {@link deliveryColumns} selects them. */
export interface DeliveryColumns {
  readonly id: string;
  readonly channel: string;
  readonly finding_ids: readonly string[];
  readonly revisions: readonly number[];
  readonly state: string;
  readonly attempts: number;
  readonly created_at: string;
  readonly next_attempt_at: string | null;
  readonly sent_at: string | null;
  readonly last_detail: string | null;
}

/** What to select for {@link toDelivery}. */
export const deliveryColumns = namesOf(deliveryCodec);

/** A row of `deliveries`. */
export function toDelivery(row: DeliveryColumns): Delivery {
  return {
    id: row.id,
    channel: row.channel,
    items: row.finding_ids.map((findingId, index) => ({ findingId, revision: row.revisions[index] ?? 0 })),
    state: row.state as Delivery['state'],
    attempts: row.attempts,
    createdAt: date(row.created_at),
    nextAttemptAt: dateOrNull(row.next_attempt_at),
    sentAt: dateOrNull(row.sent_at),
    lastDetail: row.last_detail,
  };
}

function namesOf<T>(codec: RowCodec<T>): string {
  return codec.columns
    .map((column) => column.name)
    .filter((name) => name !== 'version')
    .join(', ');
}
