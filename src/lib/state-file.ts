import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** What a damaged file is called from then on. */
const ending = '.damaged';

/**
 * What a file of the program's own state holds; null when there is none. A file that `parse` throws on is set aside, under its name with
 * `.damaged` behind, and counts as absent: what it held is made anew. Throws when the file cannot be read at all.
 */
export function readStateFile<T>(path: string, parse: (text: string) => T): T | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`${path} cannot be read: ${String(error)}`, { cause: error });
  }
  try {
    return parse(text);
  } catch {
    renameSync(path, `${path}${ending}`);
    return null;
  }
}

/** Paths, below `folder`, of state files that were set aside and are still there; `within` names the folders that are searched. */
export function damagedStateFiles(folder: string, within: readonly string[]): readonly string[] {
  return within.flatMap((inner) => {
    try {
      return readdirSync(join(folder, inner))
        .filter((name) => name.endsWith(ending))
        .map((name) => join(inner, name))
        .sort();
    } catch {
      return [];
    }
  });
}
