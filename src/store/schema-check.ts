import type { StoreConfig } from './config.js';
import type { Database } from './database.js';
import { backupFolder } from './backup.js';
import { render, type Dialect } from './dialect.js';
import { engineFolder } from './embedded/owner.js';
import { restoreWords } from './embedded/why-not-open.js';
import type { Migration } from './migrations/migration.js';

/**
 * Sees that everything the steps of the schema have made is there: a missing view is made again and named in the answer, for it holds
 * nothing itself. Throws an Error that says how to get a missing table back.
 */
export async function completeSchema(
  database: Database,
  dialect: Dialect,
  config: StoreConfig,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  const rows = await database.rows<{ name: string }>(
    'SELECT name FROM system.tables WHERE database = {database:String}',
    { database: dialect.database },
  );
  const there = new Set(rows.map(({ name }) => name));
  const missing = migrations.flatMap(({ tables }) => tables).find(({ name }) => !there.has(name));
  if (missing !== undefined) {
    const folders = { dataDir: engineFolder(config.dataDir), backupDir: backupFolder(config) };
    throw new Error(
      `the data folder ${folders.dataDir} lacks the table ${missing.name}, whose definition is missing; ${restoreWords(folders)}`,
    );
  }
  const made: string[] = [];
  for (const [name, statement] of viewsOf(migrations)) {
    if (there.has(name)) continue;
    await database.command(render(dialect, statement));
    made.push(`the view ${name} was missing and was made again`);
  }
  return made;
}

/** The statement that made each view last, in the order of making. */
function viewsOf(migrations: readonly Migration[]): ReadonlyMap<string, string> {
  const views = new Map<string, string>();
  for (const statement of migrations.flatMap(({ statements }) => statements)) {
    const dropped = /^DROP VIEW IF EXISTS \{db\}\.(\w+)/.exec(statement)?.[1];
    const made = /^CREATE (?:OR REPLACE )?(?:MATERIALIZED )?VIEW (?:IF NOT EXISTS )?\{db\}\.(\w+)/.exec(
      statement,
    )?.[1];
    for (const name of [dropped, made]) if (name !== undefined) views.delete(name);
    if (made !== undefined) views.set(made, statement);
  }
  return views;
}
