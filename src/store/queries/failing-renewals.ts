import { failingRenewals } from '../../model/queries/failing-renewals.js';
import type { PreparedQuery } from './query.js';

/** See {@link failingRenewals}. */
export const failingRenewalsQuery: PreparedQuery<typeof failingRenewals> = {
  query: failingRenewals,
  sql: `
SELECT source, reference, sha256, names, in_use_by AS inUseBy, status, owner, environment, tags, toUnixTimestamp64Milli(assumeNotNull(renewal_failed_at)) AS failedAt,
  renewal
FROM inventory_items
WHERE renewal_failed_at IS NOT NULL AND (source, run_at) IN
  (SELECT source, max(started_at) FROM inventory_runs WHERE complete GROUP BY source)
ORDER BY failedAt, source, reference
LIMIT 1 BY source, reference`,
  maxRows: 20_000,
  maxSeconds: 30,
  maxMemoryMiB: 300,
};
