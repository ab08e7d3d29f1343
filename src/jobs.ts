import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { TargetGroup, TlsConfig } from '../scanners/tls/config.js';
import { createTlsScanner, type ScanProgress } from '../scanners/index.js';
import type { Connector } from './inventory/connector.js';
import type { InventoryRun } from './model/inventory-item.js';
import type { Pipeline } from './pipeline.js';
import type { Job } from './schedule.js';
import type { Store } from './store/store.js';

/** What the jobs work with. */
export interface JobDependencies {
  readonly store: Store;
  readonly pipeline: Pipeline;
  /** Judges everything and tells people. */
  evaluate(): Promise<void>;
  readonly log: Logger;
}

/** How far the scan of a group is, by group name. */
export type ScanProgresses = Map<string, ScanProgress>;

/**
 * Scans a group on its schedule, then judges everything. The name changes with the targets, so that new
 * ones are scanned at once, and a run of other targets is not resumed: its place says nothing of these.
 */
export function scanJob(
  group: TargetGroup,
  config: TlsConfig,
  progresses: ScanProgresses,
  dependencies: JobDependencies,
): Job {
  const { store, pipeline, log } = dependencies;
  const { name, targets, ports, starttls, serverName } = group;
  const version = createHash('sha256')
    .update(JSON.stringify([targets, ports, starttls, serverName]))
    .digest('hex')
    .slice(0, 12);
  const prefix = `${version}/`;
  let began: Date | undefined;
  const scanner = createTlsScanner({
    config,
    group,
    log,
    onRun(run) {
      began = run.startedAt;
      return store.writeScanRun({ ...run, resume: run.resume === null ? null : prefix + run.resume });
    },
    async unfinished() {
      const runs = await store.unfinishedScans();
      const run = runs.findLast((one) => one.name === name && one.resume?.startsWith(prefix) === true);
      return run === undefined ? null : { ...run, resume: run.resume?.slice(prefix.length) ?? null };
    },
    onProgress: (progress) => progresses.set(name, progress),
  });
  return {
    name: `scan:${name}:${version}`,
    title: `scan:${name}`,
    cron: group.schedule,
    timezone: 'Etc/UTC',
    async run(signal) {
      await scanner.run(pipeline, signal);
      await pipeline.drained();
      progresses.delete(name);
      if (!signal.aborted) await dependencies.evaluate();
      return began;
    },
  };
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
