import assert from 'node:assert/strict';
import { it } from 'node:test';
import { pino } from 'pino';
import { createClock, type ClockDependencies } from '../../src/judging/clock.js';
import { OpenFindings } from '../../src/judging/open-findings.js';
import { opened } from './samples.js';

const log = pino({ level: 'silent' });
const at = (minute: number): Date => new Date(Date.UTC(2026, 4, 1, 12, minute));

/** A clock over a memory of schedule runs, and what it did. */
function clockOf(basis: string, runs: Map<string, Date>, change: Partial<ClockDependencies> = {}) {
  const done: string[] = [];
  const index = { sources: [], isWhole: true } as never;
  const clock = createClock({
    store: {
      judging: { dueJudged: () => Promise.resolve([]) } as never,
      lastScheduleRuns: () => Promise.resolve(runs),
      writeScheduleRun: (name, startedAt) => Promise.resolve(void runs.set(name, startedAt)),
    },
    pipeline: {
      run: async (step) => void (await step()),
      evaluate: () => Promise.resolve(void done.push('all')),
      drained: () => Promise.resolve(),
    },
    evaluator: {
      repeat: (judged) => Promise.resolve((done.push(`repeat ${judged.length}`), [])),
      endpoints: (keys) => Promise.resolve((done.push(`endpoints ${keys.join()}`), [])),
    },
    inputs: { inventory: () => Promise.resolve(index), refresh: () => undefined },
    ledger: {
      open: new OpenFindings(),
      lapse: () => Promise.resolve((done.push('lapse'), [])),
    },
    passed: { clear: () => undefined },
    fleet: { due: () => Promise.resolve((done.push('fleet'), [])), askAgain: () => done.push('ask again') },
    judgeInventories: () => Promise.resolve((done.push('inventories'), [])),
    scannedSince: () => Promise.resolve(null),
    basis: () => basis,
    onFindings: () => undefined,
    log,
    ...change,
  });
  return { clock, done };
}

/** One life of the process: from start to stop, or to being killed. */
async function live(basis: string, runs: Map<string, Date>, end: 'stopped' | 'killed' = 'stopped') {
  const { clock, done } = clockOf(basis, runs);
  const stop = new AbortController();
  const ended = clock.start(60_000, stop.signal);
  stop.abort();
  await ended;
  if (end === 'stopped') await clock.stopped();
  // The clock of the machine goes on.
  await new Promise((resolve) => setTimeout(resolve, 2));
  return done.includes('all');
}

it('judges everything at the first start, and after a stop in order no more', async () => {
  const runs = new Map<string, Date>();
  assert.equal(await live('a', runs), true);
  assert.equal(await live('a', runs), false);
  assert.equal(await live('a', runs), false);
});

it('judges everything after it was killed', async () => {
  const runs = new Map<string, Date>();
  await live('a', runs);
  assert.equal(await live('a', runs, 'killed'), false);
  assert.equal(await live('a', runs), true);
  assert.equal(await live('a', runs), false);
});

it('judges everything when policy, rules or version are others, also back to earlier ones', async () => {
  const runs = new Map<string, Date>();
  for (const basis of ['a', 'b', 'a']) assert.equal(await live(basis, runs), true, basis);
  assert.equal(await live('a', runs), false);
});

it('does not take a repair that was cut off for done', async () => {
  const runs = new Map<string, Date>();
  await live('a', runs);
  await live('a', runs, 'killed');
  const { clock } = clockOf('a', runs, {
    pipeline: {
      run: async (step) => void (await step()),
      evaluate: () => Promise.reject(new Error('stopped')),
      drained: () => Promise.resolve(),
    },
  });
  const stop = new AbortController();
  const ended = clock.start(60_000, stop.signal);
  stop.abort();
  await ended;
  await clock.stopped();
  assert.equal(await live('a', runs), true);
});

it('does next to nothing when nothing is due', async () => {
  const { clock, done } = clockOf('a', new Map());
  await clock.tick(at(0));
  await clock.tick(at(1));
  assert.deepEqual(done, ['inventories', 'fleet', 'fleet']);
});

it('opens what was silenced until now', async () => {
  const open = new OpenFindings([opened({ state: 'silenced', until: at(5) })]);
  const { clock, done } = clockOf('a', new Map(), {
    ledger: { open, lapse: () => Promise.resolve((done.push('lapse'), [])) },
  });
  await clock.tick(at(4));
  assert.ok(!done.includes('lapse'));
  await clock.tick(at(5));
  assert.ok(done.includes('lapse'));
});

it('repeats what is due in pages, and does not turn in a circle when something stays due', async () => {
  const due = Array.from({ length: 500 }, (_, index) => ({
    kind: 'endpoint' as const,
    key: `e${index}`,
    dueAt: at(0),
    issuances: [],
  }));
  const { clock, done } = clockOf('a', new Map(), {
    store: {
      judging: { dueJudged: () => Promise.resolve(due) } as never,
      lastScheduleRuns: () => Promise.resolve(new Map()),
      writeScheduleRun: () => Promise.resolve(),
    },
  });
  await clock.tick(at(1));
  assert.equal(done.filter((one) => one === 'repeat 500').length, 2);
});

it('judges again after a scan what was not seen since it began', async () => {
  const subject = (key: string) => ({ kind: 'endpoint', key });
  const open = new OpenFindings([
    opened({ id: '1', subject: subject('left'), lastSeenAt: at(0) }),
    opened({ id: '2', subject: subject('seen'), lastSeenAt: at(9) }),
    opened({ id: '3', subject: { kind: 'issuance', key: 'x' }, lastSeenAt: at(0) }),
  ]);
  const { clock, done } = clockOf('a', new Map(), {
    ledger: { open, lapse: () => Promise.resolve([]) },
    scannedSince: () => Promise.resolve(at(5)),
  });
  await clock.afterScan(at(10));
  assert.deepEqual(done, ['endpoints left']);
});
