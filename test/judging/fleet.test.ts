import assert from 'node:assert/strict';
import { it } from 'node:test';
import { pino } from 'pino';
import { createEvaluator } from '../../src/judging/evaluate.js';
import { openLedger } from '../../src/judging/finding-ledger.js';
import { createFleetEvaluator, type FleetDependencies } from '../../src/judging/fleet.js';
import { createGrader } from '../../src/judging/grade.js';
import type { Finding } from '../../src/model/finding.js';
import type { FleetHit, FleetRule } from '../../src/rules/fleet-rule.js';
import type { Rule } from '../../src/rules/rule.js';
import { ruleFailed } from '../../src/rules/self/rule-failed.js';
import { aPolicy } from '../rules/support.js';

const log = pino({ level: 'silent' });
const at = (minute: number): Date => new Date(Date.UTC(2026, 4, 1, 12, minute));

const hit = (key: string): FleetHit => ({
  subject: { kind: 'key', key },
  host: null,
  certificateSha256: null,
  details: { key },
});

/** A fleet rule that answers what `say` says at the moment. */
function ruleOf(
  id: string,
  say: () => Promise<readonly FleetHit[]>,
  change: Partial<FleetRule> = {},
): FleetRule {
  return {
    kind: 'fleet',
    id,
    title: id,
    severity: 'error',
    citation: 'none',
    remediation: 'none',
    query: { name: id, description: id },
    everyMinutes: 1,
    hits: say,
    ends: () => Promise.resolve([]),
    ...change,
  };
}

async function fleetOf(fleetRules: readonly FleetRule[], change: Partial<FleetDependencies> = {}) {
  const ledger = await openLedger({
    openFindings: () => Promise.resolve([]),
    resolvedFindings: () => Promise.resolve([]),
    findingHistory: () => Promise.resolve([]),
    writeFindings: () => Promise.resolve(),
  });
  const rules: readonly Rule[] = [...fleetRules, ruleFailed];
  const policy = change.policy ?? aPolicy();
  const grade = createGrader(policy, rules);
  const { incident } = createEvaluator({ ledger, grade, rules } as Parameters<typeof createEvaluator>[0]);
  const ask = () => Promise.resolve([]);
  return createFleetEvaluator({ ask, ledger, grade, policy, rules, incident, log, ...change });
}

const told = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ rule, subject, state, resolution }) => `${rule} ${subject.key} ${resolution ?? state}`);

it('opens a finding for each hit, and resolves those that are no longer there', async () => {
  let keys = ['a', 'b'];
  const fleet = await fleetOf([ruleOf('reuse', () => Promise.resolve(keys.map(hit)))]);
  assert.deepEqual(told(await fleet.due(at(0))), ['reuse a open', 'reuse b open']);
  keys = ['b'];
  assert.deepEqual(told(await fleet.due(at(1))), ['reuse a fixed']);
});

for (const [how, break_] of [
  ['throws', () => Promise.reject(new Error('broken query'))],
  ['hangs', () => new Promise<never>(() => undefined)],
  ['has more rows than it may', () => Promise.reject(new Error('keys-served has more than 20000 rows'))],
] as const) {
  it(`holds what a rule said whose query ${how}, reports it, and runs the others`, async () => {
    let isBroken = false;
    const fleet = await fleetOf(
      [
        ruleOf('fails', () => (isBroken ? break_() : Promise.resolve([hit('a')]))),
        ruleOf('works', () => Promise.resolve(isBroken ? [hit('b'), hit('c')] : [hit('b')])),
      ],
      { deadlineMs: 20 },
    );
    assert.deepEqual(told(await fleet.due(at(0))), ['fails a open', 'works b open']);
    isBroken = true;
    assert.deepEqual(told(await fleet.due(at(1))), ['rule-failed rule fails open', 'works c open']);
    isBroken = false;
    assert.deepEqual(told(await fleet.due(at(2))), ['rule-failed rule fails fixed', 'works c fixed']);
  });
}

it('does not let a run that ends too late resolve or open anything', async () => {
  let answer: (hits: readonly FleetHit[]) => void = () => undefined;
  let isSlow = false;
  const slow = ruleOf('slow', () =>
    isSlow ? new Promise((resolve) => (answer = resolve)) : Promise.resolve([hit('a')]),
  );
  const fleet = await fleetOf([slow], { deadlineMs: 20 });
  await fleet.due(at(0));
  isSlow = true;
  assert.deepEqual(told(await fleet.due(at(1))), ['rule-failed rule slow open']);
  answer([]);
  isSlow = false;
  assert.deepEqual(told(await fleet.due(at(2))), ['rule-failed rule slow fixed'], 'a is still open');
});

it('asks each rule on its own clock', async () => {
  const asked: string[] = [];
  const noting = (id: string) => () => (asked.push(id), Promise.resolve([]));
  const fleet = await fleetOf([
    ruleOf('often', noting('often')),
    ruleOf('seldom', noting('seldom'), { everyMinutes: 10 }),
  ]);
  for (const minute of [0, 1, 1.5, 2, 10]) await fleet.due(at(minute));
  assert.deepEqual(asked, ['often', 'seldom', 'often', 'often', 'often', 'seldom']);
});

it('ends a finding for the reason and with the evidence the rule gives', async () => {
  let hits = [hit('a')];
  const evidence = [{ label: 'Key', value: 'served', expected: null, source: 'scan', at: null }];
  const rule = ruleOf('explains', () => Promise.resolve(hits), {
    ends: (gone) =>
      Promise.resolve(gone.map(({ id }) => ({ findingId: id, resolution: 'explained', evidence }))),
  });
  const fleet = await fleetOf([rule]);
  await fleet.due(at(0));
  hits = [];
  const [resolved] = await fleet.due(at(1));
  assert.equal(resolved?.resolution, 'explained');
  assert.deepEqual(resolved?.evidence, evidence);
});

it('takes back what a rule said that was switched off', async () => {
  const policy = { ...aPolicy(), rules: {} as Record<string, { enabled: boolean }> };
  const fleet = await fleetOf([ruleOf('reuse', () => Promise.resolve([hit('a')]))], { policy });
  await fleet.due(at(0));
  policy.rules['reuse'] = { enabled: false };
  assert.deepEqual(told(await fleet.due(at(1))), ['reuse a out-of-scope']);
});
