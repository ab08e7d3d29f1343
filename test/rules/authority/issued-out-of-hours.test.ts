import { issuedOutOfHours } from '../../../src/rules/authority/issued-out-of-hours.js';
import type { Certificate } from '../../../src/model/certificate.js';
import { certificate, ctEntry } from '../../store/sample.js';
import { testFleetRule } from '../fleet-support.js';
import { aPolicy, later, now } from '../support.js';

const leafOf = (name: string): Certificate =>
  certificate(name, { notBefore: later(-1), notAfter: later(80) });
const [night, noon, first, last, weekend, old, foreign] = [
  ...['night', 'noon', 'first', 'last', 'weekend', 'old'].map((name) => leafOf(`${name}.example.com`)),
  leafOf('www.example.org'),
] as const;
/** `now` is noon of a Monday, UTC. */
const entries: readonly (readonly [Certificate | undefined, string])[] = [
  [night, '2026-11-23T03:00:00Z'],
  [noon, '2026-11-23T11:00:00Z'],
  [first, '2026-11-23T07:00:00Z'],
  [last, '2026-11-20T19:00:00Z'],
  [weekend, '2026-11-22T12:00:00Z'],
  [old, '2026-11-20T03:00:00Z'],
  [foreign, '2026-11-23T03:00:00Z'],
];
const keyOf = (leaf: Certificate | undefined): string => String(leaf?.tbsSha256);
const berlin = aPolicy({
  issuanceHours: { days: ['mon'], from: '04:00', to: '05:00', timezone: 'Europe/Berlin' },
});

testFleetRule(
  issuedOutOfHours,
  (store) =>
    store.writeCtEntries(
      entries.map(([leaf, at], index) =>
        ctEntry('x', index, { certificate: leaf!, timestamp: new Date(at), seenAt: now }),
      ),
    ),
  [
    {
      name: 'flags what was logged at night',
      subject: keyOf(night),
      expected: { host: 'night.example.com', details: { loggedAt: new Date('2026-11-23T03:00:00Z') } },
    },
    { name: 'flags what was logged at the weekend', subject: keyOf(weekend), expected: {} },
    { name: 'flags the minute in which the hours end', subject: keyOf(last), expected: {} },
    { name: 'passes the minute in which they begin', subject: keyOf(first), expected: 'pass' },
    { name: 'passes noon', subject: keyOf(noon), expected: 'pass' },
    {
      name: 'counts in the time zone of the policy',
      subject: keyOf(night),
      policy: berlin,
      expected: 'pass',
    },
    { name: 'is shown for three days', subject: keyOf(old), expected: 'pass' },
    { name: 'leaves other domains alone', subject: keyOf(foreign), expected: 'pass' },
  ],
);
