import type { Delivery } from '../../model/delivery.js';
import type { Finding } from '../../model/finding.js';
import type { Total } from '../console-reader.js';
import type { Database } from '../database.js';
import type { DeliveryFilter, FindingFilter } from '../reader.js';
import { deliveryColumns, toDelivery, type DeliveryColumns } from '../rows/delivery.js';
import { findingColumns, toFinding, type FindingColumns } from '../rows/finding.js';
import type { Page, PageRequest } from '../store.js';
import { countRows } from './counting.js';
import { byHost, findingConditions, findingHosts } from './finding-filter.js';
import {
  allOf,
  distinctRows,
  keyOfCursor,
  rowsFor,
  toPage,
  type Condition,
  type HostSearch,
} from './keyset.js';

/** `findings_by_time` has every domain above a host in an index. */
const byDomains: HostSearch = {
  exact: 'has(domains, {host:String}) AND host = {host:String}',
  under: 'has(domains, {hostSuffix:String})',
  contains: byHost.contains,
  within: byHost.within,
};

type Listed = FindingColumns & { readonly version: string };
type Key = readonly [openedAtMs: string | number, id: string];

/** Findings, latest opened first. */
export async function listFindings(
  database: Database,
  filter: FindingFilter,
  page: PageRequest,
): Promise<Page<Finding>> {
  const wanted = rowsFor(page);
  const rows: FindingColumns[] = [];
  let after = firstKey(keyOfCursor('findings', page.cursor, ['integer', 'text']));
  // Where much was overtaken, more is asked for at a time.
  for (let limit = wanted; ; limit = Math.min(limit * 2, 5_000)) {
    const listed = await findingsAfter(database, filter, after, limit);
    rows.push(...(await asTheyAre(database, filter, listed)));
    const last = listed.at(-1);
    if (last === undefined || listed.length < limit || rows.length >= wanted) break;
    after = keyOf(last);
  }
  return toPage('findings', page, rows, toFinding, keyOf);
}

const keyOf = (row: FindingColumns): Key => [Date.parse(row.opened_at), row.id];

function firstKey(cursor: readonly string[] | null): Key | null {
  return cursor === null ? null : [cursor[0] ?? '', cursor[1] ?? ''];
}

/** Rows of the list behind `after`, among them such as were overtaken since. */
function findingsAfter(
  database: Database,
  filter: FindingFilter,
  after: Key | null,
  wanted: number,
): Promise<readonly Listed[]> {
  const where = allOf([
    [
      'id = {id:String} AND opened_at IN (SELECT opened_at FROM findings WHERE id = {id:String})',
      { id: filter.id },
    ],
    ...findingConditions(filter),
    ...findingHosts(filter, byDomains),
    [
      `opened_at <= fromUnixTimestamp64Milli({openedAt:Int64})
       AND (opened_at < fromUnixTimestamp64Milli({openedAt:Int64}) OR id < {after:String})`,
      { openedAt: after?.[0], after: after?.[1] },
    ],
  ]);
  const sql = `SELECT ${findingColumns}, version FROM findings_by_time WHERE ${where.sql}
    ORDER BY opened_at DESC, id DESC LIMIT {limit:UInt32}`;
  return distinctRows(
    wanted,
    (limit) => database.rows<Listed>(sql, { ...where.parameters, limit }),
    (row) => `${row.opened_at} ${row.id}`,
  );
}
/** Of listed rows those that hold, each in its newest form: one that was overtaken counts where that passes in the same place. */
async function asTheyAre(
  database: Database,
  filter: FindingFilter,
  listed: readonly Listed[],
): Promise<readonly FindingColumns[]> {
  if (listed.length === 0) return [];
  const newest = await database.rows<{ readonly id: string; readonly newest: string }>(
    'SELECT id, max(version) AS newest FROM findings WHERE id IN {ids:Array(String)} GROUP BY id',
    { ids: listed.map((row) => row.id) },
  );
  const versions = new Map(newest.map((row) => [row.id, BigInt(row.newest)]));
  const holds = (row: Listed): boolean => BigInt(row.version) >= (versions.get(row.id) ?? Infinity);
  const overtaken = listed.filter((row) => !holds(row)).map((row) => row.id);
  const current = new Map((await passing(database, filter, overtaken)).map((row) => [row.id, row]));
  return listed
    .map((row) => (holds(row) ? row : current.get(row.id)))
    .filter((row, index) => row?.opened_at === listed[index]?.opened_at)
    .filter((row) => row !== undefined);
}

/** Of these findings, as they are now, those that pass a filter. */
async function passing(
  database: Database,
  filter: FindingFilter,
  ids: readonly string[],
): Promise<readonly FindingColumns[]> {
  if (ids.length === 0) return [];
  const where = allOf([...findingConditions(filter), ...findingHosts(filter, byHost)]);
  return database.rows<FindingColumns>(
    `SELECT * FROM (SELECT ${findingColumns} FROM findings WHERE id IN {ids:Array(String)}
       ORDER BY id, version DESC LIMIT 1 BY id) WHERE ${where.sql}`,
    { ...where.parameters, ids },
  );
}

/** One finding as it is; null when there is none. */
export async function findingById(database: Database, id: string): Promise<Finding | null> {
  const [row] = await database.rows<FindingColumns>(
    `SELECT ${findingColumns} FROM findings WHERE id = {id:String} ORDER BY version DESC LIMIT 1`,
    { id },
  );
  return row === undefined ? null : toFinding(row);
}

function deliveryConditions(filter: DeliveryFilter): readonly Condition[] {
  return [
    ['id = {id:String}', { id: filter.id }],
    ['channel = {channel:String}', { channel: filter.channel }],
    ['state = {state:String}', { state: filter.state }],
    // What a channel did not want interests only those who ask for it.
    [
      'state != {skipped:String}',
      { skipped: filter.state === undefined && filter.id === undefined ? 'skipped' : undefined },
    ],
  ];
}

/** How many entries of the outbox pass. */
export function countDeliveries(database: Database, filter: DeliveryFilter): Promise<Total> {
  const where = allOf(deliveryConditions(filter));
  return countRows(database, `SELECT id FROM deliveries FINAL WHERE ${where.sql}`, where.parameters);
}

/** The outbox, latest first. */
export async function listDeliveries(
  database: Database,
  filter: DeliveryFilter,
  page: PageRequest,
): Promise<Page<Delivery>> {
  const after = keyOfCursor('deliveries', page.cursor, ['integer', 'text']);
  const where = allOf([
    ...deliveryConditions(filter),
    [
      `created_at <= fromUnixTimestamp64Milli({createdAt:Int64})
       AND (created_at < fromUnixTimestamp64Milli({createdAt:Int64}) OR id < {after:String})`,
      { createdAt: after?.[0], after: after?.[1] },
    ],
  ]);
  const rows = await database.rows<DeliveryColumns>(
    `SELECT ${deliveryColumns} FROM deliveries FINAL WHERE ${where.sql}
     ORDER BY created_at DESC, id DESC LIMIT {limit:UInt32}`,
    { ...where.parameters, limit: rowsFor(page) },
  );
  return toPage('deliveries', page, rows, toDelivery, (row) => [Date.parse(row.created_at), row.id]);
}
