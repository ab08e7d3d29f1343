import assert from 'node:assert/strict';
import { it } from 'node:test';
import { pino } from 'pino';
import { createPipeline } from '../src/pipeline.js';

type Dependencies = Parameters<typeof createPipeline>[0];

function pipelineOver(evaluator: Partial<Dependencies['evaluator']>) {
  const none = { store: {} as Dependencies['store'], onFindings: () => undefined };
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
