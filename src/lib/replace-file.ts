import { constants } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a file is to hold: bytes, text, or what a function writes into it. */
export type FileContent = string | Uint8Array | ((file: FileHandle) => Promise<void>);

/** The last replacement of each path that is under way: two at a time would write into one file. */
const underWay = new Map<string, Promise<void>>();

/**
 * Writes a whole file or nothing: the content goes into `PATH.partial`, is flushed to the disk and renamed, and the folder is
 * flushed too, so that it survives a power cut once this resolves. A missing folder is made. Calls for one path take effect in
 * order. Rejects with the reason of the file system, and then the old content stays.
 */
export async function replaceFile(path: string, content: FileContent, mode = 0o600): Promise<void> {
  const before = underWay.get(path) ?? Promise.resolve();
  const done = before.catch(() => undefined).then(() => replace(path, content, mode));
  underWay.set(path, done);
  try {
    await done;
  } finally {
    if (underWay.get(path) === done) underWay.delete(path);
  }
}

async function replace(path: string, content: FileContent, mode: number): Promise<void> {
  const folder = dirname(path);
  const partial = `${path}.partial`;
  await mkdir(folder, { recursive: true });
  try {
    const file = await open(partial, 'w', mode);
    try {
      await (typeof content === 'function' ? content(file) : file.writeFile(content));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
}

/** A rename is durable once its folder is flushed. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
