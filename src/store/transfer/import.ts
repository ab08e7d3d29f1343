import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { replaceFile } from '../../lib/replace-file.js';
import type { Database } from '../database.js';
import {
  contentsOf,
  schemaChecksums,
  transferredTables,
  type Chunk,
  type Contents,
  type Manifest,
} from './chunks.js';
import { chunkFile, readManifest, type TransferProgress } from './export.js';

/** How far an import into one store has come. */
interface Import {
  /** What each chunk's range held before; the audit trail is never quite empty. */
  readonly before: Readonly<Record<string, Contents>>;
  readonly done: readonly string[];
}

/**
 * Reads an export into an empty store whose schema is up to date, and checks every chunk by its rows and their hash. An import that
 * was cut off goes on where it stopped. Returns how many rows arrived, and how many had arrived in an earlier try.
 */
export async function importStore(
  database: Database,
  dir: string,
  progress: TransferProgress,
): Promise<{ readonly arrived: number; readonly earlier: number }> {
  const manifest = await readWhole(dir);
  const path = join(dir, `imported-${await nameOf(database)}.json`);
  let state = (await readImport(path)) ?? (await begin(database, manifest));
  const rows = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + (manifest.written[name]?.rows ?? 0), 0);
  const earlier = rows(state.done);
  await saveImport(path, state);
  for (const [index, chunk] of manifest.chunks.entries()) {
    if (!state.done.includes(chunk.name)) {
      await importChunk(database, dir, chunk, manifest, state.before[chunk.name] ?? nothing);
      state = { ...state, done: [...state.done, chunk.name] };
      await saveImport(path, state);
    }
    progress(index + 1, manifest.chunks.length, chunk.name);
  }
  return { arrived: rows(state.done) - earlier, earlier };
}

const nothing: Contents = { rows: 0, hash: '0' };

/** The manifest of an export that is finished and fits this program. */
async function readWhole(dir: string): Promise<Manifest> {
  const manifest = await readManifest(dir);
  if (manifest === null) throw new Error(`${dir} holds no export: there is no manifest.json`);
  if (JSON.stringify(manifest.schema) !== JSON.stringify(schemaChecksums()))
    throw new Error(
      `${dir} was exported by a version with another schema: import it with that version, then upgrade`,
    );
  const missing = manifest.chunks.find((chunk) => manifest.written[chunk.name] === undefined);
  if (missing !== undefined) throw new Error(`the export in ${dir} is not finished: run the export again`);
  return manifest;
}

async function importChunk(
  database: Database,
  dir: string,
  chunk: Chunk,
  manifest: Manifest,
  before: Contents,
): Promise<void> {
  const [columns, written] = [manifest.columns[chunk.table] ?? [], manifest.written[chunk.name]];
  const path = chunkFile(dir, chunk);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  if (written === undefined || hash.digest('hex') !== written.sha256)
    throw new Error(`${path} is damaged: its checksum is not the one in the manifest`);
  if (written.rows > 0)
    await database.insertFile(
      chunk.table,
      columns,
      createReadStream(path),
      `${chunk.name} ${written.sha256}`,
    );
  const contents = await contentsOf(database, chunk, columns);
  const expected = {
    rows: before.rows + written.rows,
    hash: String(BigInt(before.hash) ^ BigInt(written.hash)),
  };
  if (contents.rows !== expected.rows || contents.hash !== expected.hash) {
    throw new Error(
      `${chunk.name} arrived as ${contents.rows} rows (hash ${contents.hash}) instead of ${expected.rows} (hash ${expected.hash}): ` +
        'a store must not be written to while it is exported, or while it is imported into',
    );
  }
}

async function begin(database: Database, manifest: Manifest): Promise<Import> {
  // Setting the retention leaves a trace in the audit trail before anything else can be written.
  for (const table of transferredTables.filter((name) => name !== 'audit')) {
    const [row] = await database.rows<{ rows: string }>(`SELECT count() AS rows FROM ${table}`);
    if (Number(row?.rows ?? 0) > 0)
      throw new Error(`the store is not empty (${table} has ${row?.rows} rows): import into a new one`);
  }
  const before: Record<string, Contents> = {};
  for (const chunk of manifest.chunks.filter(({ table }) => table === 'audit'))
    before[chunk.name] = await contentsOf(database, chunk, manifest.columns[chunk.table] ?? []);
  return { before, done: [] };
}

/** Tells a store from every other, also from one that stood in the same place before. */
async function nameOf(database: Database): Promise<string> {
  const [row] = await database.rows<{ name: string }>(
    `SELECT lower(hex(cityHash64(groupArray((number, applied_at))))) AS name
     FROM (SELECT number, applied_at FROM schema_migrations ORDER BY number, applied_at LIMIT 1 BY number)`,
  );
  return row?.name ?? '';
}

async function readImport(path: string): Promise<Import | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Import;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`${path} cannot be read`, { cause: error });
  }
}

function saveImport(path: string, state: Import): Promise<void> {
  return replaceFile(path, JSON.stringify(state));
}
