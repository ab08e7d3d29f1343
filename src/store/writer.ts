import { createHash } from 'node:crypto';
import { setImmediate as yieldToLoop } from 'node:timers/promises';
import type { StoreConfig } from './config.js';
import type { InsertBatch } from './database.js';
import { encodeRow, type RowCodec } from './rows/encode.js';

/** Rows encoded at a time before other work gets its turn. */
const slice = 500;

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/** Rows of one table that wait to be sent. */
interface Pending {
  readonly lines: string[];
  readonly waiters: Waiter[];
  bytes: number;
}

/**
 * Gathers rows into inserts: full ones at once, others not more often than `ageMs` per table. One insert per table is on its way at
 * a time, so rows of a table are stored in the order they were written. Writers wait while too many bytes are pending.
 */
export class Writer {
  readonly #limits: StoreConfig['batch'];
  readonly #send: (batch: InsertBatch) => Promise<void>;
  readonly #tables = new Map<string, TableQueue>();
  readonly #room: (() => void)[] = [];
  #pendingBytes = 0;

  /** `send` resolves when a batch is durable and rejects only when it never can be. */
  constructor(limits: StoreConfig['batch'], send: (batch: InsertBatch) => Promise<void>) {
    this.#limits = limits;
    this.#send = send;
  }

  /** Bytes encoded and not yet durable. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Writes rows; resolves when all of them are durable. */
  async write<T>(codec: RowCodec<T>, values: readonly T[]): Promise<void> {
    const queue = this.#queue(codec);
    const written: Promise<void>[] = [];
    for (let start = 0; start < values.length; start += slice) {
      while (this.#pendingBytes >= this.#limits.pendingMiB * 1_048_576)
        await new Promise<void>((resolve) => this.#room.push(resolve));
      const lines = values.slice(start, start + slice).map((value) => encodeRow(codec.encode(value)));
      written.push(queue.add(lines));
      if (start + slice < values.length) await yieldToLoop();
    }
    await Promise.all(written);
  }

  /** Sends everything that waits, now. */
  async flush(): Promise<void> {
    await Promise.all([...this.#tables.values()].map((queue) => queue.flush()));
  }

  #queue<T>(codec: RowCodec<T>): TableQueue {
    const known = this.#tables.get(codec.table);
    if (known !== undefined) return known;
    const count = (bytes: number): void => {
      this.#pendingBytes += bytes;
      if (bytes < 0) for (const proceed of this.#room.splice(0)) proceed();
    };
    const queue = new TableQueue(codec.table, codec.columns, this.#limits, this.#send, count);
    this.#tables.set(codec.table, queue);
    return queue;
  }
}

class TableQueue {
  readonly #table: string;
  readonly #columns: readonly string[];
  readonly #limits: StoreConfig['batch'];
  readonly #send: (batch: InsertBatch) => Promise<void>;
  readonly #count: (bytes: number) => void;
  #pending: Pending = { lines: [], waiters: [], bytes: 0 };
  #running: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #lastSentMs = -Infinity;

  constructor(
    table: string,
    columns: readonly string[],
    limits: StoreConfig['batch'],
    send: (batch: InsertBatch) => Promise<void>,
    count: (bytes: number) => void,
  ) {
    this.#table = table;
    this.#columns = columns;
    this.#limits = limits;
    this.#send = send;
    this.#count = count;
  }

  add(lines: readonly string[]): Promise<void> {
    const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
    this.#count(bytes);
    this.#pending.bytes += bytes;
    for (const line of lines) this.#pending.lines.push(line);
    return new Promise((resolve, reject) => {
      this.#pending.waiters.push({ resolve, reject });
      this.#schedule();
    });
  }

  async flush(): Promise<void> {
    while (this.#pending.lines.length > 0 || this.#running !== null) {
      if (this.#running === null) this.#start();
      await this.#running;
    }
  }

  #schedule(): void {
    if (this.#running !== null || this.#pending.lines.length === 0) return;
    const full =
      this.#pending.lines.length >= this.#limits.rows ||
      this.#pending.bytes >= this.#limits.maxMiB * 1_048_576;
    const waitMs = full ? 0 : this.#lastSentMs + this.#limits.ageMs - performance.now();
    if (waitMs <= 0) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), waitMs);
  }

  #start(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const pending = this.#pending;
    this.#pending = { lines: [], waiters: [], bytes: 0 };
    this.#lastSentMs = performance.now();
    this.#running = this.#store(pending).finally(() => {
      this.#count(-pending.bytes);
      this.#running = null;
      this.#schedule();
    });
  }

  async #store(pending: Pending): Promise<void> {
    try {
      await this.#send(batchOf(this.#table, this.#columns, pending.lines));
      for (const waiter of pending.waiters) waiter.resolve();
    } catch (error) {
      for (const waiter of pending.waiters) waiter.reject(error);
    }
  }
}

/** A batch whose token follows from its content: the same rows sent again, by whomever, are stored once. */
export function batchOf(table: string, columns: readonly string[], lines: readonly string[]): InsertBatch {
  const bytes = Buffer.from(`${lines.join('\n')}\n`, 'utf8');
  const token = createHash('sha256')
    .update(`${table}(${columns.join()})`)
    .update(bytes)
    .digest('hex')
    .slice(0, 32);
  return { table, columns, bytes, token };
}
