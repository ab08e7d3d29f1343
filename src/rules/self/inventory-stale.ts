import type { IncidentRule } from '../rule.js';

/** A failed or old import means that the inventory is not known, never that everything is shadow. */
export const inventoryStale: IncidentRule = {
  kind: 'incident',
  id: 'inventory-stale',
  title: 'Inventory is stale',
  severity: 'warning',
  citation: 'Policy key inventoryMaxAgeHours',
  remediation: 'Make the import work again; until then nothing is called shadow.',
};
