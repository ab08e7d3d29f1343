import { renewalMoves } from '../../model/queries/renewal-moves.js';
import type { PreparedQuery } from './query.js';

/** See {@link renewalMoves}. */
export const renewalMovesQuery: PreparedQuery<typeof renewalMoves> = {
  query: renewalMoves,
  sql: `
SELECT JSONExtractString(last.4, 'directory') AS directory, count() AS movedCount,
  countIf(start_ms <= {now:Int64}) AS begunCount, toString(min(start_ms)) AS earliestStart,
  any(JSONExtractString(last.4, 'explanationUrl')) AS explanationUrl, arraySort(groupUniqArray(50)(key)) AS certificates
FROM (SELECT key, last, toUnixTimestamp64Milli(parseDateTime64BestEffortOrZero(JSONExtractString(last.4, 'start'), 3, 'UTC')) AS start_ms,
    toUnixTimestamp64Milli(parseDateTime64BestEffortOrZero(JSONExtractString(last.4, 'movedFrom'), 3, 'UTC')) AS moved_ms
  FROM (SELECT key, argMax((outcome, since, checked_at, body), (since, version)) AS last
    FROM answers WHERE question = 'renewal-window' GROUP BY key HAVING last.2 >= fromUnixTimestamp64Milli({since:Int64})))
WHERE moved_ms > 0 AND start_ms > 0 AND start_ms < moved_ms
GROUP BY directory
ORDER BY directory`,
  maxRows: 1000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
