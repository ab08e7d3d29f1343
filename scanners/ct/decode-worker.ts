import { parentPort, workerData } from 'node:worker_threads';
import { MalformedError } from '../../src/ct/bytes.js';
import { decodePage } from './decode.js';
import { OversizeError } from './decompress.js';
import type { PageBody } from './log-reader.js';
import type { DecodedPage } from './page-collector.js';
import { createWatch } from './watch.js';
import type { WatchList } from './watch-list.js';

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
  | { readonly id: number; readonly decoded: DecodedPage }
  | { readonly id: number; readonly malformed: string; readonly oversize: boolean }
  | { readonly id: number; readonly error: string };

const watch = await createWatch(workerData as WatchList);

parentPort?.on('message', (request: WorkerRequest) => parentPort?.postMessage(answer(request)));
parentPort?.postMessage('ready' satisfies WorkerReply);

function answer({ id, page, start, end, opaque }: WorkerRequest): WorkerReply {
  try {
    return { id, decoded: decodePage(page, start, end, opaque ? null : watch) };
  } catch (error) {
    if (error instanceof MalformedError)
      return { id, malformed: error.message, oversize: error instanceof OversizeError };
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
