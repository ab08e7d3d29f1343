import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogAnswer } from './ct-log-faults.js';

/** Sends an answer as its faults want it. */
export async function sendAnswer(answer: LogAnswer, response: ServerResponse): Promise<void> {
  if (answer.body === null) {
    response.destroy();
    return;
  }
  if (answer.announcedBytes !== undefined) {
    response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.announcedBytes });
    response.flushHeaders();
    return;
  }
  const open = answer.slow === true || answer.endlessBytes !== undefined || answer.cutAt !== undefined;
  const length = answer.cutAt === undefined ? answer.body.length : answer.body.length;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(open && answer.cutAt === undefined ? {} : { 'content-length': length }),
  });
  if (answer.cutAt !== undefined) {
    response.write(answer.body.subarray(0, answer.cutAt), () => response.destroy());
    return;
  }
  if (!open) {
    response.end(answer.body);
    return;
  }
  for (let sent = 0; sent < (answer.endlessBytes ?? answer.body.length) && !response.destroyed;) {
    const chunk = answer.slow ? answer.body.subarray(sent, sent + 1) : answer.body;
    sent += chunk.length;
    const more = response.write(chunk);
    if (answer.slow) await sleep(200, undefined, { ref: false });
    else if (!more) await drained(response);
  }
  response.end();
}

async function drained(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
