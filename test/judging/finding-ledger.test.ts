import assert from 'node:assert/strict';
import { it } from 'node:test';
import { advance, openLedger, type Sighting } from '../../src/judging/finding-ledger.js';
import { findingId, type Finding } from '../../src/model/finding.js';

const now = new Date('2026-05-01T12:00:00Z');
const later = (ms: number): Date => new Date(now.getTime() + ms);
const sighting: Sighting = {
  rule: 'expired',
  severity: 'error',
  title: 'Certificate has expired',
  subject: { kind: 'endpoint', key: 'a|127.0.0.1|443||' },
  host: 'a',
  certificateSha256: 'ab'.repeat(32),
  details: { notAfter: '2026-04-30T00:00:00.000Z' },
};

/** `actual` has at least what `expected` says. */
function includes(actual: object | null | undefined, expected: object): void {
  assert.deepEqual({ ...actual, ...expected }, actual);
}

function opened(change: Partial<Finding> = {}): Finding {
  const finding = advance(undefined, sighting, now);
  assert.ok(finding !== null);
  return { ...finding, ...change };
}

it('opens with revision 1 and a stable id', () => {
  const finding = opened();
  assert.equal(finding.state, 'open');
  assert.equal(finding.revision, 1);
  assert.equal(finding.id, findingId('expired', sighting.subject));
  assert.match(finding.id, /^[0-9a-f]{32}$/);
});

for (const [name, previous, seen, at, expected] of [
  ['nothing new within the hour', opened(), sighting, later(3_599_999), null],
  ['a refresh after an hour', opened(), sighting, later(3_600_000), { state: 'open', revision: 1 }],
  [
    'new details in the same state',
    opened(),
    { ...sighting, details: { notAfter: 'x' } },
    later(1),
    { revision: 1 },
  ],
  [
    'a worse severity as a new state',
    opened(),
    { ...sighting, severity: 'critical' },
    later(1),
    { revision: 2, state: 'open', severity: 'critical' },
  ],
  [
    'a milder severity quietly',
    opened(),
    { ...sighting, severity: 'warning' },
    later(1),
    { revision: 1, severity: 'warning' },
  ],
  [
    'a worse severity of an acknowledged finding as open again',
    opened({ state: 'acknowledged', revision: 2 }),
    { ...sighting, severity: 'critical' },
    later(1),
    { revision: 3, state: 'open' },
  ],
  [
    'a worse severity of a silenced finding silently',
    opened({ state: 'silenced', revision: 2 }),
    { ...sighting, severity: 'critical' },
    later(1),
    { revision: 2, state: 'silenced' },
  ],
  ['the end of the cause', opened(), null, later(1), { state: 'resolved', revision: 2 }],
  [
    'the end of a silenced cause',
    opened({ state: 'silenced', revision: 2 }),
    null,
    later(1),
    { state: 'resolved', revision: 3 },
  ],
  ['a cause that stays away', opened({ state: 'resolved', revision: 2 }), null, later(1), null],
  [
    'a cause that comes back',
    opened({ state: 'resolved', revision: 2 }),
    sighting,
    later(1),
    { state: 'open', revision: 3 },
  ],
] as const) {
  it(`records ${name}`, () => {
    const next = advance(previous, seen, at);
    if (expected === null) assert.equal(next, null);
    else includes(next, expected);
  });
}

function memory(initial: readonly Finding[] = []) {
  const written: Finding[] = [];
  return {
    written,
    openFindings: () => Promise.resolve(initial.filter(({ state }) => state !== 'resolved')),
    resolvedFindings: () =>
      Promise.resolve(
        initial
          .filter(({ state }) => state === 'resolved')
          .map(({ id, revision }) => [id, revision] as const),
      ),
    findingHistory: (id: string) => Promise.resolve([...initial, ...written].filter((one) => one.id === id)),
    writeFindings: (findings: readonly Finding[]) => Promise.resolve(void written.push(...findings)),
  };
}

it('resolves only what the evaluation covered', async () => {
  const store = memory();
  const ledger = await openLedger(store);
  const other = { ...sighting, subject: { kind: 'endpoint', key: 'b' } } as const;
  await ledger.apply([sighting, other], () => true, now);
  const changed = await ledger.apply([], (finding) => finding.subject.key === 'b', later(1));
  assert.deepEqual(
    changed.map((finding) => [finding.subject.key, finding.state]),
    [['b', 'resolved']],
  );
  assert.deepEqual(
    ledger.open().map((finding) => finding.subject.key),
    [sighting.subject.key],
  );
});

it('writes nothing when the same is seen twice, also at once', async () => {
  const store = memory();
  const ledger = await openLedger(store);
  await Promise.all([ledger.apply([sighting], () => true, now), ledger.apply([sighting], () => true, now)]);
  assert.equal(store.written.length, 1);
});

it('goes on after a write that failed, and does not believe what was not stored', async () => {
  const store = memory();
  let fail = true;
  const ledger = await openLedger({
    ...store,
    writeFindings: (findings) => (fail ? Promise.reject(new Error('away')) : store.writeFindings(findings)),
  });
  await assert.rejects(
    ledger.apply([sighting], () => true, now),
    /away/,
  );
  fail = false;
  const changed = await ledger.apply([sighting], () => true, now);
  assert.equal(changed[0]?.revision, 1);
});

it('knows a person from the cause: acknowledged stays open until the cause is gone', async () => {
  const ledger = await openLedger(memory());
  const [finding] = await ledger.apply([sighting], () => true, now);
  const acknowledged = await ledger.act(finding!.id, 'acknowledge', 'ann', 'on it', later(1));
  includes(acknowledged, {
    state: 'acknowledged',
    changedBy: 'ann',
    note: 'on it',
    revision: 2,
  });
  assert.deepEqual(await ledger.apply([sighting], () => true, later(2)), []);
  const [resolved] = await ledger.apply([], () => true, later(3));
  includes(resolved, { state: 'resolved', revision: 3, changedBy: 'certglass' });
  await assert.rejects(ledger.act(finding!.id, 'silence', 'ann', null, later(4)), /is resolved/);
  assert.equal(await ledger.act('0'.repeat(32), 'silence', 'ann', null, now), null);
});

it('goes on counting where a finding that was resolved before the start comes back', async () => {
  const resolvedOne = opened({
    id: findingId(sighting.rule, sighting.subject),
    state: 'resolved',
    revision: 2,
  });
  const ledger = await openLedger(memory([resolvedOne]));
  assert.deepEqual(ledger.open(), []);
  includes(ledger.foresee(sighting, later(1)), { state: 'open', revision: 3 });
  const [back] = await ledger.apply([sighting], () => true, later(1));
  includes(back, { state: 'open', revision: 3 });
});

it('lets a person reopen what was resolved before the start', async () => {
  const resolvedOne = opened({ state: 'resolved', revision: 2 });
  const ledger = await openLedger(memory([resolvedOne]));
  const again = await ledger.act(resolvedOne.id, 'reopen', 'ann', 'not so', later(1));
  includes(again, { state: 'open', revision: 3, title: resolvedOne.title, changedBy: 'ann' });
  assert.equal(ledger.open().length, 1);
});
