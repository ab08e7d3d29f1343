import { open, type FileHandle } from 'node:fs/promises';
import {
  compareEntry,
  entriesUpTo,
  entryBytes,
  headerBytes,
  knownKeyCount,
} from '../x509/keys/known-keys.js';

/** A file of known private keys, searched on disk: of 10 million keys (160 MB) some 160 KB are kept in memory. */
export interface KnownKeys {
  readonly count: number;
  /** True when the hash (see knownKeyHash; lower-case hex) is in the file. One read of 16 KiB. */
  has(sha256: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Entries in one block, the first of which is kept in memory. */
const blockEntries = 1024;
const blockBytes = blockEntries * entryBytes;

/**
 * Opens such a file and reads it through once, to see that it is whole and sorted. Throws Error, naming the file, when it is not.
 * The file must not be changed while it is open: put a new one in its place instead.
 */
export async function openKnownKeys(path: string): Promise<KnownKeys> {
  const file = await open(path);
  try {
    const header = await readAt(file, 0, headerBytes);
    const count = knownKeyCount(header, (await file.stat()).size);
    const index = await indexOf(file, count);
    return { count, has: (sha256) => search(file, count, index, sha256), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** The first entry of every block. Throws when the entries do not ascend. */
async function indexOf(file: FileHandle, count: number): Promise<Buffer> {
  const index = Buffer.alloc(Math.ceil(count / blockEntries) * entryBytes);
  let last = Buffer.alloc(0);
  for (let block = 0; block * blockEntries < count; block += 1) {
    const entries = await blockAt(file, count, block);
    checkAscending(last, entries, block);
    entries.copy(index, block * entryBytes, 0, entryBytes);
    last = Buffer.from(entries.subarray(-entryBytes));
  }
  return index;
}

function checkAscending(last: Buffer, entries: Buffer, block: number): void {
  let before = last;
  for (let at = 0; at * entryBytes < entries.length; at += 1) {
    if (before.length > 0 && compareEntry(entries, at, before) <= 0)
      throw new Error(`The file of known keys is not sorted at entry ${block * blockEntries + at}.`);
    before = entries.subarray(at * entryBytes, (at + 1) * entryBytes);
  }
}

async function search(file: FileHandle, count: number, index: Buffer, sha256: string): Promise<boolean> {
  const wanted = Buffer.from(sha256, 'hex');
  const block = wanted.length < entryBytes ? -1 : entriesUpTo(index, wanted) - 1;
  if (block < 0) return false;
  const entries = await blockAt(file, count, block);
  return compareEntry(entries, entriesUpTo(entries, wanted) - 1, wanted) === 0;
}

function blockAt(file: FileHandle, count: number, block: number): Promise<Buffer> {
  const entries = Math.min(blockEntries, count - block * blockEntries);
  return readAt(file, headerBytes + block * blockBytes, entries * entryBytes);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw new Error('The file of known keys is cut off or has trailing bytes.');
  return buffer;
}
