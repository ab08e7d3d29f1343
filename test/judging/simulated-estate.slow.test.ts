import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openStore } from '../../src/store/index.js';
import { compare, type Comparison } from '../support/estate/compare.js';
import { planEstate } from '../support/estate/plan.js';
import { runEstate } from '../support/estate/run.js';
import { embeddedConfig, log, temporaryFolder } from '../store/sample.js';

// The whole estate, 2,000 endpoints judged every day, is `npm run simulate -- --scale 1`.
const end = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);

async function judge(scale: number, hasFaults: boolean, days: readonly number[]): Promise<Comparison> {
  const folder = temporaryFolder();
  const world = planEstate({ seed: 'test19', scale, end, hasFaults });
  const comparison: Comparison = { scores: new Map(), faults: [] };
  const store = await openStore(embeddedConfig(folder, { retentionDays: { inventory: 0 } }), log);
  try {
    const onJudged = (_day: number, at: number, open: Parameters<typeof compare>[2]): void =>
      compare(world, at, open, comparison);
    await runEstate(world, {
      store,
      folder,
      log,
      lastDay: Math.max(...days),
      isJudged: (day) => days.includes(day),
      onJudged,
    });
  } finally {
    await store.close();
  }
  return comparison;
}

/** Between them every join has something to find, with this seed. */
const days = [27, 41];

const joins = [
  ...['deploy-gap', 'predicted-outage', 'unexplained-issuance', 'key-reuse', 'issuance-burst', 'unused'],
  ...['not-in-use', 'dangling-name', 'look-alike-domain', 'watched-name', 'shadow', 'unauthorized-issuer'],
];

it('finds every mistake and attack of a simulated estate, and nothing else', async () => {
  const { scores, faults } = await judge(0.06, true, days);
  assert.deepEqual(faults, []);
  for (const rule of joins) assert.ok((scores.get(rule)?.right ?? 0) > 0, `${rule} was not put to the test`);
});

it('finds nothing from warning on in an estate where all goes well', async () => {
  const { scores, faults } = await judge(0.03, false, [45]);
  assert.deepEqual(faults, []);
  assert.ok([...scores.keys()].every((rule) => rule === 'certificate-changed'));
});
