import assert from 'node:assert/strict';
import { it } from 'node:test';
import { pino } from 'pino';
import type { CtEntry } from '../../src/model/ct-entry.js';
import type { Step } from '../../src/judging/evaluate-all.js';
import type { Answer } from '../../src/model/network.js';
import { createPipeline } from '../../src/judging/pipeline.js';
import { anObservation } from '../rules/support.js';

type Dependencies = Parameters<typeof createPipeline>[0];

function pipelineOver(evaluator: Partial<Dependencies['evaluator']>, all: Dependencies['all'] = nothing) {
  const store = { take: () => Promise.resolve() } as unknown as Dependencies['store'];
  const log = pino({ level: 'silent' });
  const onFindings = (): void => undefined;
  return createPipeline({ store, onFindings, all, evaluator: evaluator as Dependencies['evaluator'], log });
}

async function* nothing(): AsyncGenerator<Step, void, void> {}
it('judges the endpoints of a certificate at once when its status changes, and only then', async () => {
  const at = new Date(0);
  const judged: (readonly string[])[] = [];
  const store = {
    take: async () => undefined,
    endpointsServing: async (hashes: readonly string[]) => hashes.map((one) => `endpoint of ${one}`),
  };
  const pipeline = createPipeline({
    store: store,
    all: nothing,
    onFindings: () => undefined,
    log: pino({ level: 'silent' }),
    evaluator: {
      endpoints: async (keys: readonly string[]) => (judged.push(keys), []),
    } as unknown as Dependencies['evaluator'],
  });
  const answer = (key: string, since: Date, question = 'revocation'): Answer =>
    ({ question, key, since, checkedAt: at }) as unknown as Answer;
  await pipeline.take({
    kind: 'answers',
    answers: [answer('changed', at), answer('same', new Date(-1)), answer('name', at, 'name')],
  });
  await pipeline.drained();
  assert.deepEqual(judged, [['endpoint of changed']]);
});

it('never runs two evaluations at a time, for each would resolve what the other just opened', async () => {
  let running = 0;
  let most = 0;
  const pipeline = pipelineOver({}, async function* () {
    yield async () => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return [];
    };
  });
  await Promise.all([pipeline.evaluate(), pipeline.evaluate(), pipeline.evaluate()]);
  assert.equal(most, 1);
});

it('judges what is fresh between two steps of an evaluation, and asks for a step when the last has ended', async () => {
  const done: string[] = [];
  const pipeline = pipelineOver(
    { endpoints: () => (done.push('fresh'), Promise.resolve([])) },
    async function* () {
      for (const step of ['first', 'second', 'third']) {
        yield async () => {
          done.push(step);
          if (step === 'first')
            await pipeline.take({ kind: 'observations', observations: [anObservation()] });
          return [];
        };
        assert.ok(done.includes(step));
      }
    },
  );
  await pipeline.evaluate();
  assert.deepEqual(done, ['first', 'fresh', 'second', 'third']);
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
  const pipeline = pipelineOver({}, async function* () {
    yield () => ((calls += 1) === 1 ? Promise.reject(new Error('no store')) : Promise.resolve([]));
  });
  await assert.rejects(pipeline.evaluate(), /no store/);
  await pipeline.evaluate();
  await pipeline.drained();
  assert.equal(calls, 2);
});
