import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { replaceFile } from '../lib/replace-file.js';
import type { InsertBatch } from './database.js';
import { lockFolder } from './folder-lock.js';

/** Second line of a batch's file, JSON; the block follows. The first line is the SHA-256 of all that comes after it. */
type Header = Omit<InsertBatch, 'pieces'>;

interface Entry {
  readonly name: string;
  readonly bytes: number;
}

/** Batches of one table that go into the database as one insert, under the token of the first. */
interface Group {
  readonly entries: Entry[];
  rows: number;
  bytes: number;
  /** Stands alone since the database refused the group it was in. */
  readonly isSplit?: true;
}

/** Where a batch stands, and which batch leads its group. */
const batchFile = /^\d{12}-(\d{12})[.]batch$/;

/** Most of one insert; a larger batch goes alone. */
export interface GroupLimits {
  readonly rows: number;
  readonly maxMiB: number;
}

/**
 * Batches that wait on disk, in order. One file a batch, written under another name, synced and then renamed, so that whatever
 * has its final name is whole; a checksum tells when the disk has changed it. Files that cannot be used are kept beside it.
 *
 * An insert costs the database far more than its rows do, so batches of one table are gathered into groups. Who is in a group is part of
 * the files' names and never changes once the group was handed out: a group that is sent again, even by the next process, is the same.
 * No token ever stands for other rows than before, or the database would take new rows for a repetition.
 */
export class Spool {
  readonly #dir: string;
  readonly #maxBytes: number;
  readonly #limits: GroupLimits;
  readonly #log: Logger;
  readonly #unlock: () => Promise<void>;
  readonly #groups: Group[];
  /** Groups that may still grow, by table. */
  readonly #open = new Map<string, Group>();
  #bytes: number;
  #nextNumber: number;
  #appending: Promise<unknown> = Promise.resolve();

  private constructor(
    folder: { readonly dir: string; readonly maxBytes: number; readonly limits: GroupLimits },
    log: Logger,
    unlock: () => Promise<void>,
    groups: Group[],
    lastNumber: number,
  ) {
    this.#dir = folder.dir;
    this.#maxBytes = folder.maxBytes;
    this.#limits = folder.limits;
    this.#log = log;
    this.#unlock = unlock;
    this.#groups = groups;
    this.#bytes = groups.reduce((sum, group) => sum + group.bytes, 0);
    this.#nextNumber = lastNumber + 1;
  }

  /** Opens a folder, made when absent, with what an earlier process left there. Throws FolderInUseError when another process has it. */
  static async open(dir: string, maxBytes: number, limits: GroupLimits, log: Logger): Promise<Spool> {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const unlock = await lockFolder(dir);
    const names = (await readdir(dir)).sort();
    await Promise.all(
      names.filter((name) => name.endsWith('.partial')).map((name) => rm(join(dir, name), { force: true })),
    );
    const groups = new Map<string, Group>();
    for (const name of names) {
      const leader = batchFile.exec(name)?.[1];
      if (leader === undefined) continue;
      const group = groups.get(leader) ?? { entries: [], rows: 0, bytes: 0 };
      groups.set(leader, group);
      const { size } = await stat(join(dir, name));
      group.entries.push({ name, bytes: size });
      group.bytes += size;
    }
    // Files that were set aside keep their numbers.
    const lastNumber = Number(names.findLast((name) => /^\d{12}-/.test(name))?.slice(0, 12) ?? 0);
    return new Spool({ dir, maxBytes, limits }, log, unlock, [...groups.values()], lastNumber);
  }

  /** True when nothing waits. */
  get isEmpty(): boolean {
    return this.#groups.length === 0;
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Names of the files that were set aside by this process or an earlier one. */
  async setAside(): Promise<readonly string[]> {
    return (await readdir(this.#dir)).filter((name) => /[.]batch[.](damaged|refused)$/.test(name)).sort();
  }

  /**
   * Stores a batch behind the others; resolves true when it is on disk, false when there is no room. Throws when the disk fails. One that
   * `wasTried` may be in the database already, under its own token, and so stays alone.
   */
  append(batch: InsertBatch, wasTried = false): Promise<boolean> {
    const appended = this.#appending.then(() => this.#append(batch, wasTried));
    this.#appending = appended.catch(() => undefined);
    return appended;
  }

  /** The first group as one batch; null when none waits. Damaged files are set aside and passed over. */
  async first(): Promise<InsertBatch | null> {
    for (let group = this.#close(); group !== undefined; group = this.#close()) {
      // What is being appended may belong to it still.
      await this.#appending;
      const batches: InsertBatch[] = [];
      for (const entry of [...group.entries]) {
        const batch = await this.#read(entry);
        if (batch !== null) batches.push(batch);
        else await this.#setAside(group, entry, 'damaged');
      }
      const [leader] = batches;
      if (leader === undefined) continue;
      const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
      const token = group.isSplit === true ? `${leader.token} alone` : leader.token;
      return { ...leader, token, rows, pieces: batches.flatMap(({ pieces }) => pieces) };
    }
    return null;
  }

  /** Gives the folder back. */
  async close(): Promise<void> {
    await this.#appending;
    await this.#unlock();
  }

  /** Drops the first group: it is in the database. The leader goes last, so that what a crash leaves of it is known by its token. */
  async removeFirst(): Promise<void> {
    const [group] = this.#groups;
    for (const entry of [...(group?.entries ?? [])].reverse()) {
      await rm(join(this.#dir, entry.name), { force: true });
      if (group !== undefined) this.#forget(group, entry);
    }
  }

  /**
   * Deals with a first group that the database refuses for what it is: its batches will come one by one, and a batch that stands alone is kept in its
   * file for a person to look at. True when one was.
   */
  async refuseFirst(): Promise<boolean> {
    const [group] = this.#groups;
    const [entry, ...others] = group?.entries ?? [];
    if (group === undefined || entry === undefined) return false;
    if (others.length === 0) {
      await this.#setAside(group, entry, 'refused');
      return true;
    }
    const alone = group.entries.map((one): Group => ({
      entries: [one],
      rows: 0,
      bytes: one.bytes,
      isSplit: true,
    }));
    this.#groups.splice(0, 1, ...alone);
    return false;
  }

  /** The first group, to which nothing is added from now on. */
  #close(): Group | undefined {
    const [group] = this.#groups;
    for (const [table, open] of this.#open) if (open === group) this.#open.delete(table);
    return group;
  }

  /** The batch in a file; null when the file cannot be read, or is not as it was written. */
  async #read({ name }: Entry): Promise<InsertBatch | null> {
    try {
      return parse(await readFile(join(this.#dir, name)));
    } catch (error) {
      this.#log.error({ file: name, error: String(error) }, 'spooled batch cannot be read');
      return null;
    }
  }

  async #setAside(group: Group, entry: Entry, reason: 'damaged' | 'refused'): Promise<void> {
    this.#log.error({ file: entry.name, bytes: entry.bytes, reason }, 'spooled batch is set aside');
    const path = join(this.#dir, entry.name);
    await rename(path, `${path}.${reason}`).catch((error: NodeJS.ErrnoException) => {
      // Somebody took the file away; what is left to do is to go on.
      if (error.code !== 'ENOENT') throw error;
    });
    this.#forget(group, entry);
  }

  #forget(group: Group, entry: Entry): void {
    group.entries.splice(group.entries.indexOf(entry), 1);
    this.#bytes -= entry.bytes;
    if (group.entries.length === 0) this.#groups.splice(this.#groups.indexOf(group), 1);
  }

  /** The group a batch goes into; a new one when there is none with room. */
  #groupFor(batch: InsertBatch, bytes: number): Group {
    const open = this.#open.get(batch.table);
    const fits =
      open !== undefined &&
      open.rows + batch.rows <= this.#limits.rows &&
      open.bytes + bytes <= this.#limits.maxMiB * 1_048_576;
    return fits ? open : { entries: [], rows: 0, bytes: 0 };
  }

  async #append(batch: InsertBatch, wasTried: boolean): Promise<boolean> {
    const { pieces, ...header } = batch;
    const body = [Buffer.from(`${JSON.stringify(header)}\n`), ...pieces];
    const content = [Buffer.from(`${sha256(body)}\n`), ...body];
    const bytes = content.reduce((sum, piece) => sum + piece.length, 0);
    if (this.#bytes + bytes > this.#maxBytes) return false;
    const number = String(this.#nextNumber).padStart(12, '0');
    const group = wasTried ? { entries: [], rows: 0, bytes: 0 } : this.#groupFor(batch, bytes);
    const name = `${number}-${group.entries[0]?.name.slice(0, 12) ?? number}.batch`;
    await this.#write(name, content);
    this.#nextNumber += 1;
    this.#bytes += bytes;
    group.entries.push({ name, bytes });
    group.rows += batch.rows;
    group.bytes += bytes;
    if (group.entries.length === 1) {
      this.#groups.push(group);
      if (!wasTried) this.#open.set(batch.table, group);
    }
    return true;
  }

  #write(name: string, pieces: readonly Uint8Array[]): Promise<void> {
    return replaceFile(join(this.#dir, name), async (file) => {
      for (const piece of pieces) await file.writeFile(piece);
    });
  }
}

function parse(content: Buffer): InsertBatch | null {
  const end = content.indexOf(10);
  const body = content.subarray(end + 1);
  if (end === -1 || content.toString('latin1', 0, end) !== sha256([body])) return null;
  const headerEnd = body.indexOf(10);
  const header = JSON.parse(body.toString('utf8', 0, headerEnd)) as Header;
  return { ...header, pieces: [body.subarray(headerEnd + 1)] };
}

function sha256(pieces: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}
