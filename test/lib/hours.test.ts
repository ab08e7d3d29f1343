import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endOfHours, hoursShape, nextTime } from '../../src/lib/hours.js';

describe('hours', () => {
  for (const [name, hours, now, end] of [
    ['inside of a day', { from: '09:00', to: '17:00' }, '2026-11-23T09:00:00Z', '2026-11-23T17:00:00Z'],
    ['before them', { from: '09:00', to: '17:00' }, '2026-11-23T08:59:59Z', null],
    ['at their end', { from: '09:00', to: '17:00' }, '2026-11-23T17:00:00Z', null],
    [
      'over midnight, in the evening',
      { from: '18:00', to: '08:00' },
      '2026-11-23T22:00:00Z',
      '2026-11-24T08:00:00Z',
    ],
    [
      'over midnight, in the morning',
      { from: '18:00', to: '08:00' },
      '2026-11-24T07:59:00Z',
      '2026-11-24T08:00:00Z',
    ],
    ['over midnight, by day', { from: '18:00', to: '08:00' }, '2026-11-24T12:00:00Z', null],
    ['on another day', { days: ['sat', 'sun'], from: '00:00', to: '00:00' }, '2026-11-23T12:00:00Z', null],
    [
      'on a whole day',
      { days: ['mon'], from: '00:00', to: '00:00' },
      '2026-11-23T12:00:00Z',
      '2026-11-24T00:00:00Z',
    ],
    [
      'begun the day before',
      { days: ['fri'], from: '18:00', to: '08:00' },
      '2026-11-28T03:00:00Z',
      '2026-11-28T08:00:00Z',
    ],
    [
      'in another zone',
      { from: '09:00', to: '17:00', timezone: 'America/New_York' },
      '2026-11-23T15:00:00Z',
      '2026-11-23T22:00:00Z',
    ],
    [
      'when the clocks go back',
      { from: '22:00', to: '06:00', timezone: 'Europe/Berlin' },
      '2026-10-24T21:00:00Z',
      '2026-10-25T05:00:00Z',
    ],
    [
      'when the clocks go forward',
      { from: '22:00', to: '06:00', timezone: 'Europe/Berlin' },
      '2026-03-28T22:00:00Z',
      '2026-03-29T04:00:00Z',
    ],
  ] as const)
    it(name, () => {
      const found = endOfHours(hoursShape.parse(hours), new Date(now));
      assert.equal(found?.toISOString() ?? null, end === null ? null : new Date(end).toISOString());
    });

  for (const bad of [
    { from: '24:00', to: '08:00' },
    { from: '8:00', to: '09:00' },
    { from: '08:00', to: '09:00', timezone: 'Berlin' },
  ])
    it(`refuses ${JSON.stringify(bad)}`, () => assert.equal(hoursShape.safeParse(bad).success, false));
});

describe('the next time of day', () => {
  for (const [time, zone, now, on, expected] of [
    ['08:00', 'Etc/UTC', '2026-11-23T07:59:59Z', undefined, '2026-11-23T08:00:00Z'],
    ['08:00', 'Etc/UTC', '2026-11-23T08:00:00Z', undefined, '2026-11-24T08:00:00Z'],
    ['08:00', 'Asia/Tokyo', '2026-11-23T00:00:00Z', undefined, '2026-11-23T23:00:00Z'],
    ['08:00', 'Etc/UTC', '2026-11-23T08:00:00Z', ['mon'], '2026-11-30T08:00:00Z'],
    ['08:00', 'Europe/Berlin', '2026-03-28T12:00:00Z', undefined, '2026-03-29T06:00:00Z'],
  ] as const)
    it(`${time} ${zone} after ${now}`, () => {
      assert.equal(nextTime(time, zone, new Date(now), on).toISOString(), new Date(expected).toISOString());
    });
});
