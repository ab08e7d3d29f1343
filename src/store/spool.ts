import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { InsertBatch } from './database.js';
import { lockFolder } from './folder-lock.js';

/** First line of a batch's file, JSON; the block follows. */
interface Header {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly token: string;
  readonly bytes: number;
  /** SHA-256 of the block. */
  readonly sha256: string;
}

interface Entry {
  readonly name: string;
  readonly bytes: number;
}

const batchFile = /^\d{12}\.batch$/;

/**
 * Batches that wait on disk, in order. One file a batch, written under another name, synced and then renamed, so that whatever
 * has its final name is whole; a checksum tells when the disk has changed it. Files that cannot be used are kept beside it.
 */
export class Spool {
  readonly #dir: string;
  readonly #maxBytes: number;
  readonly #log: Logger;
  readonly #unlock: () => Promise<void>;
  readonly #entries: Entry[];
  #bytes: number;
  #nextNumber: number;
  #appending: Promise<unknown> = Promise.resolve();

  private constructor(
    dir: string,
    maxBytes: number,
    log: Logger,
    unlock: () => Promise<void>,
    entries: Entry[],
  ) {
    this.#dir = dir;
    this.#maxBytes = maxBytes;
    this.#log = log;
    this.#unlock = unlock;
    this.#entries = entries;
    this.#bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    this.#nextNumber = Number(entries.at(-1)?.name.slice(0, 12) ?? 0) + 1;
  }

  /** Opens a folder, made when absent, with what an earlier process left there. Throws FolderInUseError when another process has it. */
  static async open(dir: string, maxBytes: number, log: Logger): Promise<Spool> {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const unlock = await lockFolder(dir);
    const names = (await readdir(dir)).sort();
    await Promise.all(
      names.filter((name) => name.endsWith('.partial')).map((name) => rm(join(dir, name), { force: true })),
    );
    const entries: Entry[] = [];
    for (const name of names) {
      if (batchFile.test(name)) entries.push({ name, bytes: (await stat(join(dir, name))).size });
    }
    return new Spool(dir, maxBytes, log, unlock, entries);
  }

  /** Batches waiting. */
  get count(): number {
    return this.#entries.length;
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Stores a batch behind the others; resolves true when it is on disk, false when there is no room. Throws when the disk fails. */
  append(batch: InsertBatch): Promise<boolean> {
    const appended = this.#appending.then(() => this.#append(batch));
    this.#appending = appended.catch(() => undefined);
    return appended;
  }

  /** The first batch; null when none waits. A damaged file is set aside and passed over. */
  async first(): Promise<InsertBatch | null> {
    for (;;) {
      const entry = this.#entries[0];
      if (entry === undefined) return null;
      const batch = parse(await readFile(join(this.#dir, entry.name)));
      if (batch !== null) return batch;
      this.#log.error({ file: entry.name, bytes: entry.bytes }, 'spooled batch is damaged, set aside');
      await this.setFirstAside('damaged');
    }
  }

  /** Gives the folder back. */
  async close(): Promise<void> {
    await this.#appending;
    await this.#unlock();
  }

  /** Drops the first batch: it is in the database. */
  async removeFirst(): Promise<void> {
    const entry = this.#entries[0];
    if (entry === undefined) return;
    await rm(join(this.#dir, entry.name), { force: true });
    this.#forgetFirst();
  }

  /** Keeps the first batch's file for a person to look at, and goes on without it. */
  async setFirstAside(reason: 'damaged' | 'refused'): Promise<void> {
    const entry = this.#entries[0];
    if (entry === undefined) return;
    await rename(join(this.#dir, entry.name), join(this.#dir, `${entry.name}.${reason}`));
    this.#forgetFirst();
  }

  #forgetFirst(): void {
    this.#bytes -= this.#entries.shift()?.bytes ?? 0;
  }

  async #append(batch: InsertBatch): Promise<boolean> {
    const hash = createHash('sha256');
    for (const piece of batch.pieces) hash.update(piece);
    const header: Header = {
      table: batch.table,
      columns: batch.columns,
      rows: batch.rows,
      token: batch.token,
      bytes: batch.pieces.reduce((sum, piece) => sum + piece.length, 0),
      sha256: hash.digest('hex'),
    };
    const line = Buffer.from(`${JSON.stringify(header)}\n`);
    const bytes = line.length + header.bytes;
    if (this.#bytes + bytes > this.#maxBytes) return false;
    const name = `${String(this.#nextNumber).padStart(12, '0')}.batch`;
    await this.#write(name, [line, ...batch.pieces]);
    this.#nextNumber += 1;
    this.#entries.push({ name, bytes });
    this.#bytes += bytes;
    return true;
  }

  async #write(name: string, pieces: readonly Uint8Array[]): Promise<void> {
    const path = join(this.#dir, name);
    const partial = `${path}.partial`;
    try {
      const file = await open(partial, 'w', 0o600);
      try {
        for (const piece of pieces) await file.writeFile(piece);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    const dir = await open(this.#dir, constants.O_RDONLY);
    try {
      await dir.sync();
    } finally {
      await dir.close();
    }
  }
}

function parse(content: Buffer): InsertBatch | null {
  const end = content.indexOf(10);
  if (end === -1) return null;
  const block = content.subarray(end + 1);
  let header: Header;
  try {
    header = JSON.parse(content.toString('utf8', 0, end)) as Header;
  } catch {
    return null;
  }
  if (createHash('sha256').update(block).digest('hex') !== header.sha256) return null;
  return {
    table: header.table,
    columns: header.columns,
    rows: header.rows,
    token: header.token,
    pieces: [block],
  };
}
