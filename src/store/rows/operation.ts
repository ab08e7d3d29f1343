import type { InventoryItem, InventoryRenewal, InventoryRun } from '../../model/inventory-item.js';
import type { ChainedEntry } from '../audit/chain.js';
import type { ScanRun } from '../../model/scan-run.js';
import type { Versioned } from './ct.js';
import {
  countMap,
  flag,
  instant,
  instantOrNull,
  text,
  textList,
  textMap,
  textOrNull,
  uint64,
  type RowCodec,
} from './column.js';
import { date, dateOrNull, orNull } from './decode.js';
import { toJson } from './json.js';

/** An item and the start of the run that read it. */
export interface RunItem {
  readonly item: InventoryItem;
  readonly runAt: Date;
}

/** Rows of `inventory_items`. */
export const inventoryItemCodec: RowCodec<RunItem> = {
  table: 'inventory_items',
  isBulk: true,
  columns: [
    text('source', ({ item }) => item.source),
    instant('run_at', ({ runAt }) => runAt),
    text('reference', ({ item }) => item.reference),
    text('sha256', ({ item }) => item.sha256),
    text('sha1', ({ item }) => item.sha1),
    text('spki_sha256', ({ item }) => item.spkiSha256),
    text('tbs_sha256', ({ item }) => item.tbsSha256),
    text('issuer_sha256', ({ item }) => item.issuerSha256),
    text('serial_number', ({ item }) => item.serialNumber),
    textOrNull('owner', ({ item }) => item.owner),
    textMap('labels', ({ item }) => item.labels),
    text('environment', ({ item }) => item.environment),
    textList('tags', ({ item }) => item.tags),
    textList('names', ({ item }) => item.names),
    textList('in_use_by', ({ item }) => item.inUseBy),
    text('status', ({ item }) => item.status),
    text('renewal', ({ item }) => (item.renewal === null ? '' : toJson(item.renewal))),
    instantOrNull('renewal_failed_at', ({ item }) => item.renewal?.failedAt ?? null),
  ],
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
  readonly environment: string;
  readonly tags: readonly string[];
  readonly names: readonly string[];
  readonly in_use_by: readonly string[];
  readonly status: string;
  readonly renewal: string;
}

/** What to select for {@link toInventoryItem}. */
export const inventoryColumns = inventoryItemCodec.columns
  .map((column) => column.name)
  .filter((name) => name !== 'run_at')
  .join(', ');

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
    environment: orNull(row.environment),
    tags: row.tags,
    names: row.names,
    inUseBy: row.in_use_by,
    status: orNull(row.status),
    renewal: row.renewal === '' ? null : toRenewal(row.renewal),
  };
}

function toRenewal(text: string): InventoryRenewal {
  const stored = JSON.parse(text) as Record<keyof InventoryRenewal, unknown>;
  const when = (value: unknown): Date | null => (typeof value === 'string' ? new Date(value) : null);
  return {
    isAutomatic: typeof stored.isAutomatic === 'boolean' ? stored.isAutomatic : null,
    dueAt: when(stored.dueAt),
    failedAt: when(stored.failedAt),
    failures: typeof stored.failures === 'number' ? stored.failures : null,
    message: typeof stored.message === 'string' ? stored.message : null,
  };
}

/** Rows of `inventory_runs`. */
export const inventoryRunCodec: RowCodec<Versioned<InventoryRun>> = {
  table: 'inventory_runs',
  columns: [
    text('source', ({ value }) => value.source),
    instant('started_at', ({ value }) => value.startedAt),
    instant('finished_at', ({ value }) => value.finishedAt),
    flag('complete', ({ value }) => value.complete),
    uint64('items', ({ value }) => value.items),
    textList('errors', ({ value }) => value.errors),
    textList('notes', ({ value }) => value.notes),
    uint64('version', ({ version }) => version),
  ],
};

/** What {@link toInventoryRun} reads. */
export const inventoryRunColumns = 'source, started_at, finished_at, complete, items, errors, notes';

/** Columns of `inventory_runs`. */
export interface InventoryRunColumns {
  readonly source: string;
  readonly started_at: string;
  readonly finished_at: string;
  readonly complete: boolean;
  readonly items: string;
  readonly errors: readonly string[];
  readonly notes: readonly string[];
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
    notes: row.notes,
  };
}

/** Rows of `scans`. */
export const scanCodec: RowCodec<Versioned<ScanRun>> = {
  table: 'scans',
  columns: [
    text('id', ({ value }) => value.id),
    text('name', ({ value }) => value.name),
    instant('started_at', ({ value }) => value.startedAt),
    instantOrNull('finished_at', ({ value }) => value.finishedAt),
    uint64('targets', ({ value }) => value.targets),
    countMap('outcomes', ({ value }) => value.outcomes),
    textOrNull('resume', ({ value }) => value.resume),
    uint64('version', ({ version }) => version),
  ],
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
  columns: [
    text('name', ({ value }) => value.name),
    instant('started_at', ({ value }) => value.startedAt),
    uint64('version', ({ version }) => version),
  ],
};

/** Rows of `audit`. */
export const auditCodec: RowCodec<ChainedEntry> = {
  table: 'audit',
  columns: [
    instant('at', (entry) => entry.at),
    text('actor', (entry) => entry.actor),
    text('action', (entry) => entry.action),
    text('subject', (entry) => entry.subject),
    text('details', (entry) => entry.details),
    text('chain', (entry) => entry.chain),
    uint64('number', (entry) => entry.number),
    text('previous', (entry) => entry.previous),
    text('hash', (entry) => entry.hash),
  ],
};
