import { randomUUID } from 'node:crypto';
import { setImmediate as yieldToLoop } from 'node:timers/promises';
import type { StoreConfig } from './config.js';
import type { InsertBatch } from './database.js';
import { BlockBuilder } from './rows/block.js';
import type { RowCodec } from './rows/column.js';

/** Rows encoded at a time. */
const slice = 250;
/** Bytes encoded before other work gets its turn, whoever writes them: a few milliseconds. */
const turnBytes = 262_144;

/** Takes a batch and resolves when it is durable; rejects only when it never can be. */
export type Sender = (batch: InsertBatch) => Promise<void>;
/** Resolves when rows may be taken in. */
export type Admit = () => Promise<void>;

/**
 * Gathers rows into inserts: full ones at once, others not more often than `ageMs` per table. One insert per table is on its way at
 * a time, so rows of a table are stored in the order they were written; of bulk, whose order means nothing, there may be two. Writers of bulk (what scans and logs bring) wait while too
 * many bytes are pending, or while they are not admitted; findings and the like always pass.
 */
export class Writer {
  readonly #limits: StoreConfig['batch'];
  readonly #send: Sender;
  readonly #admit: Admit;
  readonly #tables = new Map<string, TableQueue<unknown>>();
  readonly #waiting: (() => void)[] = [];
  #pendingBytes = 0;
  /** Since other work had its turn. */
  #encodedBytes = 0;
  #turn: Promise<void> | null = null;

  constructor(limits: StoreConfig['batch'], send: Sender, admit: Admit = () => Promise.resolve()) {
    this.#limits = limits;
    this.#send = send;
    this.#admit = admit;
  }

  /** Bytes encoded and not yet durable. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Writes rows; resolves when all of them are durable. */
  async write<Row>(codec: RowCodec<Row>, rows: readonly Row[]): Promise<void> {
    const queue = this.#queue(codec);
    const written: Promise<void>[] = [];
    for (let start = 0; start < rows.length; start += slice) {
      const some = rows.length <= slice ? rows : rows.slice(start, start + slice);
      if (codec.isBulk === true) await this.#admit();
      // Those that wait are let go together: each looks again before it encodes.
      while (codec.isBulk === true && this.#isBusy()) await this.#relief();
      written.push(queue.add(some));
    }
    await Promise.all(written);
  }

  #isFull(): boolean {
    return this.#pendingBytes >= this.#limits.pendingMiB * 1_048_576;
  }

  #isBusy(): boolean {
    return this.#isFull() || this.#encodedBytes >= turnBytes;
  }

  /** Resolves when there may be room, or other work had its turn. */
  #relief(): Promise<void> {
    if (this.#isFull()) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#turn ??= yieldToLoop().then(() => {
      this.#encodedBytes = 0;
      this.#turn = null;
    });
    return this.#turn;
  }

  /** Sends everything that waits, now. */
  async flush(): Promise<void> {
    await Promise.all([...this.#tables.values()].map((queue) => queue.flush()));
  }

  #queue<Row>(codec: RowCodec<Row>): TableQueue<Row> {
    const known = this.#tables.get(codec.table);
    if (known !== undefined) return known;
    const count = (bytes: number): void => {
      this.#pendingBytes += bytes;
      this.#encodedBytes += Math.max(0, bytes);
      if (bytes < 0) for (const proceed of this.#waiting.splice(0)) proceed();
    };
    const queue = new TableQueue(codec, this.#limits, this.#send, count);
    this.#tables.set(codec.table, queue);
    return queue;
  }
}

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/** The rows of one table that wait to be sent. */
class TableQueue<Row> {
  readonly #codec: RowCodec<Row>;
  readonly #limits: StoreConfig['batch'];
  readonly #send: Sender;
  readonly #count: (bytes: number) => void;
  #block: BlockBuilder<Row>;
  /** Empty blocks whose memory is used again while rows keep coming. */
  #spare: BlockBuilder<Row>[] = [];
  #blockBytes = 0;
  #waiters: Waiter[] = [];
  readonly #running = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | null = null;
  #lastSentMs = -Infinity;

  constructor(
    codec: RowCodec<Row>,
    limits: StoreConfig['batch'],
    send: Sender,
    count: (bytes: number) => void,
  ) {
    this.#codec = codec;
    this.#limits = limits;
    this.#send = send;
    this.#count = count;
    this.#block = new BlockBuilder(codec);
  }

  async add(rows: readonly Row[]): Promise<void> {
    this.#block.add(rows);
    const bytes = this.#block.length;
    this.#count(bytes - this.#blockBytes);
    this.#blockBytes = bytes;
    await new Promise<void>((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#schedule();
    });
  }

  async flush(): Promise<void> {
    while (this.#waiters.length > 0 || this.#running.size > 0) {
      if (this.#running.size === 0) this.#start();
      await Promise.all(this.#running);
    }
  }

  #schedule(): void {
    const full = this.#block.rows >= this.#limits.rows || this.#blockBytes >= this.#limits.maxMiB * 1_048_576;
    const most = full && this.#codec.isBulk === true ? 2 : 1;
    if (this.#running.size >= most || this.#waiters.length === 0) return;
    const waitMs = full ? 0 : this.#lastSentMs + this.#limits.ageMs - performance.now();
    if (waitMs <= 0) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), waitMs);
  }

  #start(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const [block, waiters, bytes] = [this.#block, this.#waiters, this.#blockBytes];
    this.#block = this.#spare.pop() ?? new BlockBuilder(this.#codec);
    this.#blockBytes = 0;
    this.#waiters = [];
    this.#lastSentMs = performance.now();
    const running = this.#store(block, waiters).finally(() => {
      this.#count(-bytes);
      this.#running.delete(running);
      this.#schedule();
    });
    this.#running.add(running);
  }

  async #store(block: BlockBuilder<Row>, waiters: readonly Waiter[]): Promise<void> {
    const { table, columns } = this.#codec;
    try {
      await this.#send({
        table,
        columns: columns.map((column) => column.name),
        rows: block.rows,
        pieces: block.finish(),
        token: randomUUID(),
      });
      this.#keep(block);
      for (const waiter of waiters) waiter.resolve();
    } catch (error) {
      for (const waiter of waiters) waiter.reject(error);
    }
  }

  #keep(block: BlockBuilder<Row>): void {
    block.clear();
    if (this.#waiters.length > 0) this.#spare.push(block);
    else this.#spare = [];
  }
}
