import { parentPort, workerData } from 'node:worker_threads';
import { MalformedError } from '../../src/ct/bytes.js';
import { decodePage } from './decode.js';
import type { PageBody } from './log-reader.js';
import type { DecodedPage, Watch } from './page-collector.js';
import { createWatch } from './watch.js';
import type { WatchList } from './watch-list.js';

/** Decodes pages in a thread of its own: one message in, one out, in order. */

/** What the main thread sends: a page, or another watch list for the pages to come. */
export type WorkerRequest =
  | { readonly id: number; readonly page: PageBody; readonly start: number; readonly end: number }
  | { readonly watchList: WatchList };

/** What comes back. `malformed` means that the page is broken; `error` that the decoder is. */
export type WorkerReply =
  | { readonly id: number; readonly decoded: DecodedPage }
  | { readonly id: number; readonly malformed: string }
  | { readonly id: number; readonly error: string };

let watch: Watch = createWatch(workerData as WatchList);

parentPort?.on('message', (request: WorkerRequest) => {
  if ('watchList' in request) watch = createWatch(request.watchList);
  else parentPort?.postMessage(answer(request.id, request.page, request.start, request.end));
});

function answer(id: number, page: PageBody, start: number, end: number): WorkerReply {
  try {
    return { id, decoded: decodePage(page, start, end, watch) };
  } catch (error) {
    if (error instanceof MalformedError) return { id, malformed: error.message };
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
