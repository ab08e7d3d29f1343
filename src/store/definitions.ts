import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Ledger } from './ledger.js';

/**
 * Brings back definitions of tables that are missing in the engine's folder, from the copies in the ledger; answers their paths. A
 * folder that is not there is another matter: then the database is another one, or was moved away.
 */
export function replaceMissing(engine: string, ledger: Ledger): readonly string[] {
  return Object.entries(ledger.definitions).flatMap(([path, text]) => {
    const file = join(engine, path);
    if (existsSync(file) || !existsSync(join(engine, 'store', ...storeOf(ledger.database)))) return [];
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600, flush: true });
    return [path];
  });
}

/**
 * Brings back one definition that the engine cannot read; the damaged one goes into the folder `kept`, for the engine wants no other files
 * beside it. False when the copy is no better.
 */
export function replaceDamaged(engine: string, kept: string, ledger: Ledger, path: string): boolean {
  const text = ledger.definitions[path];
  const file = join(engine, path);
  if (text === undefined || readFileSync(file, 'utf8') === text) return false;
  mkdirSync(kept, { recursive: true, mode: 0o700 });
  renameSync(file, join(kept, basename(path)));
  writeFileSync(file, text, { mode: 0o600, flush: true });
  return true;
}

/** Where the engine keeps a database's definitions below `store`. */
function storeOf(uuid: string): readonly string[] {
  return [uuid.slice(0, 3), uuid];
}
