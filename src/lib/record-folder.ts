import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readStateFile } from './state-file.js';

/** Small JSON records, one file each, readable by the owner alone. Other processes may add and remove records at any time. */
export interface RecordFolder<T> {
  /** Every record by its id, as the folder is now. */
  all(): ReadonlyMap<string, T>;
  /** Adds or replaces a record; it is on the disk when this returns. */
  put(id: string, record: T): void;
  /** False when there was none. */
  remove(id: string): boolean;
}

/** Ids become file names. */
const idShape = /^[A-Za-z0-9@_-][A-Za-z0-9._@-]{0,127}$/;
/** File systems count time in ticks: a folder that was changed this recently may have changed again since it was read. */
const tickMs = 50;

/**
 * Opens a folder of records, made when it is missing. `read` checks what a file holds and throws on anything else; a file it refuses is
 * set aside (see state-file.ts), and `complain` gets a sentence about it once.
 */
export function openRecordFolder<T>(
  folder: string,
  read: (json: unknown) => T,
  complain: (sentence: string) => void,
): RecordFolder<T> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  let records = new Map<string, T>();
  let seen = { mtimeMs: -1, isSettled: false };
  const complained = new Set<string>();

  function refresh(): void {
    const { mtimeMs } = statSync(folder);
    if (seen.isSettled && seen.mtimeMs === mtimeMs) return;
    seen = { mtimeMs, isSettled: Math.abs(Date.now() - mtimeMs) > tickMs };
    const found = new Map<string, T>();
    for (const name of readdirSync(folder)) {
      if (!name.endsWith('.json')) continue;
      const record = readOne(name);
      if (record !== null) found.set(name.slice(0, -5), record);
    }
    records = found;
  }

  function readOne(name: string): T | null {
    const path = join(folder, name);
    try {
      const record = readStateFile(path, (text) => ({ value: read(JSON.parse(text)) }));
      // Removed since the folder was listed, or damaged.
      if (record === null && existsSync(`${path}.damaged`) && !complained.has(name))
        complain(`${path} is damaged and was set aside`);
      if (record !== null) return record.value;
    } catch (error) {
      if (!complained.has(name)) complain(`${path} is ignored: ${String(error)}`);
    }
    complained.add(name);
    return null;
  }

  return {
    all() {
      refresh();
      return records;
    },
    put(id, record) {
      if (!idShape.test(id)) throw new Error(`${JSON.stringify(id)} cannot name a record`);
      write(folder, id, JSON.stringify(record));
      seen.isSettled = false;
    },
    remove(id) {
      refresh();
      if (!records.has(id)) return false;
      rmSync(join(folder, `${id}.json`), { force: true });
      seen.isSettled = false;
      return true;
    },
  };
}

function write(folder: string, id: string, text: string): void {
  const temporary = join(folder, `.${id}.${process.pid}.new`);
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, join(folder, `${id}.json`));
}
