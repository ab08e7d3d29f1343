import type { IncidentRule } from '../rule.js';

/** Nothing can be taken in any more: what is not scanned and not read from logs meanwhile is not seen. */
export const storeBlocked: IncidentRule = {
  kind: 'incident',
  id: 'store-blocked',
  title: 'Intake stands still, nothing can be stored',
  severity: 'critical',
  citation: 'Policy of the store: what cannot be stored is not taken in',
  remediation:
    'Make room on the disk that the details name, or bring the database back; intake then goes on by itself.',
};
