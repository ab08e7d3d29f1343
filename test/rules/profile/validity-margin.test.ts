import { validityMargin } from '../../../src/rules/profile/validity-margin.js';
import { aLeaf, asked, askedPrivately, testProfile } from '../profile-support.js';

const lasting = (seconds: number, from = '2026-05-01T00:00:00Z') =>
  aLeaf({
    notBefore: new Date(from),
    notAfter: new Date(Date.parse(from) + (seconds - 1) * 1000),
  });
const days = 86_400;

testProfile(validityMargin, [
  { name: 'passes a day below the limit', input: asked(lasting(199 * days)), expected: 'pass' },
  {
    name: 'notices a second more',
    input: asked(lasting(199 * days + 1)),
    expected: 'less-than-a-day-below-the-limit',
    severity: 'notice',
  },
  {
    name: 'notices the limit',
    input: asked(lasting(200 * days)),
    expected: 'less-than-a-day-below-the-limit',
  },
  {
    name: 'notices the limit of 2020',
    input: asked(lasting(398 * days, '2020-09-01T00:00:00Z')),
    expected: 'less-than-a-day-below-the-limit',
  },
  {
    name: "passes what lies beyond: that is another rule's",
    input: asked(lasting(200 * days + 1)),
    expected: 'pass',
  },
  {
    name: 'does not apply to private CAs',
    input: askedPrivately(lasting(200 * days)),
    expected: 'not-applicable',
  },
]);
