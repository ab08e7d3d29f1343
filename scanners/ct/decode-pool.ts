import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { MalformedError } from '../../src/ct/bytes.js';
import type { WorkerReply, WorkerRequest } from './decode-worker.js';
import type { PageBody } from './log-reader.js';
import type { DecodedPage } from './page-collector.js';
import type { WatchList } from './watch-list.js';

/** Threads that decode pages; they start when they are needed. */
export interface DecodePool {
  /** Decodes what `page` holds of [start, end); its bytes are gone afterwards. Rejects with {@link MalformedError} for a broken page. */
  decode(page: PageBody, start: number, end: number): Promise<DecodedPage>;
  /** Starts a thread ahead of the first page. */
  warm(): void;
  close(): Promise<void>;
}

/** Longest time for one page; a thread that takes longer is replaced. */
const jobMs = 60_000;
/** Pages a thread has at a time: one in work, one waiting. */
const depth = 2;

interface Job {
  readonly page: PageBody;
  readonly start: number;
  readonly end: number;
  readonly resolve: (page: DecodedPage) => void;
  readonly reject: (error: Error) => void;
}

/** A pool of at most `size` threads (null: one less than there are cores, 1 to 4) that look for `watchList`. */
export function createDecodePool(size: number | null, watchList: WatchList): DecodePool {
  const most = size ?? Math.min(4, Math.max(1, availableParallelism() - 1));
  const queue: Job[] = [];
  const threads = new Set<DecodeThread>();
  let closed = false;

  /** The thread with the least to do; a new one while all have something to do and there may be more. */
  function idlest(): DecodeThread {
    let best: DecodeThread | null = null;
    for (const thread of threads) if (best === null || thread.jobs < best.jobs) best = thread;
    if (best !== null && (best.jobs === 0 || threads.size >= most)) return best;
    const started: DecodeThread = new DecodeThread(watchList, pump, () => threads.delete(started));
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
  }

  return {
    decode: (page, start, end) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new Error('decoder is closed'));
        queue.push({ page, start, end, resolve, reject });
        pump();
      }),
    warm: () => void idlest(),
    async close() {
      closed = true;
      for (const job of queue.splice(0)) job.reject(new Error('decoder is closed'));
      await Promise.all([...threads].map((thread) => thread.end(new Error('decoder is closed'))));
    },
  };
}

/** One worker thread and the pages it has. When it dies or hangs it takes them with it: the reader asks for them again. */
class DecodeThread {
  private readonly worker: Worker;
  private readonly running = new Map<number, Job>();
  private readonly ready: () => void;
  private readonly ended: () => void;
  private nextId = 1;
  private timer: NodeJS.Timeout | null = null;

  constructor(watchList: WatchList, ready: () => void, ended: () => void) {
    this.ready = ready;
    this.ended = ended;
    this.worker = new Worker(new URL('./decode-worker.js', import.meta.url), { workerData: watchList });
    this.worker.on('message', (reply: WorkerReply) => this.finish(reply));
    this.worker.once(
      'error',
      (error) => void this.end(error instanceof Error ? error : new Error(String(error))),
    );
    this.worker.once('exit', (code) => void this.end(new Error(`decoder thread ended with code ${code}`)));
  }

  get jobs(): number {
    return this.running.size;
  }

  take(job: Job): void {
    const id = this.nextId++;
    this.running.set(id, job);
    const bytes = ownBytes(job.page.bytes);
    const request: WorkerRequest = { id, page: { ...job.page, bytes }, start: job.start, end: job.end };
    this.worker.postMessage(request, [bytes.buffer]);
    if (this.running.size === 1) this.arm();
  }

  async end(reason: Error): Promise<void> {
    this.ended();
    if (this.timer !== null) clearTimeout(this.timer);
    for (const job of this.running.values()) job.reject(reason);
    this.running.clear();
    this.ready();
    await this.worker.terminate();
  }

  private finish(reply: WorkerReply): void {
    const job = this.running.get(reply.id);
    this.running.delete(reply.id);
    this.arm();
    if (job !== undefined) settle(job, reply);
    this.ready();
  }

  private arm(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    const late = (): void => void this.end(new MalformedError(`page not decoded in ${jobMs} ms`));
    this.timer = this.running.size > 0 ? setTimeout(late, jobMs) : null;
  }
}

function settle(job: Job, reply: WorkerReply): void {
  if ('decoded' in reply) job.resolve(reply.decoded);
  else job.reject('malformed' in reply ? new MalformedError(reply.malformed) : new Error(reply.error));
}

/** The bytes in memory of their own: what is handed to a thread is gone here, and a Buffer may share its memory with others. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const alone = buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength;
  return alone ? new Uint8Array(buffer) : new Uint8Array(bytes);
}
