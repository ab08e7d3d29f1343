import { createHash } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../lib/replace-file.js';
import type { Database } from '../database.js';
import {
  contentsOf,
  planChunks,
  rowsOf,
  schemaChecksums,
  storedColumns,
  type Chunk,
  type Manifest,
} from './chunks.js';

/** Told after every file: how many of how many are written. */
export type TransferProgress = (done: number, total: number, name: string) => void;

/**
 * Writes everything in the store to files in format Native, with a manifest of rows and hashes. An export that was cut off goes on
 * where it stopped. Nobody may write to the store meanwhile.
 */
export async function exportStore(
  database: Database,
  dir: string,
  progress: TransferProgress,
): Promise<Manifest> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const known = await readManifest(dir);
  if (known !== null && JSON.stringify(known.schema) !== JSON.stringify(schemaChecksums()))
    throw new Error(`${dir} holds an export made by another version: choose an empty folder`);
  let manifest: Manifest = known ?? {
    format: 1,
    schema: schemaChecksums(),
    columns: await storedColumns(database),
    chunks: await planChunks(database),
    written: {},
  };
  await saveManifest(dir, manifest);
  for (const [index, chunk] of manifest.chunks.entries()) {
    if (!(await isWhole(dir, manifest, chunk))) {
      const columns = manifest.columns[chunk.table] ?? [];
      const contents = await contentsOf(database, chunk, columns);
      const file = await writeChunk(database, dir, chunk, columns);
      if ((await rowsOf(database, chunk)) !== contents.rows)
        throw new Error(`${chunk.name} changed while it was exported: stop the service, then export again`);
      manifest = { ...manifest, written: { ...manifest.written, [chunk.name]: { ...contents, ...file } } };
      await saveManifest(dir, manifest);
    }
    progress(index + 1, manifest.chunks.length, chunk.name);
  }
  return manifest;
}

/** The manifest in a folder; null when there is none. */
export async function readManifest(dir: string): Promise<Manifest | null> {
  try {
    return JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8')) as Manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`${join(dir, 'manifest.json')} cannot be read`, { cause: error });
  }
}

/** File of a chunk. */
export function chunkFile(dir: string, chunk: Chunk): string {
  return join(dir, `${chunk.name}.native`);
}

async function isWhole(dir: string, manifest: Manifest, chunk: Chunk): Promise<boolean> {
  const written = manifest.written[chunk.name];
  if (written === undefined) return false;
  const size = await stat(chunkFile(dir, chunk)).then(
    (file) => file.size,
    () => -1,
  );
  return size === written.bytes;
}

async function writeChunk(
  database: Database,
  dir: string,
  chunk: Chunk,
  columns: readonly string[],
): Promise<{ bytes: number; sha256: string }> {
  const path = chunkFile(dir, chunk);
  const hash = createHash('sha256');
  let bytes = 0;
  const rows = await database.stream(
    `SELECT ${columns.join(', ')} FROM ${chunk.table} FINAL WHERE ${chunk.where} FORMAT Native`,
  );
  await replaceFile(path, async (file) => {
    for await (const piece of rows as AsyncIterable<Buffer>) {
      hash.update(piece);
      bytes += piece.length;
      await file.writeFile(piece);
    }
  });
  return { bytes, sha256: hash.digest('hex') };
}

function saveManifest(dir: string, manifest: Manifest): Promise<void> {
  return replaceFile(
    join(dir, 'manifest.json'),
    `${JSON.stringify(manifest, null, 1)}
`,
  );
}
