import { readdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StatementError } from './statement.js';

/** A disk with less free counts as full. */
const fullBelowBytes = 16 * 1_048_576;
const lookEveryMs = 100;

/** What the watch asks of the engine it watches over; answers are TabSeparatedRaw. */
type Ask = (sql: string) => Promise<string>;

/**
 * Guards against what the engine does on a full disk (ClickHouse 26.7): a merge, and now and then an insert, that finds no room for
 * its file of marks is taken for done all the same, and the part cannot be read. While the disk is full nothing is merged, and no insert is
 * acknowledged; a broken part ends the process. An engine that is killed leaves the parts a merge was made of, and the next
 * one takes those instead of the broken one when it opens the folder; one that is closed in an orderly way would delete them.
 * The process ends as well once there is room again, so that nothing of that time is left.
 */
export class DiskWatch {
  readonly #dir: string;
  readonly #ask: Ask;
  readonly #die: (why: string) => void;
  readonly #timer: NodeJS.Timeout;
  #isFull = false;

  constructor(dir: string, ask: Ask, die: (why: string) => void) {
    this.#dir = dir;
    this.#ask = ask;
    this.#die = die;
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    this.#look();
  }

  /** True from when the disk was found full until this process ends. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Runs something that writes. Rejects when the disk is full before or after it, with whatever has been written then not acknowledged. */
  async write<T>(work: () => Promise<T>): Promise<T> {
    this.#refuseWhenFull();
    const result = await work();
    this.#refuseWhenFull();
    return result;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #refuseWhenFull(): void {
    if (!this.#look()) return;
    throw new StatementError(243, 'NOT_ENOUGH_SPACE', `The disk of ${this.#dir} is full`);
  }

  #look(): boolean {
    const { bavail, bsize } = statfsSync(this.#dir);
    const free = bavail * bsize;
    if (!this.#isFull && free < fullBelowBytes) {
      this.#isFull = true;
      this.#stopMerges().catch(() => this.#die('merges cannot be stopped on a full disk'));
    }
    if (this.#isFull && free > 2 * fullBelowBytes) this.#die('the disk has room again');
    return this.#isFull;
  }

  async #stopMerges(): Promise<void> {
    await this.#ask('SYSTEM STOP MERGES');
    // Looks again and again, since an insert that was under way may end later.
    for (; this.#isFull; await new Promise((resolve) => setTimeout(resolve, lookEveryMs))) {
      const paths = await this.#ask(
        'SELECT path FROM system.parts WHERE active AND marks > 0 AND modification_time > now() - 600',
      );
      const broken = paths.split('\n').find((path) => path !== '' && isBroken(path));
      if (broken !== undefined) this.#die(`the part ${broken} is broken, written on a full disk`);
    }
  }
}

/** True when a part's folder holds an empty file of marks. */
function isBroken(path: string): boolean {
  try {
    return readdirSync(path).some(
      (name) => /\.c?mrk\d?$/.test(name) && statSync(join(path, name)).size === 0,
    );
  } catch {
    // Merged or dropped meanwhile.
    return false;
  }
}
