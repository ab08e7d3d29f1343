import type { StoreConfig } from './config.js';
import type { Database } from './database.js';
import { type Dialect, localName, render } from './dialect.js';

/** Which rows go after how many days, by table. Current states (endpoints, positions, certificates) stay. */
const rules = [
  { table: 'observations', column: 'observed_at', days: 'observations' },
  { table: 'ct_entries', column: 'timestamp', days: 'ctEntries' },
  { table: 'ct_places', column: 'timestamp', days: 'ctEntries' },
  { table: 'findings', column: 'last_seen_at', days: 'findings' },
  { table: 'findings_by_time', column: 'last_seen_at', days: 'findings' },
  { table: 'finding_changes', column: 'changed_at', days: 'findings' },
  { table: 'deliveries', column: 'created_at', days: 'deliveries' },
  { table: 'delivery_messages', column: 'created_at', days: 'deliveries' },
  { table: 'inventory_items', column: 'run_at', days: 'inventory' },
  { table: 'scans', column: 'started_at', days: 'scans' },
  { table: 'answers', column: 'checked_at', days: 'network' },
] as const;

/** Tables that had a time to live and have one no more: of the audit trail only its start may go, see audit/trim.ts. */
const kept = ['audit'] as const;

const daySeconds = 86_400;

/** Statements that set the time to live of every table. */
export function retentionStatements(dialect: Dialect, days: StoreConfig['retentionDays']): readonly string[] {
  return rules
    .filter((rule) => days[rule.days] > 0)
    .map((rule) => render(dialect, modify(rule, days[rule.days])));
}

/**
 * Rows that are there already go as well, in the background. The time is reckoned in whole seconds since 1970 and kept within what a DateTime
 * holds: beyond 2106 that would start again at 1970, and the rows that are to be kept longest would go at once.
 */
function modify({ table, column }: (typeof rules)[number], days: number): string {
  const seconds = `intDiv(toUnixTimestamp64Milli(${column}), 1000) + ${days * daySeconds}`;
  return (
    `ALTER TABLE {local:${table}} {on_cluster} ` +
    `MODIFY TTL toDateTime(toUInt32(least(greatest(${seconds}, 1), 4294967295))) SETTINGS materialize_ttl_after_modify = 1`
  );
}

/**
 * Sets the time to live of every table to what the configuration says; tables that have it already are left alone. Returns what it
 * changed: the days by table.
 */
export async function applyRetention(
  database: Database,
  dialect: Dialect,
  days: StoreConfig['retentionDays'],
): Promise<Readonly<Record<string, number>>> {
  const tables = await database.rows<{ name: string; engine_full: string }>(
    'SELECT name, engine_full FROM system.tables WHERE database = {database:String}',
    { database: dialect.database },
  );
  const definitions = new Map(tables.map((table) => [table.name, table.engine_full]));
  const changed: Record<string, number> = {};
  for (const rule of rules) {
    const keep = days[rule.days];
    const present = definitions.get(localName(dialect, rule.table)) ?? '';
    const ttl = / TTL .*\((\w+)\), 1000\) \+ (\d+), 1\)/.exec(present);
    const isRight = ttl?.[1] === rule.column && Number(ttl[2]) === keep * daySeconds;
    if (keep === 0 ? !present.includes(' TTL ') : isRight) continue;
    const remove = `ALTER TABLE {local:${rule.table}} {on_cluster} REMOVE TTL`;
    await database.command(render(dialect, keep === 0 ? remove : modify(rule, keep)));
    changed[rule.table] = keep;
  }
  for (const table of kept)
    if ((definitions.get(localName(dialect, table)) ?? '').includes(' TTL '))
      await database.command(render(dialect, `ALTER TABLE {local:${table}} {on_cluster} REMOVE TTL`));
  return changed;
}

/** Rows of a table that reach the end of their retention. */
export interface Expiring {
  readonly days: number;
  readonly before: string;
  readonly rows: number;
}

/**
 * Rows, by table, whose retention ends between `since` and `until`: the engine deletes them then, in the background. Tables of which none
 * ends are absent. Those that only repeat others are left out.
 */
export async function expiringRows(
  database: Pick<Database, 'rows'>,
  days: StoreConfig['retentionDays'],
  since: Date,
  until: Date,
): Promise<Readonly<Record<string, Expiring>>> {
  const expiring: Record<string, Expiring> = {};
  for (const { table, column, days: key } of rules) {
    if (days[key] === 0 || repeats.has(table)) continue;
    const border = (date: Date): number => date.getTime() - days[key] * daySeconds * 1_000;
    const [row] = await database.rows<{ rows: string }>(
      `SELECT count() AS rows FROM ${table} AS t WHERE t.${column} >= fromUnixTimestamp64Milli({from:Int64})
         AND t.${column} < fromUnixTimestamp64Milli({to:Int64})`,
      { from: Math.max(0, border(since)), to: Math.max(0, border(until)) },
    );
    const rows = Number(row?.rows ?? 0);
    if (rows > 0) expiring[table] = { days: days[key], before: new Date(border(until)).toISOString(), rows };
  }
  return expiring;
}

/** Filled from other tables. */
const repeats: ReadonlySet<string> = new Set(['ct_places', 'findings_by_time']);
