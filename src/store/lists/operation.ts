import type { InventoryItem, InventoryRun } from '../../model/inventory-item.js';
import type { Database } from '../database.js';
import type { InventorySourceRow } from '../console-reader.js';
import type { CtLogRow, InventoryFilter } from '../reader.js';
import { ctPositionColumns, toCtPosition, type CtPositionColumns } from '../rows/ct.js';
import { dateOrNull } from '../rows/decode.js';
import {
  inventoryColumns,
  scanColumns,
  toInventoryItem,
  inventoryRunColumns,
  toInventoryRun,
  toScanRun,
  type InventoryColumns,
  type InventoryRunColumns,
  type ScanColumns,
} from '../rows/operation.js';
import type { Page, PageRequest } from '../store.js';
import type { ScanRun } from '../../model/scan-run.js';
import { allOf, keyOfCursor, rowsFor, toPage } from './keyset.js';

/** Condition on `inventory_items`: what the last complete run of each source said. */
export const currentItems =
  '(source, run_at) IN (SELECT source, max(started_at) FROM inventory_runs WHERE complete GROUP BY source)';

/** What the operator believes to own, by source and reference. */
export async function listInventory(
  database: Database,
  filter: InventoryFilter,
  page: PageRequest,
): Promise<Page<InventoryItem>> {
  const after = keyOfCursor('inventory', page.cursor, ['text', 'text', 'text', 'text', 'text']);
  const where = allOf([
    [currentItems, {}],
    ['source = {source:String}', { source: filter.source }],
    ['sha256 = {sha256:String}', { sha256: filter.sha256 }],
    ['spki_sha256 = {spki:String}', { spki: filter.spkiSha256 }],
    ['owner = {owner:String}', { owner: filter.owner }],
    [
      `source >= {a0:String} AND (source, reference, sha256, spki_sha256, serial_number)
       > ({a0:String}, {a1:String}, {a2:String}, {a3:String}, {a4:String})`,
      { a0: after?.[0], a1: after?.[1], a2: after?.[2], a3: after?.[3], a4: after?.[4] },
    ],
  ]);
  const key = 'source, reference, sha256, spki_sha256, serial_number';
  const rows = await database.rows<InventoryColumns>(
    `SELECT ${inventoryColumns} FROM inventory_items WHERE ${where.sql}
     ORDER BY ${key} LIMIT 1 BY ${key} LIMIT {limit:UInt32}`,
    { ...where.parameters, limit: rowsFor(page) },
  );
  return toPage('inventory', page, rows, toInventoryItem, (row) => [
    row.source,
    row.reference,
    row.sha256,
    row.spki_sha256,
    row.serial_number,
  ]);
}

/** Runs of which the items are looked up: the last complete one, and two that may have been cut off since. */
const knownRuns = 3;

/** What the last runs of this source read under these references, the latest first. */
export async function knownInventory(
  database: Database,
  source: string,
  references: readonly string[],
): Promise<ReadonlyMap<string, InventoryItem>> {
  if (references.length === 0) return new Map();
  const rows = await database.rows<InventoryColumns>(
    `SELECT ${inventoryColumns} FROM inventory_items
     WHERE source = {source:String} AND has({references:Array(String)}, reference) AND run_at IN
       (SELECT DISTINCT run_at FROM inventory_items WHERE source = {source:String} ORDER BY run_at DESC LIMIT ${knownRuns})
     ORDER BY inventory_items.run_at DESC LIMIT 1 BY reference`,
    { source, references },
  );
  return new Map(rows.map((row) => [row.reference, toInventoryItem(row)]));
}

/** The last run of each source. */
export async function listInventoryRuns(database: Database): Promise<readonly InventoryRun[]> {
  const rows = await database.rows<InventoryRunColumns>(
    `SELECT ${inventoryRunColumns} FROM inventory_runs FINAL
     ORDER BY source, started_at DESC LIMIT 1 BY source LIMIT 10000`,
  );
  return rows.map(toInventoryRun);
}

/** Every source ever read, with its last run and its last complete one. */
export async function listInventorySources(database: Database): Promise<readonly InventorySourceRow[]> {
  const [runs, complete] = await Promise.all([
    listInventoryRuns(database),
    database.rows<InventoryRunColumns>(
      `SELECT ${inventoryRunColumns} FROM inventory_runs FINAL WHERE complete
       ORDER BY source, started_at DESC LIMIT 1 BY source LIMIT 10000`,
    ),
  ]);
  const bySource = new Map(complete.map((row) => [row.source, toInventoryRun(row)]));
  return runs.map((lastRun) => {
    const whole = bySource.get(lastRun.source);
    return {
      source: lastRun.source,
      lastRun,
      lastCompleteAt: whole?.finishedAt ?? null,
      items: whole?.items ?? 0,
    };
  });
}

/** One run of a scan; null when there is none of this id. */
export async function scanById(database: Database, id: string): Promise<ScanRun | null> {
  const [row] = await database.rows<ScanColumns>(
    `SELECT ${scanColumns} FROM scans WHERE id = {id:String} ORDER BY version DESC LIMIT 1`,
    { id },
    { maxThreads: 1 },
  );
  return row === undefined ? null : toScanRun(row);
}

/** Runs of scans, latest first. */
export async function listScans(database: Database, page: PageRequest): Promise<Page<ScanRun>> {
  const after = keyOfCursor('scans', page.cursor, ['integer', 'text']);
  const where = allOf([
    [
      `started_at < fromUnixTimestamp64Milli({startedAt:Int64})
       OR (started_at = fromUnixTimestamp64Milli({startedAt:Int64}) AND id < {after:String})`,
      { startedAt: after?.[0], after: after?.[1] },
    ],
  ]);
  const rows = await database.rows<ScanColumns>(
    `SELECT ${scanColumns} FROM scans FINAL WHERE ${where.sql} ORDER BY started_at DESC, id DESC LIMIT {limit:UInt32}`,
    { ...where.parameters, limit: rowsFor(page) },
  );
  return toPage('scans', page, rows, toScanRun, (row) => [Date.parse(row.started_at), row.id]);
}

/** CT logs, how far they were read and what is kept of them. */
export async function listCtLogs(database: Database): Promise<readonly CtLogRow[]> {
  const rows = await database.rows<
    CtPositionColumns & { readonly entries: string; readonly newest: string | null }
  >(
    `SELECT ${ctPositionColumns}, entries, newest
     FROM (SELECT * FROM ct_positions FINAL) AS p
     LEFT JOIN (SELECT log_id, count() AS entries, max(toNullable(timestamp)) AS newest
       FROM ct_entries FINAL GROUP BY log_id) AS e USING (log_id)
     ORDER BY operator, description, log_id, cursor LIMIT 10000`,
  );
  return rows.map((row) => {
    const position = toCtPosition(row);
    return {
      ...position,
      behind: Math.max(0, position.treeSize - position.verifiedIndex),
      entries: Number(row.entries),
      newestEntryAt: dateOrNull(row.newest),
    };
  });
}
