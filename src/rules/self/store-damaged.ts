import type { IncidentRule } from '../rule.js';

/** What the database or the spool holds back because it cannot be read or stored: somebody must look before it is forgotten. */
export const storeDamaged: IncidentRule = {
  kind: 'incident',
  id: 'store-damaged',
  title: 'Stored data is damaged or was set aside',
  severity: 'critical',
  citation: 'Policy of the store: nothing that was acknowledged is lost in silence',
  remediation:
    'Check the disk, then restore what the details name from a backup, delete the files that were set aside, or run `certglass store accept` where rows are missing. Then restart Certglass.',
};
