import { renewals } from '../../model/queries/renewals.js';
import type { PreparedQuery } from './query.js';

const facts = 'sha256, tbs_sha256, subject, issuer, names, key_type, not_before_ms, not_after_ms';

/**
 * See {@link renewals}. A successor is looked for by one name of the certificate it replaces, in the order of the names table, and must hold
 * all of them; of one issuance the certificate counts before its precertificate. A certificate of an issuer that nothing uses succeeds
 * nothing: it may be an attacker's.
 */
export const renewalsQuery: PreparedQuery<typeof renewals> = {
  query: renewals,
  sql: `
WITH silent AS (
  SELECT endpoint, maxIf(e.observed_at, kind = 'ok') AS ok_at, maxIf(e.observed_at, kind = 'failed') AS failed_at FROM endpoints AS e
  WHERE kind IN ('ok', 'failed') AND endpoint IN (SELECT endpoint FROM endpoints WHERE kind = 'failed')
  GROUP BY endpoint HAVING toUnixTimestamp64Milli(failed_at) - toUnixTimestamp64Milli(ok_at) >= {goneAfterMs:Int64} AND failed_at > ok_at),
gone AS (
  SELECT o.endpoint FROM observations AS o INNER JOIN silent AS s ON s.endpoint = o.endpoint
  WHERE o.endpoint_hash IN (SELECT cityHash64(endpoint) FROM silent) AND o.observed_at > s.ok_at
  GROUP BY o.endpoint HAVING uniqExact(o.observed_at) >= {goneAfterMisses:UInt32}),
serving_now AS (SELECT certificate, endpoint FROM endpoints_now WHERE certificate != '' AND endpoint NOT IN (SELECT endpoint FROM gone)),
managed AS (SELECT sha256, tbs_sha256, issuer_sha256 FROM inventory_now),
old AS (
  SELECT ${facts}, arrayMin(names) AS first_name FROM certificates
  WHERE sha256 IN (SELECT certificate FROM serving_now) AND NOT is_ca AND tbs_sha256 != '' AND notEmpty(names)
    AND not_before_ms IS NOT NULL AND not_after_ms > {now:Int64}
  LIMIT 1 BY sha256),
candidates AS (
  SELECT ${facts}, is_precertificate, first_seen_at FROM certificates
  WHERE sha256 IN (SELECT lower(hex(certificate)) FROM certificate_names WHERE name_reversed IN (SELECT reverse(first_name) FROM old))
    AND tbs_sha256 != '' AND not_after_ms > {now:Int64} AND not_before_ms IS NOT NULL
    AND (issuer IN (SELECT issuer FROM sightings WHERE certificate != '')
      OR issuer_sha256 IN (SELECT issuer_sha256 FROM managed WHERE issuer_sha256 != '')
      OR tbs_sha256 IN (SELECT tbs_sha256 FROM managed WHERE tbs_sha256 != '')
      OR arrayExists(text -> position(lower(issuer), text) > 0, {approvedIssuers:Array(String)}))
  ORDER BY tbs_sha256, is_precertificate, sha256 LIMIT 1 BY tbs_sha256),
successors AS (
  SELECT o.sha256 AS old_sha256, argMax(tuple(c.tbs_sha256, c.sha256, c.issuer, c.not_before_ms, c.not_after_ms, c.first_seen_at), c.not_before_ms) AS best
  FROM old AS o
  INNER JOIN (SELECT *, arrayJoin(names) AS name FROM candidates) AS c ON c.name = o.first_name
  WHERE c.tbs_sha256 != o.tbs_sha256 AND c.key_type = o.key_type AND hasAll(c.names, o.names)
    AND c.not_before_ms > o.not_before_ms AND c.not_after_ms > o.not_after_ms
  GROUP BY old_sha256),
servers AS (
  SELECT c.tbs_sha256 AS tbs, groupUniqArray(50)(s.endpoint) AS endpoints, uniqExact(s.endpoint) AS endpoint_count
  FROM serving_now AS s
  INNER JOIN (SELECT sha256, tbs_sha256 FROM certificates WHERE sha256 IN (SELECT certificate FROM serving_now) LIMIT 1 BY sha256) AS c
    ON c.sha256 = s.certificate
  GROUP BY tbs)
SELECT o.tbs_sha256 AS tbsSha256, o.sha256 AS sha256, o.subject AS subject, o.issuer AS issuer, o.names AS names,
  toString(o.not_before_ms) AS notBefore, toString(o.not_after_ms) AS notAfter,
  toBool(o.tbs_sha256 IN (SELECT tbs_sha256 FROM ct_entries) OR o.sha256 IN (SELECT sha256 FROM managed)
    OR o.tbs_sha256 IN (SELECT tbs_sha256 FROM managed)) AS isTracked,
  arraySort(own.endpoints) AS endpoints, own.endpoint_count AS endpointCount,
  ifNull(n.best.1, '') AS successorTbsSha256, ifNull(n.best.2, '') AS successorSha256, ifNull(n.best.3, '') AS successorIssuer,
  toString(ifNull(n.best.4, 0)) AS successorNotBefore, toString(ifNull(n.best.5, 0)) AS successorNotAfter,
  toString(ifNull(toUnixTimestamp64Milli(n.best.6), 0)) AS successorSeenAt,
  updated.endpoint_count AS successorEndpointCount, arraySort(updated.endpoints) AS successorEndpoints
FROM old AS o
INNER JOIN servers AS own ON own.tbs = o.tbs_sha256
LEFT JOIN successors AS n ON n.old_sha256 = o.sha256
LEFT JOIN servers AS updated ON updated.tbs = ifNull(n.best.1, '')
WHERE successorTbsSha256 != '' OR {now:Int64} >= o.not_before_ms + intDiv((o.not_after_ms - o.not_before_ms) * 2, 3)
ORDER BY o.not_after_ms, tbsSha256`,
  maxRows: 20_000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
