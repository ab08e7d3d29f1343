import { lookAlikes, watchedIssuances } from '../../model/queries/watched-entries.js';
import type { PreparedQuery } from './query.js';

const matchesOf = `JSONExtract(matches, 'Array(Tuple(watch String, item String, value String))')`;
const current = 'ifNull(not_after_ms >= {now:Int64}, true)';
const ms = (column: string): string => `toString(toUnixTimestamp64Milli(${column}))`;

/** See {@link watchedIssuances}. */
export const watchedIssuancesQuery: PreparedQuery<typeof watchedIssuances> = {
  query: watchedIssuances,
  sql: `
WITH entries AS (
  SELECT tbs_sha256, sha256, timestamp, not_after_ms,
    arrayFilter(m -> m.watch NOT IN ('all', 'look-alike', 'unreadable'), ${matchesOf}) AS found
  FROM ct_entries WHERE tbs_sha256 != '' AND ${current} AND notEmpty(found))
SELECT e.tbs_sha256 AS tbsSha256, any(c.sha256) AS sha256, any(c.subject) AS subject, any(c.issuer) AS issuer, any(c.names) AS names,
  toString(any(e.not_after_ms)) AS notAfter, ${ms('min(e.timestamp)')} AS loggedAt, arraySlice(groupUniqArrayArray(e.found), 1, 20) AS matches
FROM entries AS e
INNER JOIN (SELECT sha256, subject, issuer, names FROM certificates WHERE sha256 IN (SELECT sha256 FROM entries) LIMIT 1 BY sha256) AS c
  ON c.sha256 = e.sha256
GROUP BY tbsSha256
ORDER BY loggedAt, tbsSha256`,
  maxRows: 50_000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};

/** See {@link lookAlikes}. */
export const lookAlikesQuery: PreparedQuery<typeof lookAlikes> = {
  query: lookAlikes,
  sql: `
WITH entries AS (
  SELECT tbs_sha256, sha256, timestamp, arrayJoin(arrayFilter(m -> m.watch = 'look-alike', ${matchesOf})) AS m
  FROM ct_entries WHERE ${current})
SELECT cutToFirstSignificantSubdomain(e.m.value) AS domain, any(e.m.item) AS item, arraySort(groupUniqArray(20)(e.m.value)) AS names,
  arraySort(groupUniqArray(10)(c.issuer)) AS issuers, uniqExact(e.tbs_sha256) AS issuances, argMax(e.sha256, e.timestamp) AS sha256,
  ${ms('min(e.timestamp)')} AS firstLoggedAt, ${ms('max(e.timestamp)')} AS lastLoggedAt
FROM entries AS e
LEFT JOIN (SELECT sha256, issuer FROM certificates WHERE sha256 IN (SELECT sha256 FROM entries) LIMIT 1 BY sha256) AS c ON c.sha256 = e.sha256
GROUP BY domain
HAVING domain != ''
ORDER BY domain`,
  maxRows: 50_000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
