import type { InventoryItem, InventoryRun } from '../../model/inventory-item.js';
import type { AuditEntry, ScanRun } from '../store.js';
import type { Versioned } from './ct.js';
import { date, dateOrNull, orNull } from './decode.js';
import { dateTime, dateTimeOrNull, type RowCodec } from './encode.js';

/** An item and the start of the run that read it. */
export interface RunItem {
  readonly item: InventoryItem;
  readonly runAt: Date;
}

/** Rows of `inventory_items`. */
export const inventoryItemCodec: RowCodec<RunItem> = {
  table: 'inventory_items',
  columns: [
    'source',
    'run_at',
    'reference',
    'sha256',
    'sha1',
    'spki_sha256',
    'tbs_sha256',
    'issuer_sha256',
    'serial_number',
    'owner',
    'labels',
  ],
  encode({ item, runAt }) {
    return [
      item.source,
      dateTime(runAt),
      item.reference,
      item.sha256 ?? '',
      item.sha1 ?? '',
      item.spkiSha256 ?? '',
      item.tbsSha256 ?? '',
      item.issuerSha256 ?? '',
      item.serialNumber ?? '',
      item.owner,
      item.labels,
    ];
  },
};

/** Columns of `inventory_items`. */
export interface InventoryColumns {
  readonly source: string;
  readonly reference: string;
  readonly sha256: string;
  readonly sha1: string;
  readonly spki_sha256: string;
  readonly tbs_sha256: string;
  readonly issuer_sha256: string;
  readonly serial_number: string;
  readonly owner: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

/** What to select for {@link toInventoryItem}. */
export const inventoryColumns = inventoryItemCodec.columns.filter((column) => column !== 'run_at').join(', ');

/** A row of `inventory_items`. */
export function toInventoryItem(row: InventoryColumns): InventoryItem {
  return {
    source: row.source,
    reference: row.reference,
    sha256: orNull(row.sha256),
    sha1: orNull(row.sha1),
    spkiSha256: orNull(row.spki_sha256),
    tbsSha256: orNull(row.tbs_sha256),
    issuerSha256: orNull(row.issuer_sha256),
    serialNumber: orNull(row.serial_number),
    owner: row.owner,
    labels: row.labels,
  };
}

/** Rows of `inventory_runs`. */
export const inventoryRunCodec: RowCodec<Versioned<InventoryRun>> = {
  table: 'inventory_runs',
  columns: ['source', 'started_at', 'finished_at', 'complete', 'items', 'errors', 'version'],
  encode({ value: run, version }) {
    return [
      run.source,
      dateTime(run.startedAt),
      dateTime(run.finishedAt),
      run.complete,
      run.items,
      run.errors,
      version,
    ];
  },
};

/** Columns of `inventory_runs`. */
export interface InventoryRunColumns {
  readonly source: string;
  readonly started_at: string;
  readonly finished_at: string;
  readonly complete: boolean;
  readonly items: string;
  readonly errors: readonly string[];
}

/** A row of `inventory_runs`. */
export function toInventoryRun(row: InventoryRunColumns): InventoryRun {
  return {
    source: row.source,
    startedAt: date(row.started_at),
    finishedAt: date(row.finished_at),
    complete: row.complete,
    items: Number(row.items),
    errors: row.errors,
  };
}

/** Rows of `scans`. */
export const scanCodec: RowCodec<Versioned<ScanRun>> = {
  table: 'scans',
  columns: ['id', 'name', 'started_at', 'finished_at', 'targets', 'outcomes', 'resume', 'version'],
  encode({ value: run, version }) {
    return [
      run.id,
      run.name,
      dateTime(run.startedAt),
      dateTimeOrNull(run.finishedAt),
      run.targets,
      run.outcomes,
      run.resume,
      version,
    ];
  },
};

/** Columns of `scans`. */
export interface ScanColumns {
  readonly id: string;
  readonly name: string;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly targets: string;
  readonly outcomes: Readonly<Record<string, string>>;
  readonly resume: string | null;
}

/** What to select for {@link toScanRun}. */
export const scanColumns = 'id, name, started_at, finished_at, targets, outcomes, resume';

/** A row of `scans`. */
export function toScanRun(row: ScanColumns): ScanRun {
  return {
    id: row.id,
    name: row.name,
    startedAt: date(row.started_at),
    finishedAt: dateOrNull(row.finished_at),
    targets: Number(row.targets),
    outcomes: Object.fromEntries(
      Object.entries(row.outcomes).map(([outcome, looks]) => [outcome, Number(looks)]),
    ),
    resume: row.resume,
  };
}

/** Rows of `schedule_runs`. */
export const scheduleRunCodec: RowCodec<Versioned<{ readonly name: string; readonly startedAt: Date }>> = {
  table: 'schedule_runs',
  columns: ['name', 'started_at', 'version'],
  encode: ({ value, version }) => [value.name, dateTime(value.startedAt), version],
};

/** Rows of `audit`. */
export const auditCodec: RowCodec<AuditEntry> = {
  table: 'audit',
  columns: ['at', 'actor', 'action', 'subject', 'details'],
  encode: (entry) => [
    dateTime(entry.at),
    entry.actor,
    entry.action,
    entry.subject,
    JSON.stringify(entry.details),
  ],
};
