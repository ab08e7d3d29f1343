import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openLedger } from '../../src/judging/finding-ledger.js';
import type { Finding } from '../../src/model/finding.js';
import type { PolicyException } from '../../src/model/policy.js';
import { aSighting, includes, later, now } from './samples.js';

const nothing = { names: [], networks: [], issuers: [], tags: [], environments: [], certificates: [] };
const exception: PolicyException = {
  ...{ ...nothing, rules: ['expired'], reason: 'replaced in spring', approver: 'alice' },
  expires: '2026-05-02',
};
const dayMs = 86_400_000;

async function ledgerOf() {
  const store = {
    openFindings: () => Promise.resolve([]),
    resolvedFindings: () => Promise.resolve([]),
    findingHistory: () => Promise.resolve([]),
    writeFindings: () => Promise.resolve(),
  };
  const ledger = await openLedger(store);
  const see = (change: object, at = now, severity: Finding['severity'] = 'error') =>
    ledger.apply([{ ...aSighting({ severity }), ...change }], () => [], at);
  const current = (): Finding | undefined => [...ledger.open][0];
  return { ledger, see, current };
}

it('opens a finding as accepted while an exception covers it, in one revision', async () => {
  const { see, current } = await ledgerOf();
  assert.equal((await see({ exception })).length, 1);
  includes(current(), {
    ...{ state: 'accepted', revision: 1, change: 'accepted', changedBy: 'policy' },
    ...{ until: new Date('2026-05-03T00:00:00Z'), note: 'replaced in spring (alice)' },
  });
  assert.deepEqual(await see({ exception }), [], 'seen again, nothing changes');
});

it('accepts a finding that was open before, and opens it when the exception is gone', async () => {
  const { see, current } = await ledgerOf();
  await see({});
  await see({ exception });
  includes(current(), { state: 'accepted', revision: 2 });
  await see({ exception: null });
  includes(current(), { state: 'open', revision: 3, change: 'reopened', until: null });
});

it('opens it when the exception has ended', async () => {
  const { ledger, see, current } = await ledgerOf();
  await see({ exception });
  await ledger.lapse(later(2 * dayMs));
  includes(current(), { state: 'open', revision: 2 });
  await see({ exception }, later(2 * dayMs));
  includes(current(), { state: 'open', revision: 2 });
});

it('keeps a finding accepted that becomes worse, and moves its end with the exception', async () => {
  const { see, current } = await ledgerOf();
  await see({ exception });
  await see({ exception }, later(1), 'critical');
  includes(current(), { state: 'accepted', revision: 2, severity: 'critical', changedBy: 'policy' });
  await see({ exception: { ...exception, expires: '2026-06-30' } }, later(2), 'critical');
  includes(current(), { state: 'accepted', revision: 3, until: new Date('2026-07-01T00:00:00Z') });
});

it('leaves alone what a person silenced', async () => {
  const { ledger, see, current } = await ledgerOf();
  await see({});
  const until = later(60_000);
  await ledger.act(current()?.id ?? '', { action: 'silence', until, note: 'x' }, 'bob', now);
  await see({ exception });
  includes(current(), { state: 'silenced', changedBy: 'bob' });
});
