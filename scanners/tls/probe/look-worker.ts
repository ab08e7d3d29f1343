import { setMaxListeners } from 'node:events';
import { parentPort } from 'node:worker_threads';
import { lookOnce } from './look.js';
import type { Answered, Question } from './look-messages.js';

/** The worker thread's side of the pool: looks as it is asked to, any number at a time; `stop` ends them all. */
const stop = new AbortController();
setMaxListeners(0, stop.signal);
parentPort?.on('message', (question: Question | 'stop') => {
  if (question === 'stop') return stop.abort();
  const { id, target, route, options, leftMs } = question;
  const deadlineAt = performance.now() + leftMs;
  void lookOnce(target, { ...route, deadlineAt, signal: stop.signal }, options).then((look) =>
    parentPort?.postMessage({ id, look } satisfies Answered),
  );
});
