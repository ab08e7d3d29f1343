import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isGone } from '../../src/judging/check-inputs.js';

const now = new Date('2026-05-02T12:00:00Z');
const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
const policy = { goneAfterMisses: 3, goneAfterMinutes: 60, forgetAfterHours: 24 };

for (const [what, lastObservedAt, misses, scannedSince, expected] of [
  ['one that was just looked at', now, undefined, hoursAgo(1), false],
  ['one missed twice', now, { count: 2, firstAt: hoursAgo(2) }, null, false],
  ['one missed three times within the hour', now, { count: 3, firstAt: hoursAgo(0.9) }, null, false],
  ['one missed three times over an hour', now, { count: 3, firstAt: hoursAgo(1) }, null, true],
  ['one that no scan looked at since yesterday', hoursAgo(24), undefined, hoursAgo(1), true],
  ['one of a scan that somebody asked for today', hoursAgo(23), undefined, hoursAgo(1), false],
  ['one that is looked at once a week', hoursAgo(100), undefined, hoursAgo(101), false],
  ['an old one while it is not known what scans there are', hoursAgo(1000), undefined, null, false],
] as const)
  it(`${expected ? 'gives up' : 'keeps'} ${what}`, () => {
    assert.equal(isGone({ lastObservedAt }, misses, policy, scannedSince, now), expected);
  });
