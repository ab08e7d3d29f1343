import type { IncidentRule } from '../rule.js';

/** An import that could not read everything replaces nothing: the last complete one stands until it is stale. */
export const inventoryIncomplete: IncidentRule = {
  kind: 'incident',
  id: 'inventory-incomplete',
  title: 'Inventory could not be read as a whole',
  severity: 'warning',
  citation: 'Policy key inventoryMaxAgeHours',
  remediation:
    'Correct what the errors name. Until a run reads everything, the last complete one is used, and nothing new is called shadow once that is stale.',
};
