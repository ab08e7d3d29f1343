import { caaIssued } from '../../model/queries/caa-issued.js';
import type { PreparedQuery } from './query.js';

/** See {@link caaIssued}. */
export const caaIssuedQuery: PreparedQuery<typeof caaIssued> = {
  query: caaIssued,
  sql: `
WITH told AS (
  SELECT key, since, argMax(checked_at, version) AS checked_at, argMax(outcome, version) AS outcome, argMax(body, version) AS body
  FROM answers WHERE question = 'caa' GROUP BY key, since HAVING outcome = 'found'),
named AS (
  SELECT DISTINCT sha256, n.name AS name, if(startsWith(n.name, '*.'), substring(n.name, 3), n.name) AS domain
  FROM certificate_names AS n
  WHERE n.name_reversed IN (SELECT reverse(arrayJoin([key, concat('*.', key)])) FROM answers WHERE question = 'caa')
    AND n.not_after > fromUnixTimestamp64Milli({now:Int64})),
issued AS (
  SELECT c.sha256 AS sha256, any(c.issuer) AS issuer,
    if(min(p.logged) > 0, min(p.logged), ifNull(any(c.not_before_ms), 0)) AS issued_ms
  FROM certificates AS c
  LEFT JOIN (SELECT sha256, min(toUnixTimestamp64Milli(timestamp)) AS logged FROM ct_places
    WHERE sha256 IN (SELECT sha256 FROM named) GROUP BY sha256) AS p ON p.sha256 = c.sha256
  WHERE c.sha256 IN (SELECT sha256 FROM named)
  GROUP BY c.sha256 HAVING issued_ms >= {since:Int64})
SELECT i.sha256 AS sha256, named.name AS name, any(i.issuer) AS issuer, toString(any(i.issued_ms)) AS issuedAt,
  argMin((told.since, told.checked_at, told.body),
    greatest(toUnixTimestamp64Milli(told.since) - i.issued_ms, i.issued_ms - toUnixTimestamp64Milli(told.checked_at), 0)) AS nearest,
  toString(toUnixTimestamp64Milli(nearest.1)) AS answeredFrom, toString(toUnixTimestamp64Milli(nearest.2)) AS answeredUntil,
  nearest.3 AS answer
FROM named
INNER JOIN issued AS i ON i.sha256 = named.sha256
INNER JOIN told ON told.key = named.domain
GROUP BY i.sha256, named.name
ORDER BY sha256, name`,
  maxRows: 100000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
