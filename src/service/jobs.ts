import type { Logger } from 'pino';
import type { Scanner } from '../../scanners/scanner.js';
import type { ScanProgress } from '../model/scan-run.js';
import type { Clock } from '../judging/clock.js';
import type { Pipeline } from '../judging/pipeline.js';
import type { Job } from './schedule.js';
import type { Store } from '../store/store.js';

/** What the jobs work with. */
export interface JobDependencies {
  readonly store: Store;
  readonly pipeline: Pipeline;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A scan that is running, and how far it is. */
export interface RunningScan {
  readonly name: string;
  readonly progress: ScanProgress;
}

/** The scans that are running, by the id of the run. */
export type RunningScans = Map<string, RunningScan>;

/** A scanner that runs on a schedule or once; what it learned is judged after each run. */
export function scannerJob(
  { name, title, when, run }: Scanner,
  { pipeline, clock }: Pick<JobDependencies, 'pipeline' | 'clock'>,
): Job {
  return {
    name,
    title,
    cron: typeof when === 'object' ? when.cron : null,
    timezone: 'Etc/UTC',
    async run(signal) {
      const began = await run(pipeline, signal);
      await pipeline.drained();
      if (!signal.aborted) await clock.afterScan(new Date());
      return began;
    },
  };
}

/** Judges everything: a repair, should anything have been missed. */
export function evaluationJob(cron: string, dependencies: JobDependencies): Job {
  return {
    name: 'evaluate',
    title: 'evaluate',
    cron,
    timezone: 'Etc/UTC',
    run: () => dependencies.clock.evaluate(),
  };
}

/** Notes what is deleted because its retention ends, once a day. */
export function expiryJob(store: Pick<Store, 'expire'>): Job {
  const name = 'store:expire';
  return { name, title: name, cron: '17 2 * * *', timezone: 'Etc/UTC', run: () => store.expire(new Date()) };
}
