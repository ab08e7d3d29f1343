import type { Stats } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sentence } from './sentence.js';

/** One regular file that was come across. */
export interface FoundFile {
  readonly path: string;
  readonly bytes: number;
  /** Named by the operator, not found in a folder. */
  readonly named: boolean;
}

/** How to walk. */
export interface WalkOptions {
  /** Go into sub-folders. */
  readonly recursive: boolean;
  /** Names with these endings are passed over. */
  readonly ignore: readonly string[];
}

/**
 * Yields every regular file at or under `root`, each once, through symbolic links but never round in a circle. Devices,
 * sockets and pipes are passed over; what cannot be looked at is told to `onError`.
 */
export async function* walk(
  root: string,
  options: WalkOptions,
  signal: AbortSignal,
  onError: (sentence: string) => void,
): AsyncGenerator<FoundFile, void, undefined> {
  const seen = new Set<string>();
  const pending = [root];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    signal.throwIfAborted();
    const facts = await look(path, onError);
    if (facts === null || seen.has(identity(facts))) continue;
    seen.add(identity(facts));
    if (facts.isFile()) yield { path, bytes: facts.size, named: path === root };
    if (!facts.isDirectory() || (path !== root && !options.recursive)) continue;
    for await (const name of namesIn(path, onError)) {
      if (!options.ignore.some((ending) => name.endsWith(ending))) pending.push(join(path, name));
    }
  }
}

function identity(facts: Stats): string {
  return `${facts.dev}:${facts.ino}`;
}

async function look(path: string, onError: (sentence: string) => void): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    onError(sentence(path, error));
    return null;
  }
}

async function* namesIn(path: string, onError: (sentence: string) => void): AsyncGenerator<string> {
  try {
    for await (const { name } of await opendir(path)) yield name;
  } catch (error) {
    onError(sentence(path, error));
  }
}
