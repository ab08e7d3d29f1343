import assert from 'node:assert/strict';
import { it } from 'node:test';
import { joined } from '../../src/console/lib/expiry-days.js';

const from = new Date('2026-12-01T00:00:00Z');
const day = (date: string, overdue: number, notInstalled: number, onCourse: number) => ({
  day: `${date}T00:00:00.000Z`,
  overdue,
  notInstalled,
  onCourse,
});

it('leaves single days as they are', () => {
  const days = [day('2026-12-01', 1, 0, 0), day('2026-12-05', 0, 2, 3)];
  assert.deepEqual(joined(days, from, 1), days);
});

it('joins days to steps that begin with the first day, and loses none', () => {
  const days = [day('2026-12-01', 1, 0, 1), day('2026-12-03', 0, 1, 1), day('2026-12-04', 0, 0, 5)];
  assert.deepEqual(joined(days, from, 3), [day('2026-12-01', 1, 1, 2), day('2026-12-04', 0, 0, 5)]);
});

it('has nothing to join without days', () => assert.deepEqual(joined([], from, 3), []));
