import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processIdentity } from './process-identity.js';

/** A folder is in use by another process. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}

const mark = /^lock-(\d+)-(\d*)$/;
const tries = 6;
const longestWaitMs = 80;

/**
 * Marks a folder as used by this process, with an empty file in it whose name is that of the process. Of those that come at once each
 * sees the other's mark, or was too early to: who sees one gives way and comes again a little later. The mark of a process that has ended
 * counts for nothing. Returns what takes the mark away. Throws {@link FolderInUseError} when another process has the folder.
 */
export async function lockFolder(dir: string): Promise<() => Promise<void>> {
  const own = `lock-${processIdentity(process.pid).replace(' ', '-')}`;
  for (let left = tries; ; left -= 1) {
    const owner = (await create(join(dir, own))) ? await otherOwner(dir, own) : process.pid;
    if (owner === null) return () => rm(join(dir, own), { force: true });
    if (owner !== process.pid) await rm(join(dir, own), { force: true });
    if (left === 1)
      throw new FolderInUseError(
        `the folder ${dir} is in use by process ${owner}; stop that one, or choose another folder`,
      );
    await delay(Math.random() * longestWaitMs);
  }
}

async function create(path: string): Promise<boolean> {
  try {
    await writeFile(path, '', { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Process id of another living process that has marked the folder. Marks of those that have ended are removed. */
async function otherOwner(dir: string, own: string): Promise<number | null> {
  for (const name of await readdir(dir)) {
    const [, pid, start] = mark.exec(name) ?? [];
    if (name === own || pid === undefined) continue;
    if (processIdentity(Number(pid)) === `${pid} ${start}`) return Number(pid);
    await rm(join(dir, name), { force: true });
  }
  return null;
}
