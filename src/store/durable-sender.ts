import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { isRefused, type Database, type InsertBatch } from './database.js';
import type { Spool } from './spool.js';

const firstWaitMs = 50;
const longestWaitMs = 5_000;

/** What is wrong with writing; null parts are well. */
export interface SenderState {
  /** Since when the database takes no inserts. */
  readonly failingSince: Date | null;
  readonly lastError: string | null;
  readonly spooledBytes: number;
  /** Why ingest stands still: the spool is full, or cannot be written. */
  readonly blocked: string | null;
}

/**
 * Makes batches durable: in the database or, when that fails for longer than `spoolAfterMs`, in the spool on disk, from where they
 * are inserted in order once the database is back. While anything is spooled everything goes there, so that the order holds.
 * When the spool is full, writers wait.
 */
export class DurableSender {
  readonly #database: Database;
  readonly #spool: Spool;
  readonly #spoolAfterMs: number;
  readonly #log: Logger;
  readonly #stop = new AbortController();
  #draining: Promise<void> | null = null;
  #failingSince: Date | null = null;
  #lastError: string | null = null;
  #blocked: string | null = null;

  constructor(database: Database, spool: Spool, spoolAfterMs: number, log: Logger) {
    this.#database = database;
    this.#spool = spool;
    this.#spoolAfterMs = spoolAfterMs;
    this.#log = log;
    if (!spool.isEmpty) this.#startDraining();
  }

  /** How writing fares. */
  get state(): SenderState {
    return {
      failingSince: this.#failingSince,
      lastError: this.#lastError,
      spooledBytes: this.#spool.bytes,
      blocked: this.#blocked,
    };
  }

  /** Files of batches that could not be read, or that the database refused. */
  setAside(): Promise<readonly string[]> {
    return this.#spool.setAside();
  }

  /** Resolves when the batch is durable; rejects when the database can never take it, or the sender is closed before. */
  async send(batch: InsertBatch): Promise<void> {
    const isTried = this.#spool.isEmpty;
    if (isTried && (await this.#insertSoon(batch))) return;
    await this.#append(batch, isTried);
    this.#startDraining();
  }

  /** Stops draining; what is spooled stays for the next start. */
  async close(): Promise<void> {
    this.#stop.abort(new Error('the store is closed'));
    await this.#draining;
    await this.#spool.close();
  }

  /** Tries the database for `spoolAfterMs`; false when it took nothing in that time. */
  async #insertSoon(batch: InsertBatch): Promise<boolean> {
    const deadline = performance.now() + this.#spoolAfterMs;
    for (let waitMs = firstWaitMs; ; waitMs *= 2) {
      try {
        await this.#database.insert(batch);
        this.#wentWell();
        return true;
      } catch (error) {
        if (isRefused(error)) throw error;
        this.#wentWrong(batch, error);
      }
      if (this.#stop.signal.aborted || performance.now() + waitMs > deadline) return false;
      await delay(waitMs);
    }
  }

  /** Puts the batch into the spool, waiting for room as long as it takes. */
  async #append(batch: InsertBatch, isTried: boolean): Promise<void> {
    let wasTried = isTried;
    for (;;) {
      try {
        if (await this.#spool.append(batch, wasTried)) break;
        this.#block('the spool is full');
      } catch (error) {
        this.#block(`the spool cannot be written: ${String(error)}`);
      }
      this.#startDraining();
      await delay(500, undefined, { signal: this.#stop.signal });
      // The database may be back while the spool's disk is not.
      if (!this.#spool.isEmpty) continue;
      wasTried = true;
      if (await this.#insertSoon(batch)) break;
    }
    this.#blocked = null;
  }

  #block(reason: string): void {
    if (this.#blocked === null) this.#log.error({ reason }, 'ingest stands still');
    this.#blocked = reason;
  }

  #startDraining(): void {
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = null;
      // A batch may have been spooled after the last look.
      if (!this.#spool.isEmpty && !this.#stop.signal.aborted) this.#startDraining();
    });
  }

  async #drain(): Promise<void> {
    let waitMs = firstWaitMs;
    while (!this.#stop.signal.aborted) {
      try {
        const batch = await this.#spool.first();
        if (batch === null) return;
        await this.#insertSpooled(batch);
        waitMs = firstWaitMs;
      } catch (error) {
        this.#lastError = String(error);
        await delay(waitMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
        waitMs = Math.min(waitMs * 2, longestWaitMs);
      }
    }
  }

  async #insertSpooled(batch: InsertBatch): Promise<void> {
    try {
      await this.#database.insert(batch);
      this.#wentWell();
      await this.#spool.removeFirst();
    } catch (error) {
      if (!isRefused(error)) {
        this.#wentWrong(batch, error);
        throw error;
      }
      if (await this.#spool.refuseFirst())
        this.#log.error({ table: batch.table, rows: batch.rows, error: String(error) }, 'batch refused');
    }
  }

  #wentWell(): void {
    if (this.#failingSince !== null)
      this.#log.info({ since: this.#failingSince }, 'database takes inserts again');
    this.#failingSince = null;
    this.#lastError = null;
  }

  #wentWrong(batch: InsertBatch, error: unknown): void {
    this.#lastError = String(error);
    if (this.#failingSince !== null) return;
    this.#failingSince = new Date();
    this.#log.warn(
      { table: batch.table, rows: batch.rows, error: this.#lastError },
      'insert failed, will try again',
    );
  }
}
