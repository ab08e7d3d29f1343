import { namesLost } from '../../model/queries/names-lost.js';
import type { PreparedQuery } from './query.js';

/** See {@link namesLost}. */
export const namesLostQuery: PreparedQuery<typeof namesLost> = {
  query: namesLost,
  sql: `
SELECT a.key AS name, any(last.1) AS outcome, toString(toUnixTimestamp64Milli(any(last.2))) AS since,
  JSONExtract(any(last.4), 'aliases', 'Array(String)') AS aliases,
  uniqExact(n.sha256) AS certificateCount, arraySort(groupUniqArray(20)(n.sha256)) AS certificates,
  toString(toUnixTimestamp64Milli(max(n.not_after))) AS lastNotAfter
FROM (SELECT key, argMax((outcome, since, checked_at, body), (since, version)) AS last
    FROM answers WHERE question = 'name' GROUP BY key HAVING last.1 IN ('nxdomain', 'empty') AND last.3 > fromUnixTimestamp64Milli({checkedAfter:Int64})) AS a
INNER JOIN (SELECT name, sha256, not_after FROM certificate_names
  WHERE name_reversed IN (SELECT reverse(key) FROM answers WHERE question = 'name')
    AND not_after > fromUnixTimestamp64Milli({now:Int64})) AS n ON n.name = a.key
GROUP BY a.key
ORDER BY name`,
  maxRows: 20000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
