import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createProgress, progressLine } from '../../src/cli/progress.js';

function terminal(columns = 80) {
  const written: string[] = [];
  return { isTTY: true, columns, written, write: (text: string) => written.push(text) };
}

for (const [state, elapsedMs, expected] of [
  [{ done: 0, total: 10_000, outcomes: { ok: 0 } }, 0, '0 of 10,000 endpoints (0 %), 0 with a certificate'],
  [
    { done: 1200, total: 10_000, outcomes: { ok: 98 } },
    3000,
    '1,200 of 10,000 endpoints (12 %), 98 with a certificate, 400/s, about 22 s left',
  ],
  [{ done: 5, total: null, outcomes: { ok: 5 } }, 2000, '5 endpoints, 5 with a certificate, 2.5/s'],
  [
    { done: 9999, total: 10_000, outcomes: { ok: 1 } },
    1_000_000,
    '9,999 of 10,000 endpoints (99 %), 1 with a certificate, 10.0/s, about 1 s left',
  ],
  [
    { done: 900, total: 1000, outcomes: { ok: 5, silent: 3, refused: 880, reset: 10, alert: 2, timeout: 0 } },
    1000,
    '900 of 1,000 endpoints (90 %), 5 with a certificate, 880 refused, 10 reset, 3 silent, 900/s',
  ],
  [{ done: 3, total: 3, outcomes: { ok: 3 } }, 5000, '3 of 3 endpoints (100 %), 3 with a certificate, 0.6/s'],
  [{ done: 0, total: 0, outcomes: { ok: 0 } }, 5000, '0 of 0 endpoints (100 %), 0 with a certificate, 0.0/s'],
  [
    { done: 100, total: 1_000_000, outcomes: { ok: 1 } },
    10_000,
    '100 of 1,000,000 endpoints (0 %), 1 with a certificate, 10/s, about 28 h left',
  ],
] as const) {
  it(`says "${expected}"`, () => assert.equal(progressLine(state, elapsedMs), expected));
}

it('writes nothing where stderr is no terminal', () => {
  const stream = { ...terminal(), isTTY: false };
  const progress = createProgress(stream);
  progress.update({ done: 1, total: 2, outcomes: { ok: 0 } });
  progress.clear();
  assert.deepEqual(stream.written, []);
});

it('writes at most every 200 ms, and clears its line at the end', () => {
  const stream = terminal();
  let clock = 0;
  const progress = createProgress(stream, () => clock);
  for (; clock < 1000; clock += 1) progress.update({ done: clock, total: 1000, outcomes: { ok: 0 } });
  assert.equal(stream.written.length, 5);
  progress.clear();
  assert.equal(stream.written.at(-1), '\r\u001b[K');
  progress.clear();
  assert.equal(stream.written.length, 6, 'a line that is not there is not cleared');
});

it('stays on one line of a narrow terminal', () => {
  const stream = terminal(40);
  createProgress(stream).update({ done: 123_456, total: 10_000_000, outcomes: { ok: 98_765 } });
  assert.ok((stream.written[0]?.replace('\r\u001b[K', '').length ?? 99) < 40);
});
