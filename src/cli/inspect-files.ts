import { isUtf8 } from 'node:buffer';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fileError, readBounded, readStreamBounded } from '../lib/read-bounded.js';

/** One file that was come across. */
export interface InputFile {
  /** As named, or below the folder named; bytes that are no UTF-8 stand as `\xNN`. */
  readonly name: string;
  /** Named by the user, not found in a folder. */
  readonly isNamed: boolean;
  readonly bytes: Buffer;
}

/** Largest file that is read. */
const maxBytes = 100_000_000;

/**
 * Reads a file, standard input (`-`), or every regular file at any depth of a folder: in order of name, each once, through symbolic
 * links but never round in a circle. What cannot be read is told in one sentence to `onProblem`, and passed over.
 */
export async function* readFiles(
  argument: string,
  onProblem: (sentence: string) => void,
): AsyncGenerator<InputFile, void, undefined> {
  const start = await pathOf(argument);
  const seen = new Set<string>();
  const pending = [start];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const isNamed = path === start;
    const name = nameOf(path);
    try {
      const found =
        argument === '-'
          ? await readStreamBounded(process.stdin, maxBytes, name)
          : await look(path, name, isNamed, seen);
      if (Buffer.isBuffer(found)) yield { name, isNamed, bytes: found };
      else pending.push(...found);
    } catch (error) {
      onProblem((error as Error).message);
    }
  }
}

/** A file's bytes, or a folder's entries, last first. No entries: seen before, or nothing to read. */
async function look(
  path: Buffer,
  name: string,
  isNamed: boolean,
  seen: Set<string>,
): Promise<Buffer | readonly Buffer[]> {
  const facts = await stat(path).catch((error: unknown) => {
    throw fileError(name, error);
  });
  const identity = `${facts.dev}:${facts.ino}`;
  if (seen.has(identity)) return [];
  seen.add(identity);
  if (facts.isDirectory()) return await entriesOf(path, name);
  return isNamed || facts.isFile() ? await readBounded(path, maxBytes, name) : [];
}

const slash = Buffer.from('/');

async function entriesOf(folder: Buffer, name: string): Promise<readonly Buffer[]> {
  const names = await readdir(folder, { encoding: 'buffer' }).catch((error: unknown) => {
    throw fileError(name, error);
  });
  const parent = folder.at(-1) === slash[0] ? folder : Buffer.concat([folder, slash]);
  return names.sort((a, b) => Buffer.compare(b, a)).map((entry) => Buffer.concat([parent, entry]));
}

function nameOf(path: Buffer): string {
  if (isUtf8(path)) return path.toString();
  return path.toString('latin1').replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

/**
 * The bytes of a path from the command line. Node.js has put U+FFFD for what is no UTF-8: then the folder's entry that reads
 * the same is meant.
 */
async function pathOf(argument: string): Promise<Buffer> {
  if (!argument.includes('\ufffd')) return Buffer.from(argument);
  const folder = Buffer.from(dirname(argument));
  const entries = await entriesOf(folder, dirname(argument)).catch(() => []);
  const wanted = Buffer.from(basename(argument)).toString();
  const fits = (entry: Buffer): boolean => entry.subarray(entry.lastIndexOf(slash) + 1).toString() === wanted;
  return entries.find(fits) ?? Buffer.from(argument);
}
