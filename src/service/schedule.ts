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
  const abort = new AbortController();
  const running = new Map<string, Promise<void>>();
  const lastRuns = await store.lastScheduleRuns();

  async function runOnce(job: Job): Promise<void> {
    const startedAt = new Date();
    try {
      const began = (await job.run(abort.signal)) ?? startedAt;
      if (abort.signal.aborted) return;
      await store.writeScheduleRun(job.name, began);
      await onEnd(job, null);
    } catch (error) {
      log.error({ job: job.name, err: error }, 'scheduled job failed');
      if (!abort.signal.aborted) await onEnd(job, error instanceof Error ? error.message : String(error));
    }
  }

  function trigger(job: Job): Promise<void> {
    const current = running.get(job.name);
    if (current !== undefined) return current;
    if (abort.signal.aborted) return Promise.resolve();
    const run = runOnce(job).finally(() => running.delete(job.name));
    running.set(job.name, run);
    return run;
  }

  const tasks = jobs.map((job) => {
    const lastRun = lastRuns.get(job.name);
    if (job.cron === null) {
      if (lastRun === undefined) void trigger(job);
      return null;
    }
    const options = { noOverlap: true, name: job.name, logger: cronLogger(log), suppressMissedWarning: true };
    const task = cronSchedule(
      job.cron,
      () => trigger(job),
      job.timezone === null ? options : { ...options, timezone: job.timezone },
    );
    if (lastRun === undefined || isMissed(task, lastRun, new Date())) void trigger(job);
    return task;
  });

  return {
    trigger(name) {
      const job = jobs.find((candidate) => candidate.name === name);
      return job === undefined ? Promise.reject(new Error(`there is no job named ${name}`)) : trigger(job);
    },
    isRunning: (name) => running.has(name),
    nextRuns: () => new Map(jobs.map((job, index) => [job.name, tasks[index]?.getNextRun() ?? null])),
    async stop() {
      abort.abort();
      for (const task of tasks) await task?.destroy();
      await Promise.all(running.values());
    },
  };
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
