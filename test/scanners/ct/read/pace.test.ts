import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HostBudget } from '../../../../scanners/ct/read/host-budget.js';
import { HttpError, retryAfterMs } from '../../../../scanners/ct/read/http.js';
import { backoffMs, breakerFailures, createPace } from '../../../../scanners/ct/read/pace.js';
import { createPageSize } from '../../../../scanners/ct/read/page-size.js';

const limits = { concurrency: 4, requestsPerSecond: Number.POSITIVE_INFINITY, backfillRequestsPerSecond: 2 };
const status = (code: number, wait: number | null = null): HttpError =>
  new HttpError('status', `${code}`, code, wait);

describe('a pace', () => {
  it('at first lets everything through', () => {
    const pace = createPace(limits);
    for (let request = 0; request < 1000; request += 1) pace.started('tail', 50);
    assert.ok(pace.dueAt('tail') <= 50);
    assert.equal(pace.maxActive(), 4);
  });

  it('spaces backfill, whatever the tail does', () => {
    const pace = createPace(limits);
    pace.started('backfill', 1000);
    assert.equal(pace.dueAt('backfill'), 1500);
    assert.ok(pace.dueAt('tail') <= 1000);
  });

  it('keeps to requests per second, with half a second to make up for', () => {
    const pace = createPace({ ...limits, requestsPerSecond: 10 });
    let now = 10_000;
    let sent = 0;
    for (; now < 20_000; now += 1)
      if (pace.dueAt('tail') <= now) {
        pace.started('tail', now);
        sent += 1;
      }
    assert.ok(sent >= 100 && sent <= 106, String(sent));
  });

  it('waits exactly as long as Retry-After says, also for an hour', () => {
    const pace = createPace(limits);
    pace.failed(status(429, 3_600_000), 100, 100);
    assert.equal(pace.dueAt('tail'), 3_600_100);
    const busy = createPace(limits);
    busy.failed(status(503, 7000), 100, 100);
    assert.equal(busy.dueAt('backfill'), 7100);
  });

  it('halves the rate it was asked at after a 429 without Retry-After, and comes back slowly', () => {
    const pace = createPace(limits, () => 1);
    for (let request = 0; request < 40; request += 1) pace.started('tail', request * 50);
    pace.failed(status(429), 2000, 2000);
    const { requestsPerSecond } = pace.state();
    assert.ok(requestsPerSecond > 5 && requestsPerSecond < 15, String(requestsPerSecond));
    pace.succeeded(2000);
    assert.ok(pace.state().requestsPerSecond > requestsPerSecond);
    for (let request = 0; request < 300; request += 1) pace.succeeded(2000);
    assert.equal(pace.state().requestsPerSecond, Number.POSITIVE_INFINITY);
  });

  it('does not take what it asked of itself for what the host can bear, and forgets with time', () => {
    const pace = createPace(limits, () => 1);
    let now = 0;
    for (; now < 300_000; now += 5000) pace.started('tail', now);
    pace.failed(status(429), now, now);
    assert.equal(pace.state().requestsPerSecond, 0.5);
    for (const end = now + 300_000; now < end; now += 5000) pace.succeeded(now);
    assert.ok(pace.state().requestsPerSecond >= 10, String(pace.state().requestsPerSecond));
    // Who says no to that again is asked less and less.
    for (let no = 0; no < 20; no += 1) pace.failed(status(429), (now += 1000), now);
    assert.ok(pace.state().requestsPerSecond < 0.02);
  });

  it('takes failures of requests that were under way together as one', () => {
    const pace = createPace(limits);
    for (let request = 0; request < 4; request += 1) pace.failed(status(500), 90, 100 + request);
    assert.equal(pace.state().failuresInARow, 1);
  });

  it('tries with one request at a time once the host counts as down, and is open again after one success', () => {
    const pace = createPace(limits);
    for (let failure = 0; failure < breakerFailures; failure += 1)
      pace.failed(new HttpError('network', 'refused'), failure * 1e6, failure * 1e6);
    assert.equal(pace.maxActive(), 1);
    pace.succeeded(2000);
    assert.equal(pace.maxActive(), 4);
  });

  it('does not slow down for a 404, nor for what is no failure of the host', () => {
    const pace = createPace(limits);
    pace.failed(status(404), 1, 1);
    pace.failed(new HttpError('too-large', 'x'), 1, 1);
    pace.failed(new Error('ours'), 1, 1);
    assert.deepEqual([pace.state().failuresInARow, pace.dueAt('tail') <= 1], [0, true]);
  });

  it('backs off from 100 ms to 30 s, to 5 minutes for a host that is down, with jitter of half', () => {
    assert.deepEqual(
      [1, 2, 3].map((failures) => backoffMs(failures, () => 1)),
      [100, 200, 400],
    );
    assert.equal(
      backoffMs(breakerFailures - 1, () => 1),
      6400,
    );
    assert.equal(
      backoffMs(100, () => 1),
      300_000,
    );
    assert.equal(
      backoffMs(2, () => 0),
      100,
    );
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');
  for (const [value, expected] of [
    ['120', 120_000],
    [' 5 ', 5000],
    ['0', 0],
    ['Mon, 23 Nov 2026 12:01:00 GMT', 60_000],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
    ['99999999999', 86_400_000],
    ['soon', null],
    ['', null],
    [null, null],
  ] as const)
    it(`${JSON.stringify(value)} is ${expected} ms`, () => {
      assert.equal(retryAfterMs(value, now), expected);
    });
});

describe('a host budget', () => {
  const never = new AbortController().signal;

  it('runs so many requests at a time, tail before backfill', async () => {
    const budget = new HostBudget({ ...limits, concurrency: 1, backfillRequestsPerSecond: 1000 });
    const order: string[] = [];
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const first = budget.run('tail', never, () => gate);
    const rest = (['backfill', 'tail', 'backfill', 'tail'] as const).map((priority) =>
      budget.run(priority, never, async () => void order.push(priority)),
    );
    assert.deepEqual([budget.state().active, budget.state().waiting], [1, 4]);
    release();
    await Promise.all([first, ...rest]);
    assert.deepEqual(order, ['tail', 'tail', 'backfill', 'backfill']);
  });

  it('lets an aborted request go, and keeps no timer for it', async () => {
    const budget = new HostBudget(limits);
    await assert.rejects(budget.run('tail', never, () => Promise.reject(status(429, 3_600_000))));
    const abort = new AbortController();
    const waiting = budget.run('tail', abort.signal, () => Promise.resolve());
    assert.ok(budget.state().blockedSeconds > 3500);
    abort.abort(new Error('stop'));
    await assert.rejects(waiting, /stop/);
    assert.equal(budget.state().waiting, 0);
    await assert.rejects(
      budget.run('tail', abort.signal, () => Promise.resolve()),
      /stop/,
    );
  });

  it('sends nothing to a host before its Retry-After is over', async () => {
    const budget = new HostBudget(limits);
    const began = performance.now();
    await assert.rejects(budget.run('tail', never, () => Promise.reject(status(429, 150))));
    await Promise.all([1, 2, 3].map(() => budget.run('tail', never, () => Promise.resolve())));
    assert.ok(performance.now() - began >= 149);
  });
});

describe('a page size', () => {
  it('aligns pages to its multiples, the first one too', () => {
    const size = createPageSize(512);
    assert.deepEqual([size.end(0, 10_000), size.end(700, 10_000), size.end(1024, 1100)], [512, 1024, 1100]);
  });

  it('does not believe one short answer, but two equal ones', () => {
    const size = createPageSize(512);
    size.learned(0, 512, 32);
    assert.equal(size.end(0, 9999), 512);
    size.learned(512, 512, 31);
    size.learned(1024, 512, 32);
    assert.equal(size.end(0, 9999), 512);
    size.learned(1536, 512, 32);
    assert.equal(size.end(0, 9999), 32);
  });

  it('takes no lesson from pages that were not full or not aligned', () => {
    const size = createPageSize(512);
    for (let round = 0; round < 5; round += 1) {
      size.learned(32, 480, 32);
      size.learned(0, 100, 32);
    }
    assert.equal(size.end(0, 9999), 512);
  });

  it('grows again after many full pages, up to where it began', () => {
    const size = createPageSize(100);
    size.tooLarge();
    size.tooLarge();
    assert.equal(size.end(0, 9999), 25);
    for (let page = 0; page < 64; page += 1) size.learned(page * 25, 25, 25);
    assert.equal(size.end(0, 9999), 50);
    for (let page = 0; page < 300; page += 1) size.learned(page * 50, 50, 50);
    for (let page = 0; page < 300; page += 1) size.learned(page * 100, 100, 100);
    assert.equal(size.end(0, 9999), 100);
  });
});
