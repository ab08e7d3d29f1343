import { parentPort, workerData } from 'node:worker_threads';
import { MalformedError } from '../../../src/ct/bytes.js';
import { decodePage } from './decode.js';
import { OversizeError } from './decompress.js';
import type { PageBody } from '../read/log-reader.js';
import type { DecodedPage } from '../read/page-collector.js';
import { createWatch } from '../match/watch.js';
import type { WatchList } from '../match/watch-list.js';

/** Decodes pages in a thread of its own: one message in, one out, in order. `workerData` is the watch list. */

/** What the main thread sends. */
export interface WorkerRequest {
  readonly id: number;
  readonly page: PageBody;
  readonly start: number;
  readonly end: number;
  readonly opaque: boolean;
}

/** What comes back: `ready` first, when pages may come; then an answer to each. `malformed` means that the page is broken, `oversize` that it is too large; `error` that the decoder fails. */
export type WorkerReply =
  | 'ready'
  | (Outcome & {
      readonly id: number;
      /** The memory of the page, given back. */
      readonly memory: ArrayBufferLike;
    });

type Outcome =
  | { readonly decoded: DecodedPage }
  | { readonly malformed: string; readonly oversize: boolean }
  | { readonly error: string };

const watch = await createWatch(workerData as WatchList);

parentPort?.on('message', ({ id, page, start, end, opaque }: WorkerRequest) => {
  const outcome = decode(page, start, end, opaque);
  const memory = page.bytes.buffer as ArrayBuffer;
  parentPort?.postMessage({ id, memory, ...outcome } satisfies WorkerReply, [memory]);
});
parentPort?.postMessage('ready' satisfies WorkerReply);

function decode(page: PageBody, start: number, end: number, opaque: boolean): Outcome {
  try {
    return { decoded: decodePage(page, start, end, opaque ? null : watch) };
  } catch (error) {
    if (error instanceof MalformedError)
      return { malformed: error.message, oversize: error instanceof OversizeError };
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
