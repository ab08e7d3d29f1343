import assert from 'node:assert/strict';
import { it } from 'node:test';
import { absence, forgottenAt } from '../../src/judging/presence.js';

const now = new Date('2026-05-02T12:00:00Z');
const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
const policy = { goneAfterMisses: 3, goneAfterMinutes: 60, forgetAfterHours: 24 };

for (const [what, lastObservedAt, misses, scannedSince, expected] of [
  ['one that was just probed', now, undefined, hoursAgo(1), null],
  ['one missed twice', now, { count: 2, firstAt: hoursAgo(2) }, null, null],
  ['one missed three times within the hour', now, { count: 3, firstAt: hoursAgo(0.9) }, null, null],
  ['one missed three times over an hour', now, { count: 3, firstAt: hoursAgo(1) }, null, 'gone'],
  ['one that no scan probed since yesterday', hoursAgo(24), undefined, hoursAgo(1), 'out-of-scope'],
  ['one of a scan that somebody asked for today', hoursAgo(23), undefined, hoursAgo(1), null],
  ['one that is probed once a week', hoursAgo(100), undefined, hoursAgo(101), null],
  ['an old one while it is not known what scans there are', hoursAgo(1000), undefined, null, null],
] as const)
  it(`${expected === null ? 'keeps' : `calls ${expected}`} ${what}`, () => {
    assert.equal(absence({ lastObservedAt }, misses, policy, scannedSince, now), expected);
  });

it('forgets an endpoint a day after it was last observed', () => {
  assert.deepEqual(forgottenAt({ lastObservedAt: hoursAgo(24) }, policy), now);
});
