import type { CtMatchFilter, CtMatchRow, Total } from '../console-reader.js';
import type { Database } from '../database.js';
import { date, dateOfMs, orNull } from '../rows/decode.js';
import type { Page, PageRequest } from '../store.js';
import { countRows } from './counting.js';
import { allOf, cursorAfter, keyOfCursor, rowsFor, type Conditions } from './keyset.js';

interface MatchColumns {
  readonly log_id: string;
  readonly leaf_index: string;
  readonly logged_ms: string;
  readonly seen_at: string;
  readonly entry_type: CtMatchRow['entryType'];
  readonly sha256: string;
  readonly verified: boolean;
  readonly matches: string;
}

function matchConditions(filter: CtMatchFilter): Conditions {
  const { watch, item } = filter;
  return allOf([
    ['log_id = {logId:String}', { logId: filter.logId }],
    [`position(matches, concat('"watch":', toJSONString({watch:String}))) > 0`, { watch }],
    [`position(matches, concat('"item":', toJSONString({item:String}))) > 0`, { item }],
    [`positionCaseInsensitiveUTF8(matches, {q:String}) > 0 OR sha256 = lower({q:String})`, { q: filter.q }],
    ['timestamp >= fromUnixTimestamp64Milli({from:Int64})', { from: filter.from?.getTime() }],
    ['timestamp < fromUnixTimestamp64Milli({to:Int64})', { to: filter.to?.getTime() }],
    // Entries kept only because all are match nothing.
    [`position(matches, '"watch"') > 0 AND position(matches, '"watch":"all"') = 0`, {}],
  ]);
}

/** Matched log entries, latest first by the log's clock. */
export async function listCtMatches(
  database: Database,
  filter: CtMatchFilter,
  page: PageRequest,
): Promise<Page<CtMatchRow>> {
  const after = keyOfCursor('ct-matches', page.cursor, ['integer', 'base64', 'integer']);
  const where = matchConditions(filter);
  const rest = allOf([
    [
      '(logged_ms, log_id, leaf_index) < ({ms:Int64}, {afterLog:String}, {afterIndex:UInt64})',
      { ms: after?.[0], afterLog: after?.[1], afterIndex: after?.[2] },
    ],
  ]);
  const rows = await database.rows<MatchColumns>(
    `SELECT log_id, leaf_index, toUnixTimestamp64Milli(timestamp) AS logged_ms, seen_at, entry_type, sha256, verified, matches
     FROM ct_entries FINAL WHERE ${where.sql} AND ${rest.sql}
     ORDER BY logged_ms DESC, log_id DESC, leaf_index DESC LIMIT {limit:UInt32}`,
    { ...where.parameters, ...rest.parameters, limit: rowsFor(page) },
  );
  const kept = rows.slice(0, rowsFor(page) - 1);
  const [described, logs] = await Promise.all([certificatesOf(database, kept), logNames(database)]);
  const last = kept.at(-1);
  return {
    items: kept.map((row) => toMatch(row, described.get(row.sha256), logs)),
    nextCursor:
      rows.length > kept.length && last !== undefined
        ? cursorAfter('ct-matches', [Number(last.logged_ms), last.log_id, Number(last.leaf_index)])
        : null,
  };
}

/** How many matched entries pass. */
export function countCtMatches(database: Database, filter: CtMatchFilter): Promise<Total> {
  const where = matchConditions(filter);
  return countRows(database, `SELECT leaf_index FROM ct_entries FINAL WHERE ${where.sql}`, where.parameters);
}

interface Described {
  readonly subject: string;
  readonly issuer: string;
  readonly ends: string | null;
  readonly names: readonly string[];
}

async function certificatesOf(
  database: Database,
  rows: readonly MatchColumns[],
): Promise<ReadonlyMap<string, Described>> {
  if (rows.length === 0) return new Map();
  const found = await database.rows<Described & { readonly sha256: string }>(
    `SELECT sha256, subject, issuer, not_after_ms AS ends, arraySlice(names, 1, 100) AS names FROM certificates
     PREWHERE sha256 IN {hashes:Array(String)} LIMIT 1 BY sha256`,
    { hashes: [...new Set(rows.map((row) => row.sha256))] },
  );
  return new Map(found.map((row) => [row.sha256, row]));
}

async function logNames(database: Database): Promise<ReadonlyMap<string, string>> {
  const rows = await database.rows<{ log_id: string; description: string }>(
    'SELECT log_id, argMax(description, version) AS description FROM ct_positions GROUP BY log_id LIMIT 1000',
  );
  return new Map(rows.map((row) => [row.log_id, row.description]));
}

function toMatch(
  row: MatchColumns,
  certificate: Described | undefined,
  logs: ReadonlyMap<string, string>,
): CtMatchRow {
  return {
    logId: row.log_id,
    log: orNull(logs.get(row.log_id) ?? ''),
    leafIndex: Number(row.leaf_index),
    timestamp: new Date(Number(row.logged_ms)),
    seenAt: date(row.seen_at),
    entryType: row.entry_type,
    sha256: row.sha256,
    verified: row.verified,
    matches: JSON.parse(row.matches) as CtMatchRow['matches'],
    subject: certificate?.subject ?? null,
    issuer: certificate?.issuer ?? null,
    notAfter: dateOfMs(certificate?.ends ?? null),
    names: certificate?.names ?? [],
  };
}
