import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Database } from './database.js';
import { type Dialect, distributed, localName, render } from './dialect.js';
import type { Migration } from './migrations/migration.js';

/** The schema in the database and the one this program knows do not fit; the message says what to do. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

const history = 'schema_migrations';
/** How many past inserts a table remembers by their token, so that a repeated one is stored once. */
const dedupWindow = 10_000;
/**
 * Smaller parts keep all columns in one file. A part as it is inserted would otherwise be some sixty files, which on a usual file system
 * cost more than their content.
 */
const compactBelowBytes = 134_217_728;

/** Statements of one step in a dialect, in order. Each may be repeated. */
export function statementsOf(dialect: Dialect, migration: Migration): readonly string[] {
  const kind = dialect.mode === 'cluster' ? 'replicated' : 'non_replicated';
  const settings = `${kind}_deduplication_window = ${dedupWindow}, min_bytes_for_wide_part = ${compactBelowBytes}`;
  const tables = migration.statements.filter((statement) => statement.startsWith('CREATE TABLE'));
  const others = migration.statements.filter((statement) => !statement.startsWith('CREATE TABLE'));
  const here = (statement: string): string => render(dialect, statement.replaceAll('{settings}', settings));
  const spread = migration.tables.map(({ name, shardBy }) => distributed(dialect, name, shardBy));
  // A view reads the table over all shards, so that one has to be there first.
  return [...tables.map(here), ...spread.filter((statement) => statement !== null), ...others.map(here)];
}

/**
 * The statement that makes the database. A server picks the engine itself (Atomic, or its own in a cloud): naming it needs a right that
 * cannot be granted by name. The embedded engine would pick one that keeps nothing.
 */
export function createDatabase(dialect: Dialect): string {
  const engine = dialect.mode === 'embedded' ? ' ENGINE = Atomic' : '';
  return render(dialect, `CREATE DATABASE IF NOT EXISTS {db} {on_cluster}${engine}`);
}

/** The statements that make the table of the steps done. */
export function preamble(dialect: Dialect): readonly string[] {
  const table = { name: history, shardBy: 'number' };
  const statements = [
    `CREATE TABLE IF NOT EXISTS {local:${history}} {on_cluster} (
  number UInt32,
  name String,
  checksum String,
  applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = {engine:Replacing}
ORDER BY number
SETTINGS {settings}`,
  ];
  return statementsOf(dialect, { number: 0, name: history, tables: [table], statements });
}

/** SHA-256 over the templates of a step: the same in every mode. */
export function checksumOf(migration: Migration): string {
  return createHash('sha256')
    .update(JSON.stringify([migration.name, migration.statements]))
    .digest('hex');
}

/**
 * Brings the schema up to date and returns the names of the steps it took (with `dryRun`: would take). A step cut off half-way is
 * repeated from its start. Refuses a schema that is newer than this program, or a step that differs from the one applied.
 */
export async function migrate(
  database: Database,
  dialect: Dialect,
  migrations: readonly Migration[],
  log: Logger,
  dryRun = false,
): Promise<readonly string[]> {
  if (!dryRun) {
    await database.commandOutside(createDatabase(dialect));
    for (const statement of preamble(dialect)) await database.command(statement);
  }
  const applied = await appliedSteps(database, dialect, dryRun);
  const newest = Math.max(0, ...applied.keys());
  if (newest > migrations.length) {
    throw new SchemaError(
      `the database has schema ${newest}, this program knows ${migrations.length}: start the newer Certglass again`,
    );
  }
  const taken: string[] = [];
  for (const migration of migrations) {
    const checksum = applied.get(migration.number);
    if (checksum === checksumOf(migration)) continue;
    if (checksum !== undefined) {
      throw new SchemaError(
        `step ${migration.number} (${migration.name}) of the schema was applied in another form: ` +
          'this database was made by a different build; start that one, or export its data and import it here',
      );
    }
    taken.push(migration.name);
    if (dryRun) continue;
    for (const statement of statementsOf(dialect, migration)) await database.command(statement);
    await database.command(
      `INSERT INTO ${history} (number, name, checksum) SELECT {number:UInt32}, {name:String}, {checksum:String}`,
      { number: migration.number, name: migration.name, checksum: checksumOf(migration) },
    );
    log.debug({ step: migration.number, name: migration.name }, 'schema step applied');
  }
  return taken;
}

async function appliedSteps(
  database: Database,
  dialect: Dialect,
  mayBeAbsent: boolean,
): Promise<ReadonlyMap<number, string>> {
  if (mayBeAbsent) {
    const tables = await database.rows<{ name: string }>(
      'SELECT name FROM system.tables WHERE database = {database:String} AND name = {name:String}',
      { database: dialect.database, name: localName(dialect, history) },
    );
    if (tables.length === 0) return new Map();
  }
  const rows = await database.rows<{ number: number; checksum: string }>(
    `SELECT number, argMax(checksum, applied_at) AS checksum FROM ${history} GROUP BY number`,
  );
  return new Map(rows.map((row) => [row.number, row.checksum]));
}
