import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acted, lapse, resolve, seen } from '../../src/judging/finding-life.js';
import { findingId, type Finding } from '../../src/model/finding.js';
import type { FindingAct } from '../../src/model/finding-act.js';
import { aSighting, includes, later, now, opened } from './samples.js';

const sighting = aSighting();

it('opens with revision 1 and a stable id', () => {
  const finding = opened();
  includes(finding, { state: 'open', change: 'opened', revision: 1, firstSeenAt: now, openedAt: now });
  assert.equal(finding.id, findingId('expired', sighting.subject));
  assert.match(finding.id, /^[0-9a-f]{32}$/);
});

describe('a cause that is seen again', () => {
  for (const [name, previous, again, at, expected] of [
    ['writes nothing within the hour', opened(), {}, later(3_599_999), null],
    ['refreshes after an hour', opened(), {}, later(3_600_000), { state: 'open', revision: 1 }],
    ['takes new details without a new revision', opened(), { details: { a: 1 } }, later(1), { revision: 1 }],
    ['takes a new owner without a new revision', opened(), { owner: 'web' }, later(1), { revision: 1 }],
    [
      'makes a worse severity a change',
      opened(),
      { severity: 'critical' },
      later(1),
      { revision: 2, change: 'severity-raised', state: 'open', severity: 'critical' },
    ],
    [
      'makes a milder severity a change',
      opened(),
      { severity: 'warning' },
      later(1),
      { revision: 2, change: 'severity-lowered', state: 'open', severity: 'warning' },
    ],
    [
      'opens an acknowledged finding that got worse',
      opened({ state: 'acknowledged', revision: 2 }),
      { severity: 'critical' },
      later(1),
      { revision: 3, state: 'open' },
    ],
    [
      'leaves an acknowledged finding that got milder acknowledged',
      opened({ state: 'acknowledged', revision: 2 }),
      { severity: 'warning' },
      later(1),
      { revision: 3, state: 'acknowledged' },
    ],
    [
      'leaves a silenced finding that got worse silenced',
      opened({ state: 'silenced', revision: 2, until: later(9) }),
      { severity: 'critical' },
      later(1),
      { revision: 3, state: 'silenced', until: later(9) },
    ],
    [
      'reopens a resolved finding with its first sight, assignee and ticket',
      opened({ state: 'resolved', revision: 2, assignee: 'ann', ticket: 'T-1' }),
      {},
      later(5),
      {
        state: 'open',
        change: 'reopened',
        revision: 3,
        firstSeenAt: now,
        openedAt: later(5),
        resolution: null,
        assignee: 'ann',
        ticket: 'T-1',
      },
    ],
  ] as const) {
    it(name, () => {
      const next = seen(previous, { ...sighting, ...again }, at);
      if (expected === null) assert.equal(next, null);
      else includes(next, expected);
    });
  }
});

it('keeps why a finding was resolved, and what it said', () => {
  const silenced = opened({ state: 'silenced', until: later(9), revision: 2 });
  includes(resolve(silenced, 'gone', later(1)), {
    state: 'resolved',
    change: 'resolved',
    resolution: 'gone',
    until: null,
    revision: 3,
    resolvedAt: later(1),
    changedBy: 'certglass',
    details: sighting.details,
    evidence: sighting.evidence,
  });
});

describe('a silence or an acceptance', () => {
  const accepted = opened({ state: 'accepted', until: later(10), revision: 2 });
  it('holds until its end', () => assert.equal(lapse(accepted, later(9)), null));
  it('ends at that instant', () =>
    includes(lapse(accepted, later(10)), {
      state: 'open',
      change: 'reopened',
      until: null,
      revision: 3,
      changedBy: 'certglass',
    }));
  it('without an end holds', () => assert.equal(lapse({ ...accepted, until: null }, later(99)), null));
});

describe('what a person does', () => {
  const acts: readonly (readonly [FindingAct, Partial<Finding>])[] = [
    [
      { action: 'acknowledge', note: 'on it' },
      { state: 'acknowledged', change: 'acknowledged' },
    ],
    [
      { action: 'silence', until: later(5), note: 'window' },
      { state: 'silenced', change: 'silenced', until: later(5) },
    ],
    [
      { action: 'accept', until: later(5), note: 'replaced in May' },
      { state: 'accepted', change: 'accepted', until: later(5) },
    ],
    [
      { action: 'assign', assignee: 'bob', note: 'please' },
      { state: 'open', change: 'assigned', assignee: 'bob' },
    ],
    [
      { action: 'comment', note: 'vendor called' },
      { state: 'open', change: 'commented' },
    ],
    [
      { action: 'ticket', ticket: 'T-1', note: 'there' },
      { state: 'open', change: 'ticket', ticket: 'T-1' },
    ],
  ];
  for (const [act, expected] of acts) {
    it(`${act.action} is a revision with its author and note`, () =>
      includes(acted(opened(), act, 'ann', later(1)), {
        ...expected,
        revision: 2,
        changedBy: 'ann',
        note: act.note,
      }));
  }
  it('that changes nothing is no revision, except a comment', () => {
    const silence = { action: 'silence', until: later(5), note: null } as const;
    const silenced = acted(opened(), silence, 'ann', now);
    assert.ok(silenced !== null);
    assert.equal(acted(silenced, silence, 'ann', later(1)), null);
    includes(acted(silenced, { ...silence, until: later(6) }, 'ann', later(1)), { until: later(6) });
    includes(acted(silenced, { action: 'comment', note: 'still' }, 'ann', later(1)), { state: 'silenced' });
  });
  it('reopens what was resolved', () => {
    const resolved = resolve(opened(), 'fixed', later(1));
    includes(acted(resolved, { action: 'reopen', note: 'not so' }, 'ann', later(2)), {
      state: 'open',
      change: 'reopened',
      resolution: null,
      resolvedAt: null,
      revision: 3,
    });
  });
  for (const action of ['acknowledge', 'silence', 'accept'] as const) {
    it(`cannot ${action} what is resolved`, () => {
      const act = { action, until: null, note: '' } satisfies FindingAct;
      assert.throws(() => acted(resolve(opened(), 'fixed', now), act, 'ann', now), /is resolved/);
    });
  }
});
