import type { ServiceParts } from '../api/routes.js';
import type { Connector } from '../inventory/connector.js';
import type { Policy } from '../model/policy.js';
import { inventoryJobName } from './inventory-import.js';
import type { Schedules } from './schedule.js';

/** Reads inventory sources on request, through the jobs that read them on schedule: one source is never read twice at a time. */
export function inventorySwitch(
  policy: Pick<Policy, 'inventoryMaxAgeHours'>,
  connectors: readonly Connector[],
  schedules: () => Schedules | null,
): ServiceParts['inventory'] {
  return {
    maxAgeHours: () => policy.inventoryMaxAgeHours,
    sources: () => connectors.map(({ name }) => name),
    isRunning: (source) => schedules()?.isRunning(inventoryJobName(source)) === true,
    read(source) {
      const current = schedules();
      if (current === null) return false;
      void current.trigger(inventoryJobName(source));
      return true;
    },
  };
}
