import { neverSurveyed } from '../../model/queries/never-surveyed.js';
import type { PreparedQuery } from './query.js';

/** See {@link neverSurveyed}. */
export const neverSurveyedQuery: PreparedQuery<typeof neverSurveyed> = {
  query: neverSurveyed,
  sql: `
SELECT count() AS endpoints, arraySort(groupArraySorted(20)(endpoint)) AS examples
FROM (SELECT endpoint FROM endpoints GROUP BY host_reversed, endpoint
  HAVING countIf(kind = 'surveyed') = 0 AND maxIf(observed_at, kind = 'ok') > fromUnixTimestamp64Milli({servedAfter:Int64})
    AND min(observed_at) <= fromUnixTimestamp64Milli({firstSeenBefore:Int64}))
ORDER BY endpoints`,
  maxRows: 1,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
