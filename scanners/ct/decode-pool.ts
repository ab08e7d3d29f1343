import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { MalformedError } from '../../src/ct/bytes.js';
import type { PageBody } from './log-reader.js';
import type { DecodedPage } from './page-collector.js';
import type { WatchList } from './watch-list.js';
import type { WorkerReply, WorkerRequest } from './decode-worker.js';

/** Threads that decode pages. */
export interface DecodePool {
  /** Decodes what `page` holds of [start, end); its bytes are gone afterwards. Rejects with {@link MalformedError} for a broken page. */
  decode(page: PageBody, start: number, end: number): Promise<DecodedPage>;
  /** Looks for other things from now on. */
  watch(list: WatchList): void;
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

interface Thread {
  readonly worker: Worker;
  readonly jobs: Map<number, Job>;
  timer: NodeJS.Timeout | null;
}

/** Starts `count` threads (null: one less than there are cores, 1 to 4). */
export function createDecodePool(count: number | null, watchList: WatchList): DecodePool {
  const size = count ?? Math.min(4, Math.max(1, availableParallelism() - 1));
  const queue: Job[] = [];
  const threads: Thread[] = [];
  let current = watchList;
  let nextId = 1;
  let closed = false;

  function startThread(): void {
    const worker = new Worker(new URL('./decode-worker.js', import.meta.url), { workerData: current });
    const thread: Thread = { worker, jobs: new Map(), timer: null };
    worker.on('message', (reply: WorkerReply) => finish(thread, reply));
    worker.once('error', (error) => replace(thread, error));
    worker.once('exit', (code) => replace(thread, new Error(`decoder thread ended with code ${code}`)));
    threads.push(thread);
  }

  function finish(thread: Thread, reply: WorkerReply): void {
    const job = thread.jobs.get(reply.id);
    thread.jobs.delete(reply.id);
    arm(thread);
    if (job !== undefined) settle(job, reply);
    pump();
  }

  /** A thread that died takes its jobs with it: they fail, the reader asks for the pages again. */
  function replace(thread: Thread, error: Error): void {
    const at = threads.indexOf(thread);
    if (at < 0) return;
    threads.splice(at, 1);
    if (thread.timer !== null) clearTimeout(thread.timer);
    for (const job of thread.jobs.values()) job.reject(error);
    thread.jobs.clear();
    void thread.worker.terminate();
    if (closed) return;
    startThread();
    pump();
  }

  function arm(thread: Thread): void {
    if (thread.timer !== null) clearTimeout(thread.timer);
    thread.timer = null;
    if (thread.jobs.size > 0)
      thread.timer = setTimeout(
        () => replace(thread, new MalformedError(`page not decoded in ${jobMs} ms`)),
        jobMs,
      );
  }

  function pump(): void {
    for (;;) {
      const thread = threads.reduce((least, other) => (other.jobs.size < least.jobs.size ? other : least));
      const job = thread.jobs.size < depth ? queue.shift() : undefined;
      if (job === undefined) return;
      const id = nextId++;
      thread.jobs.set(id, job);
      const bytes = ownBytes(job.page.bytes);
      post(thread, { id, page: { ...job.page, bytes }, start: job.start, end: job.end }, [bytes.buffer]);
      if (thread.jobs.size === 1) arm(thread);
    }
  }

  for (let made = 0; made < size; made += 1) startThread();
  return {
    decode: (page, start, end) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new Error('decoder is closed'));
        queue.push({ page, start, end, resolve, reject });
        pump();
      }),
    watch(list) {
      current = list;
      for (const thread of threads) post(thread, { watchList: list }, []);
    },
    async close() {
      closed = true;
      for (const job of queue.splice(0)) job.reject(new Error('decoder is closed'));
      const workers = threads.map((thread) => thread.worker);
      for (const thread of [...threads]) replace(thread, new Error('decoder is closed'));
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function post(thread: Thread, request: WorkerRequest, transfer: ArrayBuffer[]): void {
  thread.worker.postMessage(request, transfer);
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
