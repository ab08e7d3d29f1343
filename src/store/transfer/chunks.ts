import type { Database } from '../database.js';
import { migrations } from '../migrations/index.js';
import { checksumOf } from '../migrate.js';

/** A part of a table that goes into one file. */
export interface Chunk {
  readonly table: string;
  /** Name of the file without its end. */
  readonly name: string;
  /** Condition on the table's columns. */
  readonly where: string;
}

/** Rows and a hash over all of their columns: equal on both sides of a transfer. */
export interface Contents {
  readonly rows: number;
  readonly hash: string;
}

/** What an export holds. */
export interface Manifest {
  readonly format: 1;
  /** Checksums of the schema's steps. */
  readonly schema: readonly string[];
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly chunks: readonly Chunk[];
  /** Of the chunks written so far, by name. */
  readonly written: Readonly<Record<string, Contents & { readonly bytes: number; readonly sha256: string }>>;
}

/** Tables to transfer, in the order in which they must arrive; all others are fed by these. */
const tables: readonly { readonly name: string; readonly rowsPerChunk: number; readonly hash: string }[] = [
  { name: 'certificates', rowsPerChunk: 100_000, hash: 'cityHash64(sha256)' },
  { name: 'sightings', rowsPerChunk: 1_000_000, hash: 'cityHash64(endpoint, certificate)' },
  { name: 'observations', rowsPerChunk: 1_000_000, hash: 'endpoint_hash' },
  { name: 'ct_entries', rowsPerChunk: 500_000, hash: 'cityHash64(log_id, leaf_index)' },
  { name: 'ct_positions', rowsPerChunk: 500_000, hash: 'cityHash64(log_id)' },
  { name: 'finding_changes', rowsPerChunk: 200_000, hash: 'cityHash64(id)' },
  { name: 'findings', rowsPerChunk: 200_000, hash: 'cityHash64(id)' },
  { name: 'judged', rowsPerChunk: 500_000, hash: 'cityHash64(kind, key)' },
  { name: 'deliveries', rowsPerChunk: 200_000, hash: 'cityHash64(id)' },
  { name: 'delivery_messages', rowsPerChunk: 5_000, hash: 'cityHash64(id)' },
  { name: 'inventory_items', rowsPerChunk: 500_000, hash: 'cityHash64(source, reference)' },
  { name: 'inventory_runs', rowsPerChunk: 500_000, hash: 'cityHash64(source)' },
  { name: 'scans', rowsPerChunk: 500_000, hash: 'cityHash64(id)' },
  { name: 'schedule_runs', rowsPerChunk: 500_000, hash: 'cityHash64(name)' },
  { name: 'records', rowsPerChunk: 100_000, hash: 'cityHash64(id)' },
  { name: 'audit', rowsPerChunk: 500_000, hash: 'cityHash64(at, subject)' },
];

/** Names of the tables that are transferred. */
export const transferredTables: readonly string[] = tables.map((table) => table.name);

/** Checksums of the schema this program makes. */
export function schemaChecksums(): readonly string[] {
  return migrations.map(checksumOf);
}

/** How a store is cut into files of a bounded size, by ranges of a hash. */
export async function planChunks(database: Database): Promise<readonly Chunk[]> {
  const chunks: Chunk[] = [];
  for (const { name, rowsPerChunk, hash } of tables) {
    const [row] = await database.rows<{ rows: string }>(`SELECT count() AS rows FROM ${name}`);
    const parts = BigInt(Math.max(1, Math.ceil(Number(row?.rows ?? 0) / rowsPerChunk)));
    for (let part = 0n; part < parts; part += 1n) {
      const border = (index: bigint): string => String((index * 2n ** 64n) / parts);
      const upper = part === parts - 1n ? '' : ` AND ${hash} < ${border(part + 1n)}`;
      const file = `${name}-${String(part).padStart(5, '0')}`;
      chunks.push({ table: name, name: file, where: `${hash} >= ${border(part)}${upper}` });
    }
  }
  return chunks;
}

/** Columns of every transferred table that are stored, not computed. */
export async function storedColumns(
  database: Database,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const rows = await database.rows<{ table: string; columns: readonly string[] }>(
    `SELECT table, groupArray(name) AS columns FROM (
       SELECT table, name FROM system.columns
       WHERE database = currentDatabase() AND table IN {tables:Array(String)} AND default_kind IN ('', 'DEFAULT')
       ORDER BY table, position)
     GROUP BY table`,
    { tables: transferredTables },
  );
  return Object.fromEntries(rows.map((row) => [row.table, row.columns]));
}

/** What a chunk of a table holds now, duplicates that are not merged yet left out. */
export async function contentsOf(
  database: Database,
  chunk: Chunk,
  columns: readonly string[],
): Promise<Contents> {
  const [row] = await database.rows<{ rows: string; hash: string }>(
    `SELECT count() AS rows, toString(groupBitXor(cityHash64(toString(tuple(${columns.join(', ')}))))) AS hash
     FROM ${chunk.table} FINAL WHERE ${chunk.where}`,
    {},
    transferLimits,
  );
  return { rows: Number(row?.rows ?? 0), hash: row?.hash ?? '0' };
}

/** How many rows a chunk of a table holds now. */
export async function rowsOf(database: Database, chunk: Chunk): Promise<number> {
  const [row] = await database.rows<{ rows: string }>(
    `SELECT count() AS rows FROM ${chunk.table} FINAL WHERE ${chunk.where}`,
    {},
    transferLimits,
  );
  return Number(row?.rows ?? 0);
}

/** A transfer may take its time. */
export const transferLimits = { maxSeconds: 3_600 };
