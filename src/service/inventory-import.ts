import { printable } from '../lib/printable.js';
import type { Connector } from '../inventory/connector.js';
import type { InventoryItem, InventoryRun } from '../model/inventory-item.js';
import type { JobDependencies } from './jobs.js';
import type { Job } from './schedule.js';

/** Name of the job that reads a source. */
export function inventoryJobName(source: string): string {
  return `inventory:${source}`;
}

/** Imports one inventory; a run that failed is remembered as incomplete and replaces nothing. */
export function inventoryJob(connector: Connector, cron: string, dependencies: JobDependencies): Job {
  return {
    name: inventoryJobName(connector.name),
    title: `inventory:${connector.name}`,
    cron,
    timezone: 'Etc/UTC',
    async run(signal) {
      const run = await importInventory(connector, dependencies, signal);
      const { source, items, complete } = run;
      dependencies.log[complete ? 'info' : 'warn']({ source, items, complete }, 'inventory imported');
      if (!signal.aborted) await dependencies.clock.afterImport(new Date());
    },
  };
}

/** Sentences that are kept of a run; of more only their number counts. */
const keptSentences = 100;

/** Reads what `connector` lists into the store. Never throws for the connector's sake: its failure is an incomplete run. */
export async function importInventory(
  connector: Connector,
  { store, log }: Pick<JobDependencies, 'store' | 'log'>,
  signal: AbortSignal,
): Promise<InventoryRun> {
  const source = connector.name;
  const startedAt = new Date();
  const errors = sentences((problem) => log.warn({ source, problem }, 'inventory item cannot be read'));
  const notes = sentences((note) => log.debug({ source, note }, 'inventory item passed over'));
  let items = 0;
  async function* listed(): AsyncGenerator<InventoryItem, void, undefined> {
    try {
      const options = {
        onNote: notes.take,
        known: (references: readonly string[]) => store.knownInventory(source, references),
      };
      for await (const item of connector.list(signal, errors.take, options)) {
        items += 1;
        yield item;
      }
    } catch (error) {
      errors.take(error instanceof Error ? error.message : String(error));
    }
  }
  const finish = (): InventoryRun => ({
    source,
    startedAt,
    finishedAt: new Date(),
    complete: errors.count() === 0 && !signal.aborted,
    items,
    errors: errors.kept,
    notes: notes.kept,
  });
  return store.writeInventory({ source, startedAt }, listed(), finish);
}

/** Takes sentences, keeps the first, and counts all. */
function sentences(log: (sentence: string) => void) {
  const kept: string[] = [];
  let count = 0;
  return {
    kept: kept as readonly string[],
    count: () => count,
    take(text: string): void {
      const sentence = printable(text, 1_000);
      count += 1;
      if (kept.length < keptSentences) kept.push(sentence);
      log(sentence);
    },
  };
}
