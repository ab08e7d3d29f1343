import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openLedger, type Covered } from '../../src/judging/finding-ledger.js';
import type { OpenFindings } from '../../src/judging/open-findings.js';
import { findingId, type Finding, type Resolution } from '../../src/model/finding.js';
import { aSighting, includes, later, now, opened } from './samples.js';

const sighting = aSighting();

/** Everything open was checked. */
const everything = (open: OpenFindings): Covered => [...open].map((finding) => [finding, 'fixed']);

function memory(initial: readonly Finding[] = []) {
  const written: Finding[] = [];
  return {
    written,
    openFindings: () => Promise.resolve(initial.filter(({ state }) => state !== 'resolved')),
    resolvedFindings: () => Promise.resolve(initial.filter(({ state }) => state === 'resolved')),
    findingHistory: (id: string) => Promise.resolve([...initial, ...written].filter((one) => one.id === id)),
    writeFindings: (findings: readonly Finding[]) => Promise.resolve(void written.push(...findings)),
  };
}

it('resolves only what the evaluation covered, for the reason it gives', async () => {
  const ledger = await openLedger(memory());
  const other = aSighting({ subject: { kind: 'endpoint', key: 'b' } });
  await ledger.apply([sighting, other], everything, now);
  const changed = await ledger.apply(
    [],
    (open) => open.about(other.subject).map((finding): [Finding, Resolution] => [finding, 'gone']),
    later(1),
  );
  assert.deepEqual(
    changed.map((finding) => [finding.subject.key, finding.state, finding.resolution]),
    [['b', 'resolved', 'gone']],
  );
  assert.deepEqual(
    [...ledger.open].map((finding) => finding.subject.key),
    [sighting.subject.key],
  );
});

it('calls a finding superseded when something worse is reported about the same subject', async () => {
  const ledger = await openLedger(memory(), (rule) => (rule === 'expiring' ? ['expired'] : []));
  const elsewhere = { subject: { kind: 'endpoint', key: 'b' } };
  const expiring = [aSighting({ rule: 'expiring' }), aSighting({ rule: 'expiring', ...elsewhere })];
  await ledger.apply(expiring, everything, now);
  const changed = await ledger.apply([sighting], everything, later(1));
  assert.deepEqual(
    changed.map(({ rule, subject, state, resolution }) => [rule, subject.key, state, resolution]),
    [
      ['expired', sighting.subject.key, 'open', null],
      ['expiring', sighting.subject.key, 'resolved', 'superseded'],
      ['expiring', 'b', 'resolved', 'fixed'],
    ],
  );
});

it('does not call a finding superseded by one that is resolved with it', async () => {
  const ledger = await openLedger(memory(), () => ['expired']);
  await ledger.apply([aSighting({ rule: 'expiring' }), sighting], everything, now);
  const changed = await ledger.apply([], everything, later(1));
  assert.deepEqual(
    changed.map(({ rule, resolution }) => [rule, resolution]),
    [
      ['expiring', 'fixed'],
      ['expired', 'fixed'],
    ],
  );
});

it('writes nothing when the same is seen twice, also at once', async () => {
  const store = memory();
  const ledger = await openLedger(store);
  await Promise.all([ledger.apply([sighting], everything, now), ledger.apply([sighting], everything, now)]);
  assert.equal(store.written.length, 1);
});

it('goes on after a write that failed, and does not believe what was not stored', async () => {
  const store = memory();
  let fail = true;
  const ledger = await openLedger({
    ...store,
    writeFindings: (findings) => (fail ? Promise.reject(new Error('away')) : store.writeFindings(findings)),
  });
  await assert.rejects(ledger.apply([sighting], everything, now), /away/);
  fail = false;
  const changed = await ledger.apply([sighting], everything, now);
  assert.equal(changed[0]?.revision, 1);
});

it('tells a person from the cause: acknowledged stays so until the cause is gone', async () => {
  const ledger = await openLedger(memory());
  const [finding] = await ledger.apply([sighting], everything, now);
  const acknowledge = { action: 'acknowledge', note: 'on it' } as const;
  const acknowledged = await ledger.act(finding!.id, acknowledge, 'ann', later(1));
  includes(acknowledged, { state: 'acknowledged', changedBy: 'ann', note: 'on it', revision: 2 });
  assert.deepEqual(await ledger.act(finding!.id, acknowledge, 'bob', later(2)), acknowledged);
  assert.deepEqual(await ledger.apply([sighting], everything, later(2)), []);
  const [resolved] = await ledger.apply([], everything, later(3));
  includes(resolved, { state: 'resolved', revision: 3, changedBy: 'certglass' });
  await assert.rejects(ledger.act(finding!.id, acknowledge, 'ann', later(4)), /is resolved/);
  assert.equal(await ledger.act('0'.repeat(32), acknowledge, 'ann', now), null);
});

it('opens what was silenced or accepted once that ends, and not before', async () => {
  const ledger = await openLedger(memory());
  const [finding] = await ledger.apply([sighting], everything, now);
  const id = finding!.id;
  await ledger.act(id, { action: 'accept', until: later(10), note: 'replaced soon' }, 'ann', later(1));
  assert.deepEqual(await ledger.lapse(later(9)), []);
  const [open] = await ledger.lapse(later(10));
  includes(open, { id, state: 'open', change: 'reopened', changedBy: 'certglass', revision: 3 });
  assert.deepEqual(await ledger.lapse(later(11)), []);
});

it('goes on with the history of a finding that was resolved before the start', async () => {
  const resolvedOne = opened({
    id: findingId(sighting.rule, sighting.subject),
    state: 'resolved',
    revision: 2,
    ticket: 'T-1',
  });
  const ledger = await openLedger(memory([resolvedOne]));
  assert.equal(ledger.open.size, 0);
  includes(ledger.foresee(sighting, later(1)), { state: 'open', revision: 3 });
  const [back] = await ledger.apply([sighting], everything, later(1));
  includes(back, { state: 'open', revision: 3, firstSeenAt: now, openedAt: later(1), ticket: 'T-1' });
  assert.equal(ledger.foresee(sighting, later(2)), null);
});

it('lets a person reopen what was resolved before the start', async () => {
  const resolvedOne = opened({ state: 'resolved', revision: 2 });
  const ledger = await openLedger(memory([resolvedOne]));
  const again = await ledger.act(resolvedOne.id, { action: 'reopen', note: 'not so' }, 'ann', later(1));
  includes(again, { state: 'open', revision: 3, title: resolvedOne.title, changedBy: 'ann' });
  assert.equal(ledger.open.size, 1);
});
