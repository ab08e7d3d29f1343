import * as shapes from '../../model/queries/incidents.js';
import type { StreamedQuery } from './query.js';

const ms = (column: string): string => `toUnixTimestamp64Milli(${column})`;
const from = 'fromUnixTimestamp64Milli({from:Int64})';

const isAffected = `NOT is_ca AND ifNull(not_after_ms, {from:Int64}) >= {from:Int64} AND (
    has({spkis:Array(String)}, spki_sha256) OR has({issuers:Array(String)}, issuer)
    OR (notEmpty({chained:Array(String)}) AND sha256 IN (
      SELECT certificate FROM endpoints WHERE kind = 'ok' AND hasAny(issuers, {chained:Array(String)})))
    OR (notEmpty({logIds:Array(String)}) AND tbs_sha256 != '' AND tbs_sha256 IN (
      SELECT tbs_sha256 FROM ct_entries WHERE has({logIds:Array(String)}, log_id))))`;
const affectedKeys = `SELECT sha256 FROM certificates WHERE ${isAffected}`;

const current = `SELECT endpoint, argMax(e.certificate, e.observed_at) AS serves, max(e.observed_at) AS seen_at
  FROM endpoints AS e WHERE e.kind = 'ok' GROUP BY endpoint`;
const spans = 'SELECT certificate, endpoint, min(first_seen_at) AS since FROM served';

const address = `splitByChar('|', s.endpoint)[2]`;
const isPublic = `NOT (${[
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
]
  .map((range) => `isIPAddressInRange(${address}, '${range}')`)
  .join(' OR ')})`;

/** What incidents are answered by: everything that shares a key, an issuer, an intermediate, a CA or a log. */
export const incidentQueries: readonly StreamedQuery[] = [
  {
    query: shapes.authoritiesKnown,
    sql: `
SELECT DISTINCT '' AS sha256, '' AS spkiSha256, '' AS subject, issuer FROM certificates
UNION ALL
SELECT sha256, spki_sha256 AS spkiSha256, subject, issuer FROM certificates FINAL WHERE is_ca ORDER BY sha256`,
  },
  {
    query: shapes.affectedCertificates,
    sql: `
SELECT sha256, tbsSha256, spkiSha256, issuer, serialNumber, names, notAfter
FROM (SELECT sha256, tbs_sha256 AS tbsSha256, spki_sha256 AS spkiSha256, issuer, serial_number AS serialNumber, names,
    not_after_ms AS notAfter, is_precertificate
  FROM certificates FINAL WHERE ${isAffected}
  ORDER BY is_precertificate, sha256 LIMIT 1 BY if(tbsSha256 = '', sha256, tbsSha256))
ORDER BY sha256`,
  },
  {
    query: shapes.affectedEndpoints,
    sql: `
SELECT s.endpoint AS endpoint, ${isPublic} AS isPublic, s.certificate AS affected, c.serves AS serves,
  ${ms('n.since')} AS since, ${ms('c.seen_at')} AS seenAt
FROM (${spans} WHERE certificate IN (${affectedKeys}) GROUP BY certificate, endpoint) AS s
INNER JOIN (${current}) AS c ON c.endpoint = s.endpoint
INNER JOIN (${spans} GROUP BY certificate, endpoint) AS n ON n.endpoint = s.endpoint AND n.certificate = c.serves
ORDER BY endpoint, affected`,
  },
  {
    query: shapes.affectedSuccessors,
    sql: `
SELECT sha256, tbs_sha256 AS tbsSha256, arraySort(names) AS names
FROM certificates AS c FINAL
WHERE NOT is_ca AND notEmpty(c.names) AND (not_before_ms >= {from:Int64} OR first_seen_at >= ${from})
  AND ifNull(not_after_ms, 0) > {from:Int64}
  AND arraySort(c.names) IN (SELECT arraySort(names) FROM certificates WHERE ${isAffected})
ORDER BY names, not_before_ms DESC, sha256`,
  },
];
