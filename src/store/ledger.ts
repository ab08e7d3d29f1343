import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { groupBy } from '../lib/group-by.js';
import { replaceFile } from '../lib/replace-file.js';
import { readStateFile } from '../lib/state-file.js';
import type { Database } from './database.js';
import { engineFolder } from './embedded/owner.js';

const part = z.object({
  partition: z.string(),
  minBlock: z.number(),
  maxBlock: z.number(),
  rows: z.number(),
  /** When the last of its rows has outlived the retention, seconds since 1970; 0: never. */
  expiresAt: z.number(),
});

const ledgerShape = z.object({
  /** When it was noted, by a clock that was trusted. */
  at: z.string().nullable().default(null),
  /** UUID of the database: another one is another database. */
  database: z.string(),
  tables: z.array(z.object({ name: z.string(), uuid: z.string(), parts: z.array(part) })),
  positions: z.array(
    z.object({ log: z.string(), cursor: z.string(), description: z.string(), index: z.number() }),
  ),
  /** Text of the engine's definitions by their path in its folder: what a damaged or missing one is brought back from. */
  definitions: z.record(z.string(), z.string()),
});

/** What the embedded database held, as noted outside of it. */
export type Ledger = z.output<typeof ledgerShape>;

const fileOf = (dataDir: string): string => join(dataDir, 'store-ledger.json');

/** The last note about the database of a data folder; null when there is none. */
export function readLedger(dataDir: string): Ledger | null {
  return readStateFile(fileOf(dataDir), (text) => ledgerShape.parse(JSON.parse(text)));
}

/** Notes what the database holds now; `at` is the time as far as it is trusted. */
export async function writeLedger(database: Database, dataDir: string, at = new Date()): Promise<void> {
  const ledger = { ...(await takeStock(database, dataDir)), at: at.toISOString() };
  await replaceFile(fileOf(dataDir), JSON.stringify(ledger));
}

/** Forgets the note, before something is deleted on purpose. */
export function dropLedger(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

/** What the database holds now. */
export async function takeStock(database: Database, dataDir: string): Promise<Ledger> {
  const [own] = await database.rows<{ uuid: string }>(
    'SELECT toString(uuid) AS uuid FROM system.databases WHERE name = currentDatabase()',
  );
  const tables = await database.rows<{ name: string; uuid: string; path: string }>(
    'SELECT name, toString(uuid) AS uuid, metadata_path AS path FROM system.tables WHERE database = currentDatabase() ORDER BY name',
  );
  const parts = await database.rows<{
    table: string;
    partition: string;
    min: string;
    max: string;
    rows: string;
    expires: number;
  }>(
    `SELECT table, partition_id AS partition, min_block_number AS min, max_block_number AS max, rows,
       toUnixTimestamp(delete_ttl_info_max) AS expires
     FROM system.parts WHERE active AND database = currentDatabase() ORDER BY table, partition, min LIMIT 100000`,
  );
  const byTable = groupBy(parts, ({ table }) => table);
  return {
    at: null,
    database: own?.uuid ?? '',
    tables: tables.map(({ name, uuid }) => ({
      name,
      uuid,
      parts: (byTable.get(name) ?? []).map(({ partition, min, max, rows, expires }) => ({
        partition,
        minBlock: Number(min),
        maxBlock: Number(max),
        rows: Number(rows),
        expiresAt: expires,
      })),
    })),
    positions: tables.some(({ name }) => name === 'ct_positions') ? await positionsOf(database) : [],
    definitions: definitionsOf(
      engineFolder(dataDir),
      tables.map(({ path }) => path),
    ),
  };
}

async function positionsOf(database: Database): Promise<Ledger['positions']> {
  const rows = await database.rows<{ log: string; cursor: string; description: string; index: string }>(
    `SELECT log_id AS log, cursor, description, verified_index AS index FROM ct_positions FINAL ORDER BY log, cursor LIMIT 10000`,
  );
  return rows.map((row) => ({ ...row, index: Number(row.index) }));
}

/** The texts of the tables' definitions, and of the database's own, by their paths in the engine's folder. */
function definitionsOf(engine: string, paths: readonly string[]): Record<string, string> {
  const databases = new Set(paths.map((path) => path.split('/').at(-2) ?? ''));
  const own = namesIn(join(engine, 'metadata'))
    .filter((name) => name.endsWith('.sql'))
    .map((name) => `metadata/${name}`);
  const texts = [...own, ...paths]
    .filter((path) => path !== '' && existsSync(join(engine, path)))
    .map((path) => [path, readFileSync(join(engine, path), 'utf8')] as const);
  const isOurs = (path: string, text: string): boolean =>
    !path.startsWith('metadata/') || [...databases].some((uuid) => uuid !== '' && text.includes(uuid));
  return Object.fromEntries(texts.filter(([path, text]) => isOurs(path, text)));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
