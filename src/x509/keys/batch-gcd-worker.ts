import { parentPort } from 'node:worker_threads';
import { createSharedPrimeFinder } from './batch-gcd.js';

/** Runs in a worker thread: takes `{ id, moduli }`, answers `{ id, found }` or `{ id, error }`. See shared-primes.ts. */
const finder = createSharedPrimeFinder();
parentPort?.on(
  'message',
  ({ id, moduli }: { readonly id: number; readonly moduli: readonly Uint8Array[] }) => {
    try {
      parentPort?.postMessage({ id, found: finder.add(moduli) });
    } catch (error) {
      parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
  },
);
