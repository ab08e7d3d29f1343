import type { Delivery } from '../../model/delivery.js';
import type { Finding, FindingState, Subject } from '../../model/finding.js';
import type { Severity } from '../../model/severity.js';
import { date, dateOrNull, orNull } from './decode.js';
import { dateTime, dateTimeOrNull, encodeRow, type RowCodec } from './encode.js';
import type { Versioned } from './ct.js';

/** Below this, a version is the order of writing; above it, the revision: a later state always counts. */
const revisionUnit = 2n ** 44n;

const versionOf = ({ value, version }: Versioned<Finding>): string =>
  String(BigInt(value.revision) * revisionUnit + BigInt(version));

/** Rows of `findings`: what each one is now. */
export const findingCodec: RowCodec<Versioned<Finding>> = {
  table: 'findings',
  columns: [
    'id',
    'rule',
    'severity',
    'title',
    'subject_kind',
    'subject_key',
    'details',
    'host',
    'certificate',
    'state',
    'revision',
    'opened_at',
    'last_seen_at',
    'resolved_at',
    'changed_by',
    'note',
    'version',
  ],
  encode(versioned) {
    const finding = versioned.value;
    return [
      finding.id,
      finding.rule,
      finding.severity,
      finding.title,
      finding.subject.kind,
      finding.subject.key,
      JSON.stringify(finding.details),
      finding.host ?? '',
      finding.certificateSha256 ?? '',
      finding.state,
      finding.revision,
      dateTime(finding.openedAt),
      dateTime(finding.lastSeenAt),
      dateTimeOrNull(finding.resolvedAt),
      finding.changedBy,
      finding.note,
      versionOf(versioned),
    ];
  },
};

/** Rows of `finding_changes`: one for each state a finding was in. */
export const findingChangeCodec: RowCodec<Versioned<Finding>> = {
  table: 'finding_changes',
  columns: ['id', 'revision', 'changed_at', 'finding'],
  encode(versioned) {
    const finding = versioned.value;
    const changedMs = Math.max(
      ...[finding.openedAt, finding.lastSeenAt, finding.resolvedAt ?? finding.openedAt].map(dateTime),
    );
    const body = encodeRow(findingCodec.encode(versioned));
    return [
      finding.id,
      finding.revision,
      changedMs,
      { version: versionOf(versioned), severity: finding.severity, state: finding.state, body },
    ];
  },
};

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
export const findingColumns = findingCodec.columns.filter((column) => column !== 'version').join(', ');

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
export function toFindingOfChange(json: string): Finding {
  const values = JSON.parse(json) as readonly unknown[];
  const row = Object.fromEntries(findingCodec.columns.map((column, index) => [column, values[index]]));
  return toFinding(row as unknown as FindingColumns);
}

/** Rows of `deliveries`. */
export const deliveryCodec: RowCodec<Versioned<Delivery>> = {
  table: 'deliveries',
  columns: [
    'id',
    'channel',
    'finding_ids',
    'revisions',
    'state',
    'attempts',
    'created_at',
    'next_attempt_at',
    'sent_at',
    'last_detail',
    'version',
  ],
  encode({ value: delivery, version }) {
    return [
      delivery.id,
      delivery.channel,
      delivery.items.map((item) => item.findingId),
      delivery.items.map((item) => item.revision),
      delivery.state,
      delivery.attempts,
      dateTime(delivery.createdAt),
      dateTimeOrNull(delivery.nextAttemptAt),
      dateTimeOrNull(delivery.sentAt),
      delivery.lastDetail,
      version,
    ];
  },
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
export const deliveryColumns = deliveryCodec.columns.filter((column) => column !== 'version').join(', ');

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
