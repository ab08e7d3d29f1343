import { schedule as cronSchedule, parse, type Logger as CronLogger, type ScheduledTask } from 'node-cron';
import type { Logger } from 'pino';
import type { Store } from '../store/store.js';

/** One thing done again and again. `run` ends early when `signal` is aborted. */
export interface Job {
  /** Unique and stable: what was run last is remembered under it. */
  readonly name: string;
  /** What people are told it is. */
  readonly title: string;
  /** Cron expression of 5 or 6 fields, or `@hourly` and the like; null: runs once, when it was never run. */
  readonly cron: string | null;
  readonly timezone: string | null;
  /** Answers when the work it ended had begun, if that was before this call (a run that was cut off and taken up again). */
  run(signal: AbortSignal): Promise<Date | void>;
}

/** Running jobs. */
export interface Schedules {
  /** Runs a job now, unless it runs already; resolves when that run ended. */
  trigger(name: string): Promise<void>;
  isRunning(name: string): boolean;
  /** When each job runs next. */
  nextRuns(): ReadonlyMap<string, Date | null>;
  /** Stops the jobs that are not in `jobs`, starts those that are new, and leaves the others alone. */
  replace(jobs: readonly Job[]): Promise<void>;
  /** Starts nothing more, aborts what runs and waits for it. */
  stop(): Promise<void>;
}

const minuteMs = 60_000;
const longestLookBackMs = 32 * 24 * 60 * minuteMs;

/**
 * True when `task` should have run after `lastRun` and up to `now`. Looks back 32 days at most; a longer pause counts as
 * missed.
 */
export function isMissed(
  task: Pick<ScheduledTask, 'match' | 'getPattern'>,
  lastRun: Date,
  now: Date,
): boolean {
  if (now.getTime() - lastRun.getTime() > longestLookBackMs) return true;
  const second = parse(task.getPattern()).second[0] ?? 0;
  const at = new Date(now);
  at.setSeconds(second, 0);
  if (at > now) at.setTime(at.getTime() - minuteMs);
  for (; at > lastRun; at.setTime(at.getTime() - minuteMs)) {
    if (task.match(at)) return true;
  }
  return false;
}

/**
 * Starts all jobs. No job overlaps itself. A job that was never finished, or whose time passed while nobody was running, runs
 * once at once. A run counts once it has ended, so one cut off by a crash is repeated. `onEnd` is told of every run that was not
 * stopped: why it failed in one sentence, or null.
 */
export async function startSchedules(
  jobs: readonly Job[],
  store: Pick<Store, 'lastScheduleRuns' | 'writeScheduleRun'>,
  onEnd: (job: Job, failure: string | null) => Promise<void>,
  log: Logger,
): Promise<Schedules> {
  const scheduled = new Map<Job, Scheduled>();

  function trigger(job: Job, state: Scheduled): Promise<void> {
    if (state.running !== null) return state.running;
    if (state.abort.signal.aborted) return Promise.resolve();
    state.running = runOnce({ store, onEnd, log }, job, state.abort.signal).finally(
      () => (state.running = null),
    );
    return state.running;
  }

  function begin(job: Job, lastRun: Date | undefined): void {
    const state: Scheduled = { abort: new AbortController(), task: null, running: null };
    scheduled.set(job, state);
    const { cron, name, timezone } = job;
    if (cron !== null) {
      const options = { noOverlap: true, name, logger: cronLogger(log), suppressMissedWarning: true };
      const zoned = timezone === null ? options : { ...options, timezone };
      state.task = cronSchedule(cron, () => trigger(job, state), zoned);
    }
    const isDue = state.task !== null && lastRun !== undefined && isMissed(state.task, lastRun, new Date());
    if (lastRun === undefined || isDue) void trigger(job, state);
  }

  async function end(job: Job): Promise<void> {
    const state = scheduled.get(job);
    state?.abort.abort();
    await state?.task?.destroy();
    await state?.running;
  }

  async function replace(next: readonly Job[]): Promise<void> {
    const lastRuns = await store.lastScheduleRuns();
    const gone = [...scheduled.keys()].filter((job) => !next.includes(job));
    await Promise.all(gone.map(end));
    for (const job of gone) scheduled.delete(job);
    for (const job of next) if (!scheduled.has(job)) begin(job, lastRuns.get(job.name));
  }

  await replace(jobs);
  const find = (name: string) => [...scheduled].find(([job]) => job.name === name);
  return {
    trigger(name) {
      const found = find(name);
      return found === undefined
        ? Promise.reject(new Error(`there is no job named ${name}`))
        : trigger(...found);
    },
    isRunning: (name) => (find(name)?.[1].running ?? null) !== null,
    nextRuns: () => new Map([...scheduled].map(([job, { task }]) => [job.name, task?.getNextRun() ?? null])),
    replace,
    async stop() {
      for (const { abort } of scheduled.values()) abort.abort();
      await Promise.all([...scheduled.keys()].map(end));
    },
  };
}

async function runOnce({ store, onEnd, log }: RunDependencies, job: Job, signal: AbortSignal): Promise<void> {
  const startedAt = new Date();
  try {
    const began = (await job.run(signal)) ?? startedAt;
    if (signal.aborted) return;
    await store.writeScheduleRun(job.name, began);
    await onEnd(job, null);
  } catch (error) {
    log.error({ job: job.name, err: error }, 'scheduled job failed');
    if (!signal.aborted) await onEnd(job, error instanceof Error ? error.message : String(error));
  }
}

interface RunDependencies {
  readonly store: Pick<Store, 'writeScheduleRun'>;
  onEnd(job: Job, failure: string | null): Promise<void>;
  readonly log: Logger;
}

/** A job and its clock. */
interface Scheduled {
  readonly abort: AbortController;
  /** null: runs once. */
  task: ScheduledTask | null;
  running: Promise<void> | null;
}

/** node-cron's own messages; overlap and missed ticks are news for debugging only, since we handle both. */
function cronLogger(log: Logger): CronLogger {
  return {
    info: (message) => log.debug({ message }, 'scheduler'),
    warn: (message) => log.debug({ message }, 'scheduler'),
    error: (message, error) => log.error({ message: String(message), err: error }, 'scheduler failed'),
    debug: (message) => log.trace({ message: String(message) }, 'scheduler'),
  };
}
