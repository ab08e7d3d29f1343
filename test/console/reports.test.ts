import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { periodOf, reportQuery } from '../../src/console/reports/period.js';

const now = new Date('2026-12-01T12:00:00Z');
const none = { from: '', to: '' };

describe('a period', () => {
  for (const [name, dates, at, from, to] of [
    ['days', none, now, '2026-11-01T12:00:00.000Z', '2026-12-01T12:00:00.000Z'],
    ['month', none, now, '2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'],
    ['month', none, new Date('2027-01-31T23:00:00Z'), '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['quarter', none, now, '2026-07-01T00:00:00.000Z', '2026-10-01T00:00:00.000Z'],
    [
      'quarter',
      none,
      new Date('2027-02-01T00:00:00Z'),
      '2026-10-01T00:00:00.000Z',
      '2027-01-01T00:00:00.000Z',
    ],
    ['year', none, now, '2025-12-01T00:00:00.000Z', '2026-12-01T12:00:00.000Z'],
    [
      'dates',
      { from: '2026-03-01', to: '2026-03-01' },
      now,
      '2026-03-01T00:00:00.000Z',
      '2026-03-02T00:00:00.000Z',
    ],
  ] as const)
    it(`${name} at ${at.toISOString().slice(0, 10)}`, () => {
      const period = periodOf(name, dates, at);
      assert.deepEqual([period?.from.toISOString(), period?.to.toISOString()], [from, to]);
    });

  for (const [name, dates] of [
    ['without a last day', { from: '2026-03-01', to: '' }],
    ['that ends before it begins', { from: '2026-03-02', to: '2026-03-01' }],
    ['in the future', { from: '2027-03-02', to: '2027-04-01' }],
    ['that is no date', { from: 'March', to: '2026-03-01' }],
  ] as const)
    it(`is none: ${name}`, () => assert.equal(periodOf('dates', dates, now), null));

  it('is asked for with what limits the report', () => {
    const period = { from: now, to: now };
    const at = '2026-12-01T12%3A00%3A00.000Z';
    assert.equal(
      reportQuery(period, { domain: ' example.com ', owner: '', tag: '=1&2' }),
      `from=${at}&to=${at}&domain=example.com&tag=%3D1%262`,
    );
  });
});
