import type { PushedInventory, PushResult } from '../api/routes.js';
import type { ReadCertificate } from '../inventory/connector.js';
import { readPushed } from '../inventory/reading/pushed.js';
import type { InventoryItem, InventoryRun } from '../model/inventory-item.js';
import type { OpenStore } from '../store/index.js';

/** What pushing works with. */
export interface PushDependencies {
  readonly store: Pick<OpenStore, 'writeInventory'> & {
    readonly reader: Pick<OpenStore['reader'], 'listInventory' | 'listInventoryRuns'>;
  };
  readonly read: ReadCertificate;
  /** Judges what the inventory changes. */
  evaluate(): Promise<void>;
  now(): Date;
}

/** Certificates that something else says are the operator's: a pipeline, a script, a deployment hook. */
export interface Pushes {
  /** Why nothing was taken, in one sentence, or what was. */
  take(pushed: PushedInventory): Promise<PushResult | string>;
  /** Writes what every source holds again where that was not done for a day: items older than their retention are deleted. */
  renew(): Promise<void>;
}

const dayMs = 86_400_000;

/**
 * The import of `POST /api/v1/inventory/{source}`. Each push is a complete run of the source `push:NAME`: what was pushed before, with
 * what came now added or in place of it. Pushes to one source follow each other.
 */
export function createPushes({ store, read, evaluate, now }: PushDependencies): Pushes {
  const queues = new Map<string, Promise<unknown>>();
  let lastRun = 0;
  const write = async (
    source: string,
    items: readonly InventoryItem[],
    replace: boolean,
  ): Promise<InventoryRun> => {
    const startedAt = new Date((lastRun = Math.max(now().getTime(), lastRun + 1)));
    let count = 0;
    async function* all(): AsyncGenerator<InventoryItem, void, undefined> {
      const pushed = new Set(items.map(({ reference }) => reference));
      if (!replace)
        for await (const item of storedItems(store, source)) {
          if (pushed.has(item.reference)) continue;
          count += 1;
          yield item;
        }
      count += items.length;
      yield* items;
    }
    return store.writeInventory({ source, startedAt }, all(), () => ({
      source,
      startedAt,
      finishedAt: now(),
      complete: true,
      items: count,
      errors: [],
      notes: [],
    }));
  };
  /** One run of a source after the other. */
  function inTurn(source: string, items: readonly InventoryItem[], replace: boolean): Promise<InventoryRun> {
    const before = queues.get(source) ?? Promise.resolve();
    const run = before.catch(() => undefined).then(() => write(source, items, replace));
    queues.set(source, run);
    return run;
  }
  return {
    async take({ source: name, content, replace, ...facts }) {
      const source = `push:${name}`;
      const items = readPushed(content, { source, ...facts }, read);
      if (typeof items === 'string') return items;
      const { items: total } = await inTurn(source, items, replace);
      await evaluate();
      return { source, accepted: items.length, total };
    },
    async renew() {
      for (const { source, startedAt } of await store.reader.listInventoryRuns())
        if (source.startsWith('push:') && now().getTime() - startedAt.getTime() >= dayMs)
          await inTurn(source, [], false);
    },
  };
}

async function* storedItems(
  { reader }: PushDependencies['store'],
  source: string,
): AsyncGenerator<InventoryItem, void, undefined> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof reader.listInventory>> = await reader.listInventory(
      { source },
      { limit: 1_000, cursor },
    );
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
