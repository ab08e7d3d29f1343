import { issuanceLogs, logsRead, namesScanned, servedWithScts } from '../../model/queries/recall.js';
import { isOwned } from './fragments.js';
import type { PreparedQuery } from './query.js';

/** What recall is measured by. */
export const recallQueries: readonly PreparedQuery[] = [
  {
    query: servedWithScts,
    sql: `
WITH owned AS (SELECT lower(hex(certificate)) FROM certificate_names WHERE ${isOwned})
SELECT sha256, tbs_sha256 AS tbsSha256, subject FROM certificates
WHERE sha256 IN (SELECT certificate FROM endpoints WHERE kind = 'ok' AND certificate IN owned)
  AND tbs_sha256 != '' AND not_after_ms > {now:Int64} AND JSONExtractUInt(more, 'sctCount') > 0
ORDER BY sha256 LIMIT 1 BY sha256`,
    maxRows: 100_000,
    maxSeconds: 60,
    maxMemoryMiB: 400,
  },
  {
    query: issuanceLogs,
    sql: `
SELECT tbs_sha256 AS tbsSha256, groupUniqArray(100)(log_id) AS logIds FROM ct_entries
WHERE tbs_sha256 IN {keys:Array(String)}
GROUP BY tbsSha256
ORDER BY tbsSha256`,
    maxRows: 10_000,
    maxSeconds: 60,
    maxMemoryMiB: 400,
  },
  {
    query: logsRead,
    sql: `
SELECT p.log_id AS logId, any(p.description) AS description, any(p.operator) AS operator,
  toString(toUnixTimestamp64Milli(any(e.since))) AS readSince
FROM ct_positions AS p
INNER JOIN (SELECT log_id, min(timestamp) AS since FROM ct_entries GROUP BY log_id) AS e ON e.log_id = p.log_id
GROUP BY logId
ORDER BY logId`,
    maxRows: 10_000,
    maxSeconds: 60,
    maxMemoryMiB: 400,
  },
  {
    query: namesScanned,
    sql: `
WITH names AS (
  SELECT DISTINCT name FROM certificate_names
  WHERE ${isOwned} AND not_after > fromUnixTimestamp64Milli({now:Int64}) AND NOT startsWith(name, '*.')
    AND lower(hex(certificate)) IN (SELECT sha256 FROM ct_entries))
SELECT count() AS logged, countIf(name IN (SELECT host FROM endpoints WHERE kind = 'ok')) AS scanned
FROM names
ORDER BY logged`,
    maxRows: 1,
    maxSeconds: 60,
    maxMemoryMiB: 400,
  },
];
