import type { Scanner } from '../../scanners/scanner.js';
import type { Config } from '../config/config.js';
import { channelName } from '../delivery/config.js';
import type { ConfiguredConnector } from '../inventory/common.js';
import { inventoryJob } from './inventory-import.js';
import type { Pushes } from './inventory-push.js';
import { evaluationJob, expiryJob, scannerJob, type JobDependencies } from './jobs.js';
import { createKeep } from './keep.js';
import { ownCertificateJob } from './own-certificate.js';
import { packageVersion } from './package-version.js';
import { reportJobs, type ReportJobParts } from './report-jobs.js';
import { runAlways, type CreateScanners } from './scanners.js';
import { startSchedules, type Job, type Schedules } from './schedule.js';
import { recallJob } from './recall.js';
import { untestedJob, type UntestedParts } from './untested-channels.js';
import { wellJobs, type WellParts } from './well-jobs.js';

/** What intake works with. */
export interface IntakeDependencies
  extends
    JobDependencies,
    Omit<WellParts, 'version' | 'now' | 'store'>,
    Pick<ReportJobParts, 'reporting' | 'reviews'>,
    Omit<UntestedParts, 'store' | 'pipeline'> {
  readonly store: JobDependencies['store'] & WellParts['store'] & UntestedParts['store'];
  readonly connectors: readonly ConfiguredConnector[];
  readonly createScanners: CreateScanners;
  readonly pushes: Pick<Pushes, 'renew'>;
  /** Receives the names of the jobs that scan. */
  readonly scanNames: Set<string>;
  /** Called with the end of each run; null: it succeeded. */
  onEnd(of: Pick<Job, 'title'>, failure: string | null): Promise<void>;
  readonly signal: AbortSignal;
}

/** The scanners and scheduled jobs of a configuration. */
export interface Intake {
  /**
   * Creates what a configuration asks for, and returns what puts it in place of what runs; nothing changes before that is called.
   * Scanners and jobs whose settings are as before go on undisturbed.
   */
  prepare(config: Config): Promise<() => Promise<void>>;
  /** null until the first configuration is in place. */
  schedules(): Schedules | null;
  stop(): Promise<void>;
}

/** See {@link Intake}. */
export function createIntake(dependencies: IntakeDependencies): Intake {
  const always = createAlways(dependencies);
  const makeJobs = jobMaker(dependencies);
  const { createScanners, scanNames, store, onEnd, log } = dependencies;
  let schedules: Schedules | null = null;
  return {
    async prepare(config) {
      const scanners = await createScanners(config);
      const jobs = makeJobs(config, scanners);
      return async () => {
        scanNames.clear();
        for (const { name } of jobs) if (name.startsWith('scan:')) scanNames.add(name);
        await always.replace(scanners.filter(({ when }) => when === 'always'));
        if (schedules === null) schedules = await startSchedules(jobs, store, onEnd, log);
        else await schedules.replace(jobs);
      };
    },
    schedules: () => schedules,
    async stop() {
      await Promise.all([always.replace([]), schedules?.stop()]);
    },
  };
}

/** Makes the jobs of a configuration; those that it does not change are the same objects as before. */
function jobMaker({ connectors, pushes, ...dependencies }: IntakeDependencies) {
  const keep = createKeep();
  const ofScanners = new WeakMap<Scanner, Job>();
  const ofScanner = (scanner: Scanner): Job => {
    const job = ofScanners.get(scanner) ?? scannerJob(scanner, dependencies);
    ofScanners.set(scanner, job);
    return job;
  };
  const well = { ...dependencies, version: packageVersion(), now: () => new Date() };
  return (
    { inventory, evaluation, alerts, ct, policy, reports, api }: Config,
    scanners: readonly Scanner[],
  ): readonly Job[] => [
    ...keep('inventory', null, () =>
      connectors.map((connector) =>
        inventoryJob(connector, connector.schedule ?? inventory.schedule, dependencies),
      ),
    ),
    ...scanners.filter(({ when }) => when !== 'always').map(ofScanner),
    keep('evaluation', evaluation, () => evaluationJob(evaluation.schedule, dependencies)),
    ...keep('alerts', alerts, () => [
      untestedJob(alerts.channels.map(channelName), dependencies),
      ...wellJobs(alerts, well),
    ]),
    ...keep('recall', [ct.enabled, policy.ownedDomains], () =>
      ct.enabled ? [recallJob(policy.ownedDomains, dependencies)] : [],
    ),
    ...keep('reports', [reports, alerts.channels], () => reportJobs({ reports, alerts }, well)),
    keep('own certificate', api.tls, () => ownCertificateJob(api.tls, dependencies)),
    keep('pushes', null, () => renewalJob(pushes)),
    keep('expiry', null, () => expiryJob(dependencies.store)),
  ];
}

/** Keeps what was pushed into the inventory beyond the retention of its items. */
function renewalJob(pushes: Pick<Pushes, 'renew'>): Job {
  const name = 'inventory:renew-pushed';
  return { name, title: name, cron: '41 3 * * *', timezone: 'Etc/UTC', run: () => pushes.renew() };
}

/** The scanners that always run. */
function createAlways({ pipeline, onEnd, signal, log }: IntakeDependencies) {
  const running = new Map<Scanner, { readonly abort: AbortController; readonly ended: Promise<void> }>();
  return {
    /** Ends those that are not in `scanners` and starts those that are new. */
    async replace(scanners: readonly Scanner[]): Promise<void> {
      const gone = [...running].filter(([scanner]) => !scanners.includes(scanner));
      for (const [, { abort }] of gone) abort.abort();
      await Promise.all(gone.map(([, { ended }]) => ended));
      for (const [scanner] of gone) running.delete(scanner);
      for (const scanner of scanners) {
        if (running.has(scanner)) continue;
        const abort = new AbortController();
        const either = AbortSignal.any([signal, abort.signal]);
        running.set(scanner, { abort, ended: runAlways(scanner, pipeline, onEnd, either, log) });
      }
    },
  };
}
