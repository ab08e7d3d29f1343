import type { Logger } from 'pino';
import type { Scanner } from '../../scanners/scanner.js';
import type { Connector } from '../inventory/connector.js';
import type { InventoryRun } from '../model/inventory-item.js';
import type { ScanProgress } from '../model/scan-run.js';
import type { Pipeline } from '../judging/pipeline.js';
import type { Job } from './schedule.js';
import type { Store } from '../store/store.js';

/** What the jobs work with. */
export interface JobDependencies {
  readonly store: Store;
  readonly pipeline: Pipeline;
  /** Judges everything and alerts. */
  evaluate(): Promise<void>;
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
  { pipeline, evaluate }: Pick<JobDependencies, 'pipeline' | 'evaluate'>,
): Job {
  return {
    name,
    title,
    cron: typeof when === 'object' ? when.cron : null,
    timezone: 'Etc/UTC',
    async run(signal) {
      const began = await run(pipeline, signal);
      await pipeline.drained();
      if (!signal.aborted) await evaluate();
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
