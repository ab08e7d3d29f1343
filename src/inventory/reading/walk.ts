import type { Stats } from 'node:fs';
import { lstat, opendir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Report } from './report.js';
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

/** Names under which private keys are kept, alone: such files are never opened, and may be unreadable. */
const keyNames = /(^|[.-])(key|privkey\d*|private)(\.pem|\.der)?$|^privkey\d*\.pem$|^private$/i;

/** True for the name of a file or folder that by custom holds private keys and nothing else. */
export function isKeyName(path: string): boolean {
  return keyNames.test(basename(path));
}

/**
 * Yields every regular file at or under `root`, each once, through symbolic links but never round in a circle. Devices, sockets and
 * pipes are passed over. What cannot be read is an error; dangling links and folders of private keys are notes.
 */
export async function* walk(
  root: string,
  options: WalkOptions,
  signal: AbortSignal,
  report: Report,
): AsyncGenerator<FoundFile, void, undefined> {
  const seen = new Set<string>();
  const pending = [root];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    signal.throwIfAborted();
    const facts = await factsOf(path, path === root, report);
    if (facts === null || seen.has(identity(facts))) continue;
    seen.add(identity(facts));
    if (facts.isFile()) yield { path, bytes: facts.size, named: path === root };
    if (!facts.isDirectory() || (path !== root && !options.recursive)) continue;
    for await (const name of namesIn(path, path === root, report)) {
      if (!options.ignore.some((ending) => name.endsWith(ending))) pending.push(join(path, name));
    }
  }
}

function identity(facts: Stats): string {
  return `${facts.dev}:${facts.ino}`;
}

async function factsOf(path: string, isRoot: boolean, report: Report): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    const isDangling = !isRoot && (await lstat(path).catch(() => null))?.isSymbolicLink() === true;
    if (isDangling || (!isRoot && isKeyName(path))) report.note(sentence(path, error));
    else report.error(sentence(path, error));
    return null;
  }
}

async function* namesIn(path: string, isRoot: boolean, report: Report): AsyncGenerator<string> {
  try {
    for await (const { name } of await opendir(path)) yield name;
  } catch (error) {
    if (!isRoot && isKeyName(path)) report.note(sentence(path, error));
    else report.error(sentence(path, error));
  }
}
