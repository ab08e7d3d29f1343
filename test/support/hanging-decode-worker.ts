import { parentPort } from 'node:worker_threads';
import { decodePage } from '../../scanners/ct/decode/decode.js';
import type { WorkerReply, WorkerRequest } from '../../scanners/ct/decode/decode-worker.js';
import { createWatch } from '../../scanners/ct/match/watch.js';
import { ctConfig } from '../../scanners/ct/config.js';
import { watchListOf } from '../../scanners/ct/match/watch-list.js';

/** A decoder that hangs on one entry and trips over another, as a parser with bugs would; it watches for `watched.test`. */
export const hangsAt = 2;
export const tripsAt = 5;

const watch = await createWatch(watchListOf(ctConfig.parse({}).watch, ['watched.test']));

parentPort?.on('message', ({ id, page, start, end, opaque }: WorkerRequest) => {
  const holds = (index: number): boolean => !opaque && start <= index && index < end;
  while (holds(hangsAt));
  const reply: WorkerReply = holds(tripsAt)
    ? { id, memory: page.bytes.buffer, error: 'tripped' }
    : { id, memory: page.bytes.buffer, decoded: decodePage(page, start, end, opaque ? null : watch) };
  parentPort?.postMessage(reply);
});
parentPort?.postMessage('ready' satisfies WorkerReply);
