import { statfs } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';

const lookEveryMs = 1_000;

/**
 * Stops intake before the disk is full, so that room is left for findings, for merges and for whatever else lives there. Intake goes
 * on by itself once there is room again.
 */
export class DiskGuard {
  readonly #dir: string;
  readonly #minFreeBytes: number;
  readonly #log: Logger;
  readonly #stop = new AbortController();
  #isShort = false;
  #lookedAtMs = -Infinity;
  #looking: Promise<void> | null = null;

  /** Watches the disk of `dir`, which must exist; with 0 bytes it admits everything. */
  constructor(dir: string, minFreeBytes: number, log: Logger) {
    this.#dir = dir;
    this.#minFreeBytes = minFreeBytes;
    this.#log = log;
  }

  /** Why nothing is admitted; null while there is room. */
  get reason(): string | null {
    const mebibytes = Math.round(this.#minFreeBytes / 1_048_576);
    return this.#isShort ? `the disk of ${this.#dir} has less than ${mebibytes} MiB free` : null;
  }

  /** Resolves when there is room; rejects when the guard is closed before. */
  async admit(): Promise<void> {
    while (this.#minFreeBytes > 0) {
      if (performance.now() - this.#lookedAtMs > lookEveryMs) await (this.#looking ??= this.#look());
      if (!this.#isShort) return;
      await delay(lookEveryMs, undefined, { signal: this.#stop.signal });
    }
  }

  /** Lets go of those who wait. */
  close(): void {
    this.#stop.abort(new Error('the store is closed'));
  }

  async #look(): Promise<void> {
    try {
      const { bavail, bsize } = await statfs(this.#dir);
      const isShort = bavail * bsize < this.#minFreeBytes;
      if (isShort !== this.#isShort) {
        const facts = { dir: this.#dir, freeMiB: Math.round((bavail * bsize) / 1_048_576) };
        if (isShort) this.#log.error(facts, 'disk nearly full, intake stands still');
        else this.#log.info(facts, 'disk has room again, intake goes on');
      }
      this.#isShort = isShort;
    } finally {
      this.#lookedAtMs = performance.now();
      this.#looking = null;
    }
  }
}
