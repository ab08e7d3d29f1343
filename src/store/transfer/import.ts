import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Database } from '../database.js';
import { contentsOf, schemaChecksums, transferredTables, type Chunk, type Manifest } from './chunks.js';
import { chunkFile, readManifest, type Progress } from './export.js';

/**
 * Reads an export into an empty store whose schema is up to date, and checks every chunk by its rows and their hash. An import that
 * was cut off goes on where it stopped. `target` names the store, so that its progress is not taken for another's.
 */
export async function importStore(
  database: Database,
  dir: string,
  target: string,
  progress: Progress,
): Promise<Manifest> {
  const manifest = await readManifest(dir);
  if (manifest === null) throw new Error(`${dir} holds no export: there is no manifest.json`);
  if (JSON.stringify(manifest.schema) !== JSON.stringify(schemaChecksums()))
    throw new Error(
      `${dir} was exported by a version with another schema: import it with that version, then upgrade`,
    );
  const missing = manifest.chunks.find((chunk) => manifest.written[chunk.name] === undefined);
  if (missing !== undefined) throw new Error(`the export in ${dir} is not finished: run the export again`);
  const done = await importedChunks(dir, target);
  if (done.size === 0) await refuseFullStore(database);
  for (const [index, chunk] of manifest.chunks.entries()) {
    if (!done.has(chunk.name)) {
      await importChunk(database, dir, chunk, manifest);
      done.add(chunk.name);
      await saveProgress(dir, target, done);
    }
    progress(index + 1, manifest.chunks.length, chunk.name);
  }
  return manifest;
}

async function importChunk(database: Database, dir: string, chunk: Chunk, manifest: Manifest): Promise<void> {
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
  if (contents.rows !== written.rows || contents.hash !== written.hash) {
    throw new Error(
      `${chunk.name} arrived as ${contents.rows} rows (hash ${contents.hash}), sent were ${written.rows} (hash ${written.hash})`,
    );
  }
}

async function refuseFullStore(database: Database): Promise<void> {
  // Setting the retention leaves a trace in the audit trail before anything else can be written.
  for (const table of transferredTables.filter((name) => name !== 'audit')) {
    const [row] = await database.rows<{ rows: string }>(`SELECT count() AS rows FROM ${table}`);
    if (Number(row?.rows ?? 0) > 0)
      throw new Error(`the store is not empty (${table} has ${row?.rows} rows): import into a new one`);
  }
}

function progressFile(dir: string, target: string): string {
  return join(dir, `imported-${createHash('sha256').update(target).digest('hex').slice(0, 16)}.json`);
}

async function importedChunks(dir: string, target: string): Promise<Set<string>> {
  try {
    return new Set(JSON.parse(await readFile(progressFile(dir, target), 'utf8')) as string[]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Set();
    throw error;
  }
}

async function saveProgress(dir: string, target: string, done: ReadonlySet<string>): Promise<void> {
  const path = progressFile(dir, target);
  await writeFile(`${path}.partial`, JSON.stringify([...done]), { mode: 0o600 });
  await rename(`${path}.partial`, path);
}
