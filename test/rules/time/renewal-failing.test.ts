import type { InventoryRenewal } from '../../../src/model/inventory-item.js';
import { renewalFailing } from '../../../src/rules/time/renewal-failing.js';
import { inventoryItem, minutes, noon } from '../../store/sample.js';
import { testFleetRule } from '../fleet-support.js';

const good: InventoryRenewal = {
  isAutomatic: true,
  dueAt: null,
  failedAt: null,
  failures: null,
  message: null,
};
const failing = {
  ...good,
  failedAt: noon,
  failures: 3,
  message: 'DNS problem: NXDOMAIN',
  dueAt: minutes(60),
};

testFleetRule(
  renewalFailing,
  async (store) => {
    const write = async (
      source: string,
      minute: number,
      complete: boolean,
      renewals: Record<string, InventoryRenewal | null>,
    ) => {
      const items = Object.entries(renewals).map(([seed, renewal]) =>
        inventoryItem(source, seed, { renewal }),
      );
      await store.writeInventory({ source, startedAt: minutes(minute) }, items, () => ({
        source,
        startedAt: minutes(minute),
        finishedAt: minutes(minute + 1),
        complete,
        items: items.length,
        errors: [],
        notes: [],
      }));
    };
    await write('kubernetes:prod', 0, true, { mended: failing, failing: good });
    await write('kubernetes:prod', 10, true, { mended: good, failing, silent: null });
    await write('kubernetes:prod', 20, false, { mended: failing });
  },
  [
    {
      name: 'reports a failed renewal in the words of the system',
      subject: 'kubernetes:prod failing.pem',
      expected: {
        title: 'Renewal of failing.example.com fails',
        host: 'failing.example.com',
        dueAt: minutes(60),
        ownership: { owner: 'team-a', environment: 'production', tags: ['pci'] },
        details: { reason: 'DNS problem: NXDOMAIN', failures: 3, source: 'kubernetes:prod' },
      },
    },
    {
      name: 'passes one that the last complete run shows mended, whatever an incomplete one says',
      subject: 'kubernetes:prod mended.pem',
      expected: 'pass',
    },
    { name: 'passes a source that says nothing', subject: 'kubernetes:prod silent.pem', expected: 'pass' },
  ],
);
