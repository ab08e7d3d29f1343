import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fit, limits, moreText } from '../../../src/alerts/message/limits.js';
import { finding, findings, message } from '../samples.js';

describe('fitting findings into a message', () => {
  const size = (maxSize: number, unit: 'bytes' | 'characters' = 'characters') => ({
    maxAlerts: 9,
    maxSize,
    unit,
  });

  it('stops at the limit, exactly, and always shows one', async () => {
    const five = await message(findings(5));
    const shown = (maxSize: number): number =>
      fit(
        five,
        size(maxSize),
        ({ id }) => id,
        (id) => id,
      ).shown.length;
    assert.deepEqual([0, 31, 32, 63, 64, 160].map(shown), [1, 1, 1, 1, 2, 5]);
  });

  it('counts bytes where the medium does', async () => {
    const five = await message(findings(5));
    const shown = (unit: 'bytes' | 'characters'): number =>
      fit(
        five,
        size(10, unit),
        () => '\u4e16\u754c',
        (text) => text,
      ).shown.length;
    assert.deepEqual([shown('characters'), shown('bytes')], [5, 1]);
  });

  it('counts what it leaves out, and what the message itself had left out', async () => {
    const many = await message(findings(50_000));
    assert.equal(many.alerts.length, 200);
    assert.equal(
      fit(
        many,
        limits.slack,
        ({ id }) => id,
        () => '',
      ).omitted,
      50_000 - limits.slack.maxAlerts,
    );
    assert.equal(moreText(37), 'and 37 more');
    assert.equal(moreText(0), null);
  });

  it('puts the worst first and what is resolved last, whatever the order given', async () => {
    const list = [
      finding({ id: 'r', severity: 'critical', state: 'resolved' }),
      finding({ id: 'n', severity: 'notice' }),
      finding({ id: 'c2', severity: 'critical', host: 'b.example.com' }),
      finding({ id: 'c1', severity: 'critical', host: 'a.example.com' }),
    ];
    for (const order of [list, list.toReversed()]) {
      const { alerts, open, resolved, total } = await message(order);
      assert.deepEqual(
        alerts.map(({ id }) => id),
        ['c1', 'c2', 'n', 'r'],
      );
      assert.deepEqual(
        [open, resolved, total],
        [
          [
            { severity: 'critical', count: 2 },
            { severity: 'notice', count: 1 },
          ],
          1,
          4,
        ],
      );
    }
  });
});
