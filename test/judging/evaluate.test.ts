import assert from 'node:assert/strict';
import { it } from 'node:test';
import { pino } from 'pino';
import { createEvaluator } from '../../src/judging/evaluate.js';
import { openLedger } from '../../src/judging/finding-ledger.js';
import { createGrader } from '../../src/judging/grade.js';
import type { Finding } from '../../src/model/finding.js';
import { aCertificate, anInput, anObservation, aPolicy } from '../rules/support.js';

type Dependencies = Parameters<typeof createEvaluator>[0];

const whole = { isWhole: true, sources: ['files'], staleSources: [], incompleteSources: [] };

/** Two endpoints that serve one certificate, judged by one rule about issuances. `world` may change between evaluations. */
async function twoServingOne(
  rule: object = { id: 'weak-key' },
  world: { inventory: object; isHit: boolean; unsettled?: readonly string[] } = {
    inventory: whole,
    isHit: true,
  },
) {
  const written: Finding[] = [];
  const ledger = await openLedger({
    openFindings: () => Promise.resolve([]),
    resolvedFindings: () => Promise.resolve([]),
    findingHistory: () => Promise.resolve([]),
    writeFindings: (findings) => Promise.resolve(void written.push(...findings)),
  });
  const certificate = aCertificate({ tbsSha256: 'cd'.repeat(32), names: ['a.example'] });
  const inputs = {
    async *served(keys: readonly string[] | undefined) {
      for (const key of ['a', 'b']) {
        const observation = anObservation({ certificate });
        if (keys?.includes(key) !== false)
          yield { key, observation, inputs: [anInput({ certificate, observation })] };
      }
    },
    async *logged() {},
    inventory: () => Promise.resolve(world.inventory),
    unsettledRules: () => world.unsettled ?? [],
  };
  const rules = [
    {
      kind: 'certificate',
      about: 'issuance',
      title: 'Weak',
      severity: 'error',
      appliesTo: () => world.isHit,
      check: () => ({ details: {} }),
      ...rule,
    },
    { kind: 'incident', id: 'inventory-stale', title: 'Stale', severity: 'warning' },
    { kind: 'incident', id: 'inventory-incomplete', title: 'Incomplete', severity: 'warning' },
  ] as unknown as Dependencies['rules'];
  const evaluator = createEvaluator({
    inputs: inputs as unknown as Dependencies['inputs'],
    ledger,
    grade: createGrader(aPolicy(), rules),
    rules,
    log: pino({ level: 'silent' }),
  });
  return { evaluator, written };
}

it('does not rewrite what the whole says of an issuance each time a part of it is seen', async () => {
  const { evaluator, written } = await twoServingOne();
  await evaluator.endpoints(['b'], new Date('2026-05-01T12:00:00Z'));
  assert.deepEqual(
    written.map(({ details }) => details['servedAt']),
    [['b']],
    'opened at once',
  );
  await evaluator.all(new Date('2026-05-01T12:01:00Z'));
  for (const key of ['a', 'b']) await evaluator.endpoints([key], new Date('2026-05-01T12:02:00Z'));
  await evaluator.all(new Date('2026-05-01T12:03:00Z'));
  assert.deepEqual(
    written.map(({ details }) => details['servedAt']),
    [['b'], ['a', 'b']],
  );
});

it('takes nothing back while the inventory is not known, and says so of the inventory', async () => {
  const world = { inventory: whole as object, isHit: true };
  const { evaluator, written } = await twoServingOne({ id: 'shadow', needsInventory: true }, world);
  const states = async (minute: number): Promise<readonly string[]> => {
    written.splice(0);
    await evaluator.all(new Date(Date.UTC(2026, 4, 1, 12, minute)));
    return written.map(({ rule, state }) => `${rule} ${state}`).sort();
  };
  assert.deepEqual(await states(0), ['shadow open']);
  const run = { source: 'files', items: 3, errors: ['a.pem: no certificate'] };
  Object.assign(world, {
    isHit: false,
    inventory: { ...whole, isWhole: false, staleSources: ['files'], incompleteSources: [run] },
  });
  assert.deepEqual(await states(1), ['inventory-incomplete open', 'inventory-stale open']);
  world.inventory = whole;
  assert.deepEqual(await states(2), [
    'inventory-incomplete resolved',
    'inventory-stale resolved',
    'shadow resolved',
  ]);
});

it('takes nothing back while the evidence of a rule is being gathered', async () => {
  const world = { inventory: whole, isHit: true, unsettled: [] as string[] };
  const { evaluator, written } = await twoServingOne({ id: 'shared-prime' }, world);
  const states = (): string[] => written.splice(0).map(({ rule, state }) => `${rule} ${state}`);
  await evaluator.all(new Date('2026-05-01T12:00:00Z'));
  assert.deepEqual(states(), ['shared-prime open']);
  Object.assign(world, { isHit: false, unsettled: ['shared-prime'] });
  await evaluator.all(new Date('2026-05-01T12:01:00Z'));
  assert.deepEqual(states(), []);
  Object.assign(world, { unsettled: [] });
  await evaluator.all(new Date('2026-05-01T12:02:00Z'));
  assert.deepEqual(states(), ['shared-prime resolved']);
});
