import assert from 'node:assert/strict';
import { it } from 'node:test';
import pLimit from 'p-limit';
import { HostBudget } from '../../../../scanners/ct/read/host-budget.js';
import { HttpError, type HttpAnswer, type HttpClient } from '../../../../scanners/ct/read/http.js';
import { createLogTransport, usualBytes } from '../../../../scanners/ct/read/log-transport.js';

const answer: HttpAnswer = {
  status: 200,
  etag: null,
  lastModified: null,
  body: Buffer.from('large'),
  encoding: 'identity',
};

it(
  'a log that wants to be left alone for an hour keeps no other from its large answers',
  { timeout: 10_000 },
  async () => {
    const http: HttpClient = {
      async get({ url, maxBytes }) {
        if (maxBytes <= usualBytes) throw new HttpError('too-large', url);
        if (url.startsWith('http://slow/')) throw new HttpError('status', url, 429, 3_600_000);
        return answer;
      },
      close: () => Promise.resolve(),
    };
    const gate = pLimit(4);
    const largeGate = pLimit(1);
    const limits = { concurrency: 4, requestsPerSecond: Infinity, backfillRequestsPerSecond: Infinity };
    const abort = new AbortController();
    const [slow, other] = ['http://slow/', 'http://other/'].map((url) =>
      createLogTransport(url, http, new HostBudget(limits), gate, largeGate, 'tail'),
    );
    const first = assert.rejects(slow!.page('first', 2 * usualBytes, abort.signal), /slow/);
    const waiting = assert.rejects(slow!.page('second', 2 * usualBytes, abort.signal));
    await first;
    assert.equal((await other!.page('page', 2 * usualBytes, abort.signal)).body, answer.body);
    abort.abort(new Error('test over'));
    await waiting;
  },
);
