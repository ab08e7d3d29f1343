import assert from 'node:assert/strict';
import { it } from 'node:test';
import { pino } from 'pino';
import { createEvaluator } from '../src/evaluate.js';
import { openLedger } from '../src/findings.js';
import type { Finding } from '../src/model/finding.js';

type Dependencies = Parameters<typeof createEvaluator>[0];

/** Two endpoints that serve one certificate, judged by one rule about issuances. */
async function twoServingOne() {
  const written: Finding[] = [];
  const ledger = await openLedger({
    liveFindings: () => Promise.resolve([]),
    writeFindings: (findings) => Promise.resolve(void written.push(...findings)),
  });
  const certificate = { sha256: 'ab'.repeat(32), tbsSha256: 'cd'.repeat(32), names: ['a.example'] };
  const inputs = {
    async *served(keys: readonly string[] | undefined) {
      for (const key of ['a', 'b']) {
        const state = { key, target: { host: key } };
        if (keys?.includes(key) !== false) yield [state, [{ certificate, observation: state }]];
      }
    },
    async *logged() {},
    inventory: () => Promise.resolve({ staleSources: [] }),
  };
  const evaluator = createEvaluator({
    inputs: inputs as unknown as Dependencies['inputs'],
    ledger,
    store: { named: () => Promise.resolve([]) },
    policy: { rules: {} } as unknown as Dependencies['policy'],
    rules: [{ kind: 'certificate', about: 'issuance', id: 'weak-key' }] as unknown as Dependencies['rules'],
    judge: (_input, rules) =>
      rules.map(({ id: rule }) => ({ rule, severity: 'error', title: 'Weak', details: {} })),
    judgeServed: () => [],
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
