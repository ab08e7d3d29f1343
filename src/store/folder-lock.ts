import { open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processIdentity, readOr } from './process-identity.js';

/** A folder is in use by another process. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}

/**
 * Marks a folder as used by this process, with a file `lock` in it that names the process. The mark of a process that has ended
 * counts for nothing. Returns what takes the mark away. Throws {@link FolderInUseError} when another process has the folder.
 */
export async function lockFolder(dir: string): Promise<() => Promise<void>> {
  const path = join(dir, 'lock');
  const mine = processIdentity(process.pid);
  for (;;) {
    try {
      const file = await open(path, 'wx', 0o600);
      await file.writeFile(mine);
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = readOr(path, '');
    const pid = Number(owner.split(' ')[0]);
    if (owner !== '' && processIdentity(pid) === owner)
      throw new FolderInUseError(
        `the folder ${dir} is in use by process ${pid}; stop that one, or choose another folder`,
      );
    // Taking the stale file away by name could hit one made meanwhile; a rename hits only what is there now.
    const stale = join(dir, `lock.${process.pid}.stale`);
    await rename(path, stale).catch(() => writeFile(stale, ''));
    await rm(stale, { force: true });
  }
}
