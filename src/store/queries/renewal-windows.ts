import { renewalWindows } from '../../model/queries/renewal-windows.js';
import type { PreparedQuery } from './query.js';

/** See {@link renewalWindows}. */
export const renewalWindowsQuery: PreparedQuery<typeof renewalWindows> = {
  query: renewalWindows,
  sql: `
SELECT a.key AS sha256, toString(toUnixTimestamp64Milli(last.2)) AS since,
  JSONExtractString(last.4, 'directory') AS directory, JSONExtractString(last.4, 'start') AS start, JSONExtractString(last.4, 'end') AS end,
  JSONExtractString(last.4, 'movedFrom') AS movedFrom, JSONExtractString(last.4, 'explanationUrl') AS explanationUrl,
  any(c.subject) AS subject, any(c.issuer) AS issuer,
  uniqExact(e.endpoint) AS endpointCount, arraySort(groupUniqArray(50)(e.host)) AS hosts
FROM (SELECT key, argMax((outcome, since, checked_at, body), (since, version)) AS last
    FROM answers WHERE question = 'renewal-window' GROUP BY key HAVING JSONExtractString(last.4, 'end') != '') AS a
INNER JOIN (SELECT endpoint, host, certificate FROM endpoints_now WHERE certificate != '') AS e ON e.certificate = a.key
LEFT JOIN (SELECT sha256, any(subject) AS subject, any(issuer) AS issuer FROM certificates
  WHERE sha256 IN (SELECT key FROM answers WHERE question = 'renewal-window') GROUP BY sha256) AS c ON c.sha256 = a.key
GROUP BY a.key, last
ORDER BY sha256`,
  maxRows: 20000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
