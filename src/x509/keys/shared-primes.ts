import { Worker } from 'node:worker_threads';
import type { SharedPrime } from './batch-gcd.js';

/** Batch GCD in a worker thread of its own, so that nothing else waits for it. */
export interface SharedPrimeWorker {
  /**
   * Compares these moduli (big endian) with each other and with all given before; see SharedPrimeFinder. Calls are served one
   * after the other. Rejects when the worker died or was closed.
   */
  add(moduli: readonly Uint8Array[]): Promise<readonly SharedPrime[]>;
  /** Ends the thread, in the middle of its work if need be. */
  close(): Promise<void>;
}

interface Answer {
  readonly id: number;
  readonly found?: readonly SharedPrime[];
  readonly error?: string;
}

interface Waiting {
  readonly resolve: (found: readonly SharedPrime[]) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the thread; it keeps no process alive. The caller closes it. */
export function startSharedPrimeWorker(): SharedPrimeWorker {
  const worker = new Worker(new URL('./batch-gcd-worker.js', import.meta.url));
  const waiting = new Map<number, Waiting>();
  let ended: Error | null = null;
  let lastId = 0;

  function end(error: Error): void {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  }

  worker.on('message', ({ id, found, error }: Answer) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (found === undefined) call?.reject(new Error(`The search for shared primes failed: ${error ?? ''}`));
    else call?.resolve(found);
  });
  worker.on('error', (cause) => end(new Error('The search for shared primes broke off.', { cause })));
  worker.on('exit', () => end(new Error('The search for shared primes has ended.')));
  worker.unref();

  return {
    add(moduli) {
      if (ended !== null) return Promise.reject(ended);
      const id = (lastId += 1);
      worker.ref();
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, moduli });
      });
    },
    async close() {
      end(new Error('The search for shared primes was closed.'));
      await worker.terminate();
    },
  };
}
