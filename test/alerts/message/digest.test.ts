import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { boundedDetails, digest } from '../../../src/alerts/message/digest.js';
import { finding, findings, hostileTexts } from '../samples.js';

const wide = { maxItems: 1_000, maxBytes: 1_000_000 };

describe('digest', () => {
  it('counts everything and shows as many as fit', () => {
    const many = findings(50_000);
    const fitted = digest(
      many,
      { maxItems: 10, maxBytes: 1_000_000 },
      ({ id }) => id,
      (id) => id.length,
    );
    assert.equal(fitted.shown.length, 10);
    assert.equal(fitted.total, 50_000);
    assert.equal(fitted.omitted, 49_990);
    assert.equal(
      fitted.omittedByRule.reduce((sum, { count }) => sum + count, 0),
      49_990,
    );
    assert.deepEqual(fitted.open, [
      { severity: 'critical', count: 16_667 },
      { severity: 'error', count: 16_666 },
      { severity: 'warning', count: 16_667 },
    ]);
  });

  it('stops at the byte limit, exactly', () => {
    const of = (maxBytes: number): number =>
      digest(
        findings(5),
        { maxItems: 9, maxBytes },
        ({ id }) => id,
        (id) => id.length,
      ).shown.length;
    assert.deepEqual([of(31), of(32), of(63), of(64), of(160)], [0, 1, 1, 2, 5]);
  });

  it('puts the worst first and what is resolved last, whatever the order given', () => {
    const list = [
      finding({ id: 'r', severity: 'critical', state: 'resolved' }),
      finding({ id: 'n', severity: 'notice' }),
      finding({ id: 'c2', severity: 'critical', host: 'b.example.com' }),
      finding({ id: 'c1', severity: 'critical', host: 'a.example.com' }),
    ];
    for (const order of [list, list.toReversed()])
      assert.deepEqual(
        digest(
          order,
          wide,
          ({ id }) => id,
          () => 1,
        ).shown,
        ['c1', 'c2', 'n', 'r'],
      );
    assert.equal(
      digest(
        list,
        wide,
        ({ id }) => id,
        () => 1,
      ).resolved,
      1,
    );
  });

  it('has nothing to say of nothing', () => {
    const fitted = digest(
      [],
      wide,
      ({ id }) => id,
      () => 1,
    );
    assert.deepEqual(
      { ...fitted },
      { shown: [], omitted: 0, omittedByRule: [], total: 0, resolved: 0, open: [] },
    );
  });
});

describe('boundedDetails', () => {
  it('keeps small details whole', () => {
    assert.deepEqual(boundedDetails(finding({ details: { a: 'x', b: 2, c: ['y'], d: null } })), {
      entries: [
        ['a', 'x'],
        ['b', '2'],
        ['c', '["y"]'],
        ['d', 'null'],
      ],
      left: 0,
    });
  });

  it('stays within its bytes whatever is in them, and says how many were left out', () => {
    const details = Object.fromEntries(
      hostileTexts.flatMap((text, n) => [
        [`k${n}`, text],
        [text, n],
      ]),
    );
    const bounded = boundedDetails(finding({ details }));
    assert.ok(Buffer.byteLength(JSON.stringify(bounded.entries)) < 3_100);
    assert.equal(bounded.entries.length + bounded.left, Object.keys(details).length);
    assert.ok(bounded.left > 0);
  });
});
