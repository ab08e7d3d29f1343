import type { Logger } from 'pino';
import type { StoreConfig } from './config.js';
import type { Database } from './database.js';
import { type Dialect, localName, render } from './dialect.js';

/** Which rows go after how many days, by table. Current states (endpoints, positions, certificates) stay. */
const rules = [
  { table: 'observations', column: 'observed_at', days: 'observations' },
  { table: 'ct_entries', column: 'timestamp', days: 'ctEntries' },
  { table: 'ct_places', column: 'timestamp', days: 'ctEntries' },
  { table: 'findings', column: 'last_seen_at', days: 'findings' },
  { table: 'finding_changes', column: 'changed_at', days: 'findings' },
  { table: 'deliveries', column: 'created_at', days: 'deliveries' },
  { table: 'inventory_items', column: 'run_at', days: 'inventory' },
  { table: 'scans', column: 'started_at', days: 'scans' },
  { table: 'audit', column: 'at', days: 'audit' },
] as const;

/** Sets the time to live of every table to what the configuration says; tables that have it already are left alone. */
export async function applyRetention(
  database: Database,
  dialect: Dialect,
  days: StoreConfig['retentionDays'],
  log: Logger,
): Promise<void> {
  const tables = await database.rows<{ name: string; engine_full: string }>(
    'SELECT name, engine_full FROM system.tables WHERE database = {database:String}',
    { database: dialect.database },
  );
  const definitions = new Map(tables.map((table) => [table.name, table.engine_full]));
  for (const rule of rules) {
    const keep = days[rule.days];
    const present = definitions.get(localName(dialect, rule.table)) ?? '';
    const wanted = `TTL toDateTime(${rule.column}) + toIntervalDay(${keep})`;
    const alter = `ALTER TABLE {local:${rule.table}} {on_cluster}`;
    if (keep === 0 && / TTL /.test(present)) await database.command(render(dialect, `${alter} REMOVE TTL`));
    else if (keep > 0 && !present.includes(`${wanted} `))
      await database.command(
        render(dialect, `${alter} MODIFY ${wanted} SETTINGS materialize_ttl_after_modify = 0`),
      );
    else continue;
    log.info({ table: rule.table, days: keep }, 'retention set');
  }
}
