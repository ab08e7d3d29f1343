import { statusesServed } from '../../model/queries/statuses-served.js';
import type { PreparedQuery } from './query.js';

/** See {@link statusesServed}. */
export const statusesServedQuery: PreparedQuery<typeof statusesServed> = {
  query: statusesServed,
  sql: `
SELECT a.key AS sha256, last.1 AS outcome, toString(toUnixTimestamp64Milli(last.2)) AS since,
  JSONExtractString(last.4, 'reason') AS reason, JSONExtractString(last.4, 'revokedAt') AS revokedAt, JSONExtractString(last.4, 'method') AS method,
  JSONExtractString(last.4, 'source') AS source, JSONExtractString(last.4, 'detail') AS detail,
  any(c.subject) AS subject, any(c.issuer) AS issuer,
  uniqExact(e.endpoint) AS endpointCount, arraySort(groupUniqArray(50)(e.host)) AS hosts
FROM (SELECT key, argMax((outcome, since, checked_at, body), (since, version)) AS last
    FROM answers WHERE question = 'revocation' GROUP BY key HAVING last.1 IN {outcomes:Array(String)}) AS a
INNER JOIN (SELECT endpoint, host, certificate FROM endpoints_now WHERE certificate != '') AS e ON e.certificate = a.key
LEFT JOIN (SELECT sha256, any(subject) AS subject, any(issuer) AS issuer FROM certificates
  WHERE sha256 IN (SELECT key FROM answers WHERE question = 'revocation') GROUP BY sha256) AS c ON c.sha256 = a.key
GROUP BY a.key, last
ORDER BY sha256`,
  maxRows: 20000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
