import { failingRenewalsQuery } from './failing-renewals.js';
import { expositionQueries } from './exposition.js';
import { keysServedQuery } from './keys-served.js';
import type { PreparedQuery } from './query.js';

/** Every prepared query. */
export const preparedQueries: readonly PreparedQuery[] = [
  keysServedQuery,
  failingRenewalsQuery,
  ...expositionQueries,
];
