import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MalformedError } from '../../../src/ct/bytes.js';
import { replaceFile } from '../../../src/lib/replace-file.js';
import { parseProgress, serializeProgress, type LogProgress } from './progress.js';

/** LogProgress of each log in a file of its own: what `certglass ct tail` has for a database. */
export interface StateFolder {
  /** null when the log was never read. */
  load(logId: string, now: Date): Promise<LogProgress | null>;
  /** Durable when it resolves: written beside, flushed, renamed. */
  save(logId: string, progress: LogProgress): Promise<void>;
}

/** A state folder, made when it is missing; `null` remembers nothing. */
export async function openStateFolder(folder: string | null): Promise<StateFolder> {
  if (folder === null) return { load: () => Promise.resolve(null), save: () => Promise.resolve() };
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw unusable(folder, cause);
  });
  return {
    load: (logId, now) => load(pathOf(folder, logId), now),
    save: (logId, progress) => save(pathOf(folder, logId), serializeProgress(progress)),
  };
}

/** Log ids are base64, which file names are not made for. */
function pathOf(folder: string, logId: string): string {
  return join(folder, `${Buffer.from(logId, 'base64').toString('hex')}.json`);
}

async function load(path: string, now: Date): Promise<LogProgress | null> {
  try {
    return parseProgress(await readFile(path, 'utf8'), now.getTime());
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    if (!(error instanceof MalformedError)) throw error;
    throw new Error(`${path} is not a state file of certglass (${error.message}); remove it to start anew`, {
      cause: error,
    });
  }
}

async function save(path: string, json: string): Promise<void> {
  try {
    await replaceFile(path, json);
  } catch (cause) {
    throw unusable(path, cause);
  }
}

/** The sentence for a folder or file that cannot be written. */
export function unusable(path: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(`state cannot be kept in ${path}: ${why}`, { cause });
}
