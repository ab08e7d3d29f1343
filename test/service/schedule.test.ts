import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createTask } from 'node-cron';
import { pino } from 'pino';
import { isMissed, startSchedules, type Job } from '../../src/service/schedule.js';

const log = pino({ level: 'silent' });

function memory(last: [string, Date][] = []) {
  const runs = new Map(last);
  return {
    runs,
    lastScheduleRuns: () => Promise.resolve(new Map(runs)),
    writeScheduleRun: (name: string, at: Date) => Promise.resolve(void runs.set(name, at)),
  };
}

const noted = (): Promise<void> => Promise.resolve();

for (const [name, cron, lastRun, now, expected] of [
  [
    'an hourly job 61 minutes after its last run',
    '0 * * * *',
    '2026-03-01T10:00:30Z',
    '2026-03-01T11:01:00Z',
    true,
  ],
  ['an hourly job exactly on the hour', '0 * * * *', '2026-03-01T10:00:30Z', '2026-03-01T11:00:00Z', true],
  [
    'an hourly job one second before the hour',
    '0 * * * *',
    '2026-03-01T10:00:30Z',
    '2026-03-01T10:59:59Z',
    false,
  ],
  [
    'a job every ten seconds a minute later',
    '*/10 * * * * *',
    '2026-03-01T10:00:30Z',
    '2026-03-01T10:01:35Z',
    true,
  ],
  ['a job at second 45', '45 * * * * *', '2026-03-01T10:00:50Z', '2026-03-01T10:01:44Z', false],
  ['a monthly job within the month', '0 0 1 * *', '2026-03-01T00:00:30Z', '2026-03-30T23:00:00Z', false],
  ['anything after 40 days', '0 0 1 1 *', '2026-03-01T00:00:30Z', '2026-04-20T23:00:00Z', true],
] as const) {
  it(`says ${expected ? 'missed' : 'not missed'} of ${name}`, () => {
    const task = createTask(cron, () => undefined, { timezone: 'Etc/UTC' });
    assert.equal(isMissed(task, new Date(lastRun), new Date(now)), expected);
    void task.destroy();
  });
}

function countingJob(name: string, run: (signal: AbortSignal) => Promise<void>): Job & { started: number } {
  return {
    name,
    title: name,
    cron: '0 0 1 1 *',
    timezone: null,
    started: 0,
    run(signal) {
      this.started += 1;
      return run(signal);
    },
  };
}

it('runs a job that never ran once at start, and remembers it', async () => {
  const store = memory();
  const job = countingJob('first', () => Promise.resolve());
  const schedules = await startSchedules([job], store, noted, log);
  await schedules.trigger('first');
  await schedules.stop();
  assert.ok(job.started >= 1);
  assert.ok(store.runs.has('first'));
});

it('leaves alone what ran and was not missed', async () => {
  const job = countingJob('done', () => Promise.resolve());
  const schedules = await startSchedules([job], memory([['done', new Date()]]), noted, log);
  await schedules.stop();
  assert.equal(job.started, 0);
});

it('never overlaps a job with itself and waits for it when stopped', async () => {
  let release = () => {};
  const job = countingJob(
    'slow',
    (signal) =>
      new Promise((resolve) => {
        release = resolve;
        signal.addEventListener('abort', () => resolve());
      }),
  );
  const store = memory();
  const schedules = await startSchedules([job], store, noted, log);
  void schedules.trigger('slow');
  assert.equal(job.started, 1);
  await schedules.stop();
  assert.equal(store.runs.has('slow'), false, 'a run that was cut off does not count');
  release();
});

it('replaces jobs: those that stay go on, those that are gone are ended, and new ones begin', async () => {
  const waiting = (name: string) =>
    countingJob(
      name,
      (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    );
  const [stays, goes, comes] = [waiting('stays'), waiting('goes'), waiting('comes')];
  const schedules = await startSchedules([stays, goes], memory(), noted, log);
  await schedules.replace([stays, comes]);
  assert.deepEqual([...schedules.nextRuns().keys()], ['stays', 'comes']);
  assert.deepEqual(
    ['stays', 'goes', 'comes'].map((name) => schedules.isRunning(name)),
    [true, false, true],
  );
  await schedules.stop();
  assert.deepEqual([stays.started, goes.started, comes.started], [1, 1, 1]);
});

it('survives a job that throws, and says why', async () => {
  const ends: unknown[] = [];
  const store = memory();
  const schedules = await startSchedules(
    [countingJob('bad', () => Promise.reject(new Error('no')))],
    store,
    async ({ title }, failure) => void ends.push([title, failure]),
    log,
  );
  await schedules.trigger('bad');
  await schedules.stop();
  assert.equal(store.runs.has('bad'), false);
  assert.deepEqual(ends, [['bad', 'no']]);
});

it('remembers the beginning of work that was cut off and taken up again', async () => {
  const store = memory();
  const began = new Date('2026-03-01T10:00:00Z');
  const job: Job = {
    name: 'resumed',
    title: 'resumed',
    cron: '0 0 1 1 *',
    timezone: null,
    run: () => Promise.resolve(began),
  };
  const schedules = await startSchedules([job], store, noted, log);
  await schedules.trigger('resumed');
  await schedules.stop();
  assert.deepEqual(store.runs.get('resumed'), began);
});

it('runs a job without a schedule once, and not again after a restart', async () => {
  const store = memory();
  const ends: unknown[] = [];
  const job = { ...countingJob('once', () => Promise.resolve()), cron: null };
  for (let start = 0; start < 2; start += 1) {
    const schedules = await startSchedules(
      [job],
      store,
      async (_job, failure) => void ends.push(failure),
      log,
    );
    if (start === 0) await schedules.trigger('once');
    assert.equal(schedules.nextRuns().get('once'), null);
    await schedules.stop();
  }
  assert.equal(job.started, 1);
  assert.deepEqual(ends, [null]);
});
