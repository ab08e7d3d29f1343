import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { TargetGroup, TlsConfig } from '../../scanners/tls/config.js';
import { createTlsScanner, type ScanProgress } from '../../scanners/index.js';
import type { Scope } from '../../scanners/tls/targets/scope.js';
import type { Connector } from '../inventory/connector.js';
import type { InventoryRun } from '../model/inventory-item.js';
import type { Pipeline } from '../judging/pipeline.js';
import type { Job } from './schedule.js';
import type { Store } from '../store/store.js';
import { createSurveyNeed } from './survey-need.js';

/** What the jobs work with. */
export interface JobDependencies {
  readonly store: Store;
  readonly pipeline: Pipeline;
  /** Judges everything and tells people. */
  evaluate(): Promise<void>;
  /** Where connections may go; may change its mind during a scan. */
  readonly scope: Scope;
  /** Names under owned domains that certificates and logs have shown. */
  learnedNames(): AsyncIterable<string>;
  readonly log: Logger;
}

/** A scan that is running, and how far it is. */
export interface RunningScan {
  readonly name: string;
  readonly progress: ScanProgress;
}

/** The scans that are running, by the id of the run. */
export type RunningScans = Map<string, RunningScan>;

/**
 * Scans a group on its schedule, then judges everything. The name changes with the targets, so that new
 * ones are scanned at once, and a run of other targets is not resumed: its place says nothing of these.
 */
export function scanJob(
  group: TargetGroup,
  config: TlsConfig,
  running: RunningScans,
  dependencies: JobDependencies,
): Job {
  const { pipeline } = dependencies;
  const { name, targets, ports, starttls, serverName } = group;
  const version = createHash('sha256')
    .update(JSON.stringify([targets, ports, starttls, serverName]))
    .digest('hex')
    .slice(0, 12);
  const parts: ScanPart[] = [{ group, version }];
  if (group.learned)
    parts.push({
      // A run of its own: what it sees is marked as learned by the scan it belongs to.
      group: { ...group, name: `${name} (learned names)`, targets: [] },
      version,
      learnedNames: () => except(dependencies.learnedNames(), targets),
    });
  const scans = parts.map((part) => groupScan(part, config, running, dependencies));
  return {
    name: `scan:${name}:${version}`,
    title: `scan:${name}`,
    cron: group.schedule,
    timezone: 'Etc/UTC',
    async run(signal) {
      const began: (Date | undefined)[] = [];
      for (const scan of scans) if (!signal.aborted) began.push(await scan(signal));
      await pipeline.drained();
      if (!signal.aborted) await dependencies.evaluate();
      return began[0];
    },
  };
}

/** What one scanner of a job looks at. */
interface ScanPart {
  readonly group: TargetGroup;
  /** Of the targets: a run of others is not resumed. */
  readonly version: string;
  readonly learnedNames?: () => AsyncIterable<string>;
}

/** One run over a part, resumed where it was stopped; answers when it began. */
function groupScan(
  { group, version, learnedNames }: ScanPart,
  config: TlsConfig,
  running: RunningScans,
  { store, pipeline, scope, log }: JobDependencies,
): (signal: AbortSignal) => Promise<Date | undefined> {
  const { name } = group;
  const prefix = `${version}/`;
  let began: Date | undefined;
  let id = '';
  const scanner = createTlsScanner({
    config,
    group,
    log,
    scope,
    needsSurvey: createSurveyNeed(store, config.surveyEveryHours, log),
    ...(learnedNames === undefined ? {} : { learnedNames }),
    onRun(run) {
      began = run.startedAt;
      return store.writeScanRun({ ...run, resume: run.resume === null ? null : prefix + run.resume });
    },
    async unfinished() {
      const runs = await store.unfinishedScans();
      const run = runs.findLast((one) => one.name === name && one.resume?.startsWith(prefix) === true);
      return run === undefined ? null : { ...run, resume: run.resume?.slice(prefix.length) ?? null };
    },
    onProgress(progress, scanId) {
      id = scanId;
      running.set(id, { name, progress });
    },
  });
  return async (signal) => {
    try {
      await scanner.run(pipeline, signal);
      return began;
    } finally {
      running.delete(id);
    }
  };
}

/** What the operator wrote down is scanned as a target, not as learned too. */
async function* except(names: AsyncIterable<string>, targets: readonly string[]): AsyncGenerator<string> {
  const written = new Set(targets.map((target) => target.toLowerCase()));
  for await (const name of names) if (!written.has(name)) yield name;
}

/** Judges everything, so that what only the passing of time changes (expiry, grace times) is seen. */
export function evaluationJob(cron: string, dependencies: JobDependencies): Job {
  return {
    name: 'evaluate',
    title: 'evaluate',
    cron,
    timezone: 'Etc/UTC',
    run: () => dependencies.evaluate(),
  };
}

/** Imports one inventory; a run that failed is remembered as incomplete and replaces nothing. */
export function inventoryJob(connector: Connector, cron: string, dependencies: JobDependencies): Job {
  return {
    name: `inventory:${connector.name}`,
    title: `inventory:${connector.name}`,
    cron,
    timezone: 'Etc/UTC',
    async run(signal) {
      const run = await importInventory(connector, dependencies, signal);
      dependencies.log.info(
        { source: run.source, items: run.items, complete: run.complete },
        'inventory imported',
      );
      if (!signal.aborted) await dependencies.evaluate();
    },
  };
}

const keptErrors = 100;

/** Reads what `connector` lists into the store. Never throws for the connector's sake: its failure is an incomplete run. */
export async function importInventory(
  connector: Connector,
  { store, log }: Pick<JobDependencies, 'store' | 'log'>,
  signal: AbortSignal,
): Promise<InventoryRun> {
  const source = connector.name;
  const startedAt = new Date();
  const errors: string[] = [];
  let failures = 0;
  let items = 0;
  const complain = (sentence: string): void => {
    failures += 1;
    if (errors.length < keptErrors) errors.push(sentence);
    log.warn({ source, problem: sentence }, 'inventory item cannot be read');
  };
  async function* listed() {
    try {
      for await (const item of connector.list(signal, complain)) {
        items += 1;
        yield item;
      }
    } catch (error) {
      complain(error instanceof Error ? error.message : String(error));
    }
  }
  const finish = (): InventoryRun => ({
    source,
    startedAt,
    finishedAt: new Date(),
    complete: failures === 0 && !signal.aborted,
    items,
    errors,
  });
  return store.writeInventory({ source, startedAt }, listed(), finish);
}
