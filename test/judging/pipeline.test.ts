import assert from 'node:assert/strict';
import { it } from 'node:test';
import { pino } from 'pino';
import type { CtEntry } from '../../src/model/ct-entry.js';
import { createPipeline } from '../../src/judging/pipeline.js';

type Dependencies = Parameters<typeof createPipeline>[0];

function pipelineOver(evaluator: Partial<Dependencies['evaluator']>) {
  const store = { take: () => Promise.resolve() } as unknown as Dependencies['store'];
  const none = { store, fleet: { due: () => Promise.resolve([]) }, onFindings: () => undefined };
  const log = pino({ level: 'silent' });
  return createPipeline({ ...none, evaluator: evaluator as Dependencies['evaluator'], log });
}

it('never runs two evaluations at a time, for each would resolve what the other just opened', async () => {
  let running = 0;
  let most = 0;
  const pipeline = pipelineOver({
    async all() {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return [];
    },
  });
  await Promise.all([pipeline.evaluate(), pipeline.evaluate(), pipeline.evaluate()]);
  assert.equal(most, 1);
});

const entry = (watch: string): CtEntry => ({ matches: [{ watch }] }) as unknown as CtEntry;

it('judges what is watched as it comes, and leaves what is only kept to the next full evaluation', async () => {
  const judged: (readonly CtEntry[])[] = [];
  const pipeline = pipelineOver({ entries: async (batch) => (judged.push(batch), []) });
  const watched = entry('domain');
  await pipeline.take({ kind: 'ct-entries', entries: [entry('all'), watched, entry('all')] });
  await pipeline.take({ kind: 'ct-entries', entries: [entry('all')] });
  await pipeline.drained();
  assert.deepEqual(judged, [[watched]]);
});

it('takes no more entries than it can judge: they would fill the memory', async () => {
  let go: () => void = () => undefined;
  const pipeline = pipelineOver({ entries: () => new Promise((resolve) => (go = () => resolve([]))) });
  const batch = Array.from({ length: 500 }, () => entry('domain'));
  let taken = 0;
  const all = Array.from({ length: 50 }, async () => {
    await pipeline.take({ kind: 'ct-entries', entries: batch });
    taken += 1;
  });
  const settled = Promise.all(all);
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(taken > 0 && taken < 20, String(taken));
  while (taken < 50) {
    go();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await settled;
});

it('tells the caller of a full evaluation that it failed, and goes on with the next', async () => {
  let calls = 0;
  const pipeline = pipelineOver({
    all: () => ((calls += 1) === 1 ? Promise.reject(new Error('no store')) : Promise.resolve([])),
  });
  await assert.rejects(pipeline.evaluate(), /no store/);
  await pipeline.evaluate();
  await pipeline.drained();
  assert.equal(calls, 2);
});
