import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BlockedAddressError, HostUnwellError } from '../../../src/lib/http/errors.js';
import type { GuardedResponse } from '../../../src/lib/http/guarded-client.js';
import { retryAfterMs } from '../../../src/lib/http/retry-after.js';
import { withRetries, type RetryPolicy } from '../../../src/lib/http/retry.js';

const now = new Date('2026-11-23T12:00:00Z');

describe('Retry-After', () => {
  for (const [value, expected] of [
    ['0', 0],
    ['3600', 3_600_000],
    ['0.5', 500],
    ['Mon, 23 Nov 2026 12:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
    ['999999999', 7 * 86_400_000],
    [['120', '5'], 120_000],
    ['-5', null],
    ['soon', null],
    ['Mon, tomorrow', null],
    ['', null],
    [undefined, null],
  ] as const)
    it(`reads ${value} as ${expected}`, () => {
      assert.equal(retryAfterMs(value, now, 7 * 86_400_000), expected);
    });
});

describe('withRetries', () => {
  const answer = (status: number, headers: GuardedResponse['headers'] = {}): GuardedResponse => ({
    status,
    headers,
    body: new Uint8Array(),
  });
  /** Runs a script of answers and errors; gives the outcome, and the waits between them. */
  async function run(script: readonly (GuardedResponse | Error)[], more: Partial<RetryPolicy> = {}) {
    const waits: number[] = [];
    let turn = 0;
    const policy: RetryPolicy = {
      attempts: 4,
      baseMs: 1_000,
      maxWaitMs: 60_000,
      now: () => now,
      async wait(ms) {
        waits.push(ms);
      },
      ...more,
    };
    const send = async (): Promise<GuardedResponse> => {
      const next = script[turn++] ?? answer(200);
      if (next instanceof Error) throw next;
      return next;
    };
    const outcome = await withRetries(send, policy, new AbortController().signal).catch(
      (error: unknown) => error,
    );
    return { outcome, waits, sent: turn };
  }

  for (const status of [408, 425, 429, 500, 502, 503, 504])
    it(`tries again after ${status}`, async () => {
      const { outcome, sent } = await run([answer(status), answer(200)]);
      assert.equal((outcome as GuardedResponse).status, 200);
      assert.equal(sent, 2);
    });
  for (const status of [200, 204, 301, 400, 401, 403, 404, 409, 410, 501])
    it(`returns ${status} at once`, async () => {
      assert.equal((await run([answer(status)])).sent, 1);
    });
  it('tries again after a broken connection', async () => {
    assert.equal(((await run([new Error('other side closed')])).outcome as GuardedResponse).status, 200);
  });
  it('waits as long as it is asked to', async () => {
    const { waits } = await run([
      answer(429, { 'retry-after': '7' }),
      answer(503, { 'retry-after': 'Mon, 23 Nov 2026 12:00:30 GMT' }),
    ]);
    assert.deepEqual(waits, [7_000, 30_000]);
  });
  it('doubles its own waits, at random shortened by up to half, and caps them', async () => {
    const { waits } = await run(
      Array.from({ length: 9 }, () => answer(500)),
      { attempts: 10, maxWaitMs: 20_000 },
    );
    const full = [1, 2, 4, 8, 16, 20, 20, 20, 20].map((seconds) => seconds * 1_000);
    waits.forEach((ms, index) => assert.ok(ms > full[index]! / 2 && ms <= full[index]!, `${index}: ${ms}`));
    assert.equal(waits.length, 9);
  });
  it('is unwell when the tries are used up', async () => {
    const { outcome, sent } = await run(Array.from({ length: 9 }, () => answer(503)));
    assert.ok(outcome instanceof HostUnwellError);
    assert.equal(outcome.message, 'status 503 after 4 tries');
    assert.equal(sent, 4);
  });
  it('is unwell at once when asked for a longer pause than is allowed', async () => {
    const { outcome, sent } = await run([answer(429, { 'retry-after': '3600' })]);
    assert.ok(outcome instanceof HostUnwellError);
    assert.equal(outcome.retryAfterMs, 3_600_000);
    assert.match(outcome.message, /a pause of 3600 s/);
    assert.equal(sent, 1);
  });
  it('does not try a blocked address again', async () => {
    const { outcome, sent } = await run([new BlockedAddressError('no')]);
    assert.ok(outcome instanceof BlockedAddressError);
    assert.equal(sent, 1);
  });
  it('ends when the caller aborts while it waits', async () => {
    const abort = new AbortController();
    const policy: RetryPolicy = { attempts: 3, baseMs: 60_000, maxWaitMs: 60_000 };
    const pending = withRetries(async () => answer(500), policy, abort.signal);
    abort.abort(new Error('shutting down'));
    await assert.rejects(pending, /abort/i);
  });
});
