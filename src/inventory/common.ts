import type { InventoryItem } from '../model/inventory-item.js';
import type { CommonConfig } from './common-keys.js';
import type { Connector } from './connector.js';

/** A connector as the configuration wants it. */
export interface ConfiguredConnector extends Connector {
  /** Cron expression of its own; null: the inventory's. */
  readonly schedule: string | null;
}

/** A connector with its common configuration applied to each item, and its deadline to each run. */
export function applyCommon(connector: Connector, config: CommonConfig): ConfiguredConnector {
  return {
    name: connector.name,
    schedule: config.schedule,
    async *list(signal, onError, options) {
      const deadline = AbortSignal.timeout(config.deadlineMinutes * 60_000);
      const either = AbortSignal.any([signal, deadline]);
      try {
        for await (const item of connector.list(either, onError, options)) yield complete(item, config);
      } catch (error) {
        if (deadline.aborted && !signal.aborted)
          throw new Error(
            `the import was stopped after ${config.deadlineMinutes} minutes (deadlineMinutes)`,
            {
              cause: error,
            },
          );
        throw error;
      }
    },
  };
}

function complete(item: InventoryItem, { owner, environment, labels, tags }: CommonConfig): InventoryItem {
  return {
    ...item,
    owner: item.owner ?? owner,
    environment: item.environment ?? environment,
    labels: { ...labels, ...item.labels },
    tags: [...new Set([...tags, ...item.tags])],
  };
}
