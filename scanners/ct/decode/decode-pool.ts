import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { MalformedError } from '../../../src/ct/bytes.js';
import type { WorkerReply, WorkerRequest } from './decode-worker.js';
import { OversizeError } from './decompress.js';
import type { PageBody } from '../read/log-reader.js';
import { pageMemory } from '../read/page-memory.js';
import type { DecodedPage } from '../read/page-collector.js';
import type { WatchList } from '../match/watch-list.js';

/** A page on which the decoder hangs, dies or trips: ours is the fault, some entry of the page the cause. */
export class UndecodableError extends Error {
  override readonly name = 'UndecodableError';
}

/** Threads that decode pages; they start when they are needed. */
export interface DecodePool {
  /**
   * Decodes what `page` holds of [start, end); its bytes are gone afterwards. `opaque` hashes the entries without reading their
   * certificates. Rejects with {@link MalformedError} for a broken page ({@link OversizeError}: one that is too large), with {@link UndecodableError} when decoding fails.
   */
  decode(page: PageBody, start: number, end: number, opaque?: boolean): Promise<DecodedPage>;
  /** Resolves while few pages wait, so that no more are downloaded than are decoded. */
  ready(): Promise<void>;
  /** Starts a thread ahead of the first page. */
  warm(): void;
  close(): Promise<void>;
}

/** Longest time for one page, of which a usual one takes a thousandth; a thread that takes longer is replaced. */
const usualJobMs = 30_000;
/** Longest time for a thread to start. */
const startMs = 120_000;
/** Pages a thread has at a time: one in work, one waiting. */
const depth = 2;

type Answer = Exclude<WorkerReply, 'ready'>;

interface Job {
  readonly page: PageBody;
  readonly start: number;
  readonly end: number;
  readonly opaque: boolean;
  readonly resolve: (page: DecodedPage) => void;
  readonly reject: (error: Error) => void;
}

/** What tests change. */
export interface DecodePoolOptions {
  readonly jobMs?: number;
  readonly worker?: URL;
}

/** A pool of at most `size` threads (null: one less than there are cores, 1 to 4) that look for `watchList`. */
export function createDecodePool(
  size: number | null,
  watchList: WatchList,
  options: DecodePoolOptions = {},
): DecodePool {
  const most = size ?? Math.min(4, Math.max(1, availableParallelism() - 1));
  const queue: Job[] = [];
  const waiting: (() => void)[] = [];
  const threads = new Set<DecodeThread>();
  let turn: NodeJS.Immediate | null = null;
  let closed = false;

  /** The thread with the least to do; a new one while all have something to do and there may be more. */
  function idlest(): DecodeThread {
    let best: DecodeThread | null = null;
    for (const thread of threads) if (best === null || thread.jobs < best.jobs) best = thread;
    if (best !== null && (best.jobs === 0 || threads.size >= most)) return best;
    const started: DecodeThread = new DecodeThread(watchList, options, pump, () => threads.delete(started));
    threads.add(started);
    return started;
  }

  function pump(): void {
    while (!closed && queue.length > 0) {
      const thread = idlest();
      const job = thread.jobs < depth ? queue.shift() : undefined;
      if (job === undefined) return;
      thread.take(job);
    }
    letGo();
  }

  /** Those who wait go on one a turn: all at once they would bring more pages than anybody asked for, and in one long turn. */
  function letGo(): void {
    if (turn !== null || waiting.length === 0 || (queue.length > 0 && !closed)) return;
    waiting.shift()?.();
    turn = setImmediate(() => {
      turn = null;
      letGo();
    });
  }

  return {
    ready: () =>
      closed || (queue.length === 0 && waiting.length === 0)
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push(resolve)),
    decode: (page, start, end, opaque = false) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new Error('decoder is closed'));
        queue.push({ page, start, end, opaque, resolve, reject });
        pump();
      }),
    warm: () => void idlest(),
    async close() {
      closed = true;
      for (const job of queue.splice(0)) job.reject(new Error('decoder is closed'));
      if (turn !== null) clearImmediate(turn);
      for (const go of waiting.splice(0)) go();
      await Promise.all([...threads].map((thread) => thread.end(new Error('decoder is closed'))));
    },
  };
}

/** One worker thread and the pages it has. When it dies or hangs the page it had in work is to blame; the others are asked for again. */
class DecodeThread {
  private readonly worker: Worker;
  private readonly running = new Map<number, Job>();
  private readonly ready: () => void;
  private readonly ended: () => void;
  private readonly jobMs: number;
  private nextId = 1;
  private started = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(watchList: WatchList, options: DecodePoolOptions, ready: () => void, ended: () => void) {
    this.ready = ready;
    this.ended = ended;
    this.jobMs = options.jobMs ?? usualJobMs;
    const file = options.worker ?? new URL('./decode-worker.js', import.meta.url);
    this.worker = new Worker(file, { workerData: watchList });
    this.worker.on('message', (reply: WorkerReply) => {
      if (reply === 'ready') this.started = true;
      else this.finish(reply);
      this.arm();
    });
    this.worker.once('error', (error) => void this.end(new UndecodableError(String(error))));
    this.worker.once(
      'exit',
      (code) => void this.end(new UndecodableError(`decoder ended with code ${code}`)),
    );
  }

  get jobs(): number {
    return this.running.size;
  }

  take(job: Job): void {
    const id = this.nextId++;
    this.running.set(id, job);
    const bytes = ownBytes(job.page.bytes);
    const { page, start, end, opaque } = job;
    const request: WorkerRequest = { id, page: { ...page, bytes }, start, end, opaque };
    this.worker.postMessage(request, [bytes.buffer]);
    if (this.running.size === 1) this.arm();
  }

  async end(reason: Error): Promise<void> {
    this.ended();
    if (this.timer !== null) clearTimeout(this.timer);
    const [inWork, ...others] = this.running.values();
    this.running.clear();
    inWork?.reject(reason);
    for (const job of others) job.reject(new MalformedError('decoder was replaced'));
    this.ready();
    await this.worker.terminate();
  }

  private finish(reply: Answer): void {
    const job = this.running.get(reply.id);
    this.running.delete(reply.id);
    pageMemory.give(reply.memory);
    if (job !== undefined) settle(job, reply);
    this.ready();
  }

  private arm(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    const ms = this.started ? this.jobMs : startMs;
    const late = (): void => void this.end(new UndecodableError(`page not decoded in ${ms} ms`));
    this.timer = this.running.size > 0 ? setTimeout(late, ms) : null;
  }
}

function settle(job: Job, reply: Answer): void {
  if ('decoded' in reply) return job.resolve(reply.decoded);
  if ('error' in reply) return job.reject(new UndecodableError(reply.error));
  job.reject(new (reply.oversize ? OversizeError : MalformedError)(reply.malformed));
}

/** The bytes in memory of their own: what is handed to a thread is gone here, and a Buffer may share its memory with others. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const alone = bytes.byteLength === buffer.byteLength || pageMemory.owns(buffer);
  return alone && buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}
