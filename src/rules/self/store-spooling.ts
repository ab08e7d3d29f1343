import type { IncidentRule } from '../rule.js';

/** What the database does not take is spooled; a full spool stops intake, so somebody must act before. */
export const storeSpooling: IncidentRule = {
  kind: 'incident',
  id: 'store-spooling',
  title: 'Database is away, writing to disk',
  severity: 'error',
  citation: 'Policy of the spool: bounded, drained in order',
  remediation: 'Bring the database back; when the spool is full, scans and log followers pause.',
};
