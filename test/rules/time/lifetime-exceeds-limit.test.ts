import { lifetimeExceedsLimit } from '../../../src/rules/time/lifetime-exceeds-limit.js';
import { aLeaf, asked, askedPrivately, testProfile } from '../profile-support.js';

/** Issued at an instant, valid for so many days and seconds, the last second counted. */
const lasting = (from: string, days: number, seconds = 0) =>
  aLeaf({
    notBefore: new Date(from),
    notAfter: new Date(Date.parse(from) + (days * 86_400 + seconds - 1) * 1000),
  });
const pair = (from: string, days: number) => [
  { name: `passes ${days} days from ${from}`, input: asked(lasting(from, days)), expected: 'pass' },
  {
    name: `flags a second more from ${from}`,
    input: asked(lasting(from, days, 1)),
    expected: 'lifetime',
    severity: 'error' as const,
  },
];

testProfile(lifetimeExceedsLimit, [
  ...pair('2020-09-01T00:00:00Z', 398),
  ...pair('2026-03-14T23:59:59Z', 398),
  ...pair('2026-03-15T00:00:00Z', 200),
  ...pair('2027-03-14T23:59:59Z', 200),
  ...pair('2027-03-15T00:00:00Z', 100),
  ...pair('2029-03-14T23:59:59Z', 100),
  ...pair('2029-03-15T00:00:00Z', 47),
  {
    name: 'passes anything before there was a limit in days',
    input: asked(lasting('2017-01-01T00:00:00Z', 3000)),
    expected: 'pass',
  },
  {
    name: 'does not apply to private CAs',
    input: askedPrivately(lasting('2026-05-01T00:00:00Z', 3650)),
    expected: 'not-applicable',
  },
]);
