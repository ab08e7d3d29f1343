import * as shapes from '../../model/queries/populations.js';
import type { StreamedQuery } from './query.js';

const ms = (column: string): string => `toUnixTimestamp64Milli(${column})`;
const from = 'fromUnixTimestamp64Milli({from:Int64})';
const to = 'fromUnixTimestamp64Milli({to:Int64})';
/** The host of an endpoint lies under the domain asked for. */
const hostUnder = (host: string): string =>
  `({domain:String} = '' OR ${host} = {domain:String} OR endsWith(${host}, concat('.', {domain:String})))`;
const endpointUnder = hostUnder(`substring(endpoint, 1, position(endpoint, '|') - 1)`);
const namesUnder = (names: string): string =>
  `({domain:String} = '' OR arrayExists(n -> n = {domain:String} OR endsWith(n, concat('.', {domain:String})), ${names}))`;

/** See {@link StreamedQuery.isSliced}. */
const inSlice = (sha256: string): string => `${sha256} >= {lower:String} AND ${sha256} < {upper:String}`;

/** Valid at some moment of the period, and seen before it ended. */
const valid = `ifNull(not_before_ms, 0) <= {to:Int64} AND ifNull(not_after_ms, {to:Int64}) >= {from:Int64}
  AND first_seen_at <= ${to} AND ${namesUnder('names')}`;

const served = `SELECT certificate, min(first_seen_at) AS served_from, max(last_seen_at) AS served_to, uniqExact(endpoint) AS endpoint_count
  FROM served WHERE ${inSlice('certificate')} AND first_seen_at <= ${to} AND last_seen_at >= ${from} GROUP BY certificate`;
const logged = `SELECT sha256 AS logged_sha256, min(timestamp) AS logged_at, uniqExact(log_id) AS log_count
  FROM ct_places WHERE ${inSlice('sha256')} AND timestamp <= ${to} GROUP BY sha256`;

/** What reports and evidence are made of. Each is read as a stream, in an order that is the same every time. */
export const populationQueries: readonly StreamedQuery[] = [
  {
    query: shapes.certificatesValid,
    sql: `
SELECT sha256, tbs_sha256 AS tbsSha256, spki_sha256 AS spkiSha256, subject, issuer, serial_number AS serialNumber,
  not_before_ms AS notBefore, not_after_ms AS notAfter, names, key_type AS keyType, key_bits AS keyBits, key_curve AS keyCurve,
  signature_algorithm AS signatureAlgorithm, is_ca AS isCa, is_precertificate AS isPrecertificate,
  ${ms('first_seen_at')} AS firstSeenAt,
  if(endpoint_count = 0, NULL, greatest(${ms('served_from')}, {from:Int64})) AS servedFrom,
  if(endpoint_count = 0, NULL, least(${ms('served_to')}, {to:Int64})) AS servedTo, endpoint_count AS endpointCount,
  if(log_count = 0, NULL, ${ms('logged_at')}) AS loggedAt, log_count AS logCount
FROM certificates AS c FINAL
LEFT JOIN (${served}) AS s ON s.certificate = c.sha256
LEFT JOIN (${logged}) AS l ON l.logged_sha256 = c.sha256
WHERE ${inSlice('sha256')} AND ${valid}
ORDER BY sha256`,
    isSliced: true,
  },
  {
    query: shapes.certificateBytes,
    sql: `
SELECT sha256, base64Encode(der) AS der
FROM certificates FINAL
WHERE ${inSlice('sha256')} AND ${valid} AND der != ''
ORDER BY sha256`,
    isSliced: true,
  },
  {
    query: shapes.endpointsObserved,
    sql: `
SELECT endpoint, count() AS observations, countIf(o.certificate != '') AS answered,
  ${ms('min(o.observed_at)')} AS firstObservedAt, ${ms('max(o.observed_at)')} AS lastObservedAt,
  argMax(o.outcome, o.observed_at) AS lastOutcome,
  argMaxIf(tuple(o.certificate, o.tls_version, o.tls_cipher, o.tls_group), o.observed_at, o.certificate != '') AS last,
  last.1 AS certificate, last.2 AS tlsVersion, last.3 AS tlsCipher, last.4 AS tlsGroup
FROM observations AS o FINAL
WHERE o.observed_at BETWEEN ${from} AND ${to} AND ${endpointUnder}
GROUP BY endpoint
ORDER BY endpoint`,
  },
  {
    query: shapes.findingChanges,
    sql: `
SELECT id, revision, ${ms('min(f.changed_at)')} AS changedAt, max(f.finding).4 AS body
FROM finding_changes AS f
GROUP BY id, revision
HAVING min(f.changed_at) <= ${to}
ORDER BY id, revision`,
  },
  {
    query: shapes.logEntries,
    sql: `
SELECT log_id AS logId, leaf_index AS leafIndex, ${ms('timestamp')} AS timestamp, entry_type AS entryType, sha256,
  leaf_hash AS leafHash, verified, matches, ${ms('seen_at')} AS seenAt
FROM ct_entries AS e FINAL
WHERE e.timestamp BETWEEN ${from} AND ${to}
  AND ({domain:String} = '' OR sha256 IN (SELECT sha256 FROM certificates WHERE ${namesUnder('names')}))
ORDER BY log_id, leaf_index`,
  },
  {
    query: shapes.alertDeliveries,
    sql: `
SELECT id, channel, finding_ids AS findingIds, state, attempts, ${ms('created_at')} AS createdAt,
  ${ms('sent_at')} AS sentAt, last_detail AS lastDetail
FROM deliveries AS d FINAL
WHERE d.created_at BETWEEN ${from} AND ${to}
ORDER BY created_at, id`,
  },
  {
    query: shapes.auditTrail,
    sql: `
SELECT a.chain AS chain, a.number AS number, ${ms('a.at')} AS at, actor, action, subject, details, previous, hash
FROM audit AS a FINAL
INNER JOIN (SELECT p.chain AS part, min(p.number) AS first, max(p.number) AS last FROM audit AS p FINAL
  WHERE p.at BETWEEN ${from} AND ${to} GROUP BY p.chain) AS parts ON parts.part = a.chain
WHERE a.number BETWEEN first AND last AND (a.number > 0 OR a.at BETWEEN ${from} AND ${to})
ORDER BY a.chain, a.number, a.at, actor, action, subject, details`,
  },
  {
    query: shapes.scanRuns,
    sql: `
SELECT id, name, ${ms('started_at')} AS startedAt, ${ms('finished_at')} AS finishedAt, targets, outcomes
FROM scans AS s FINAL
WHERE s.started_at <= ${to} AND (s.finished_at IS NULL OR s.finished_at >= ${from})
ORDER BY s.started_at, id`,
  },
  {
    query: shapes.inventoryImports,
    sql: `
SELECT source, ${ms('started_at')} AS startedAt, ${ms('finished_at')} AS finishedAt, complete, items, errors
FROM inventory_runs AS r FINAL
WHERE r.started_at BETWEEN ${from} AND ${to}
ORDER BY r.started_at, source`,
  },
  {
    query: shapes.observationHours,
    sql: `
SELECT ${ms("toDateTime64(toStartOfHour(o.observed_at), 3, 'UTC')")} AS hour, count() AS observations,
  countIf(certificate != '') AS answered
FROM observations AS o
WHERE o.observed_at BETWEEN ${from} AND ${to} AND ${endpointUnder}
GROUP BY hour
ORDER BY hour`,
  },
  {
    query: shapes.logPositions,
    sql: `
SELECT log_id AS logId, description, operator, url, cursor, tree_size AS treeSize, verified_index AS verifiedIndex,
  ${ms('updated_at')} AS updatedAt
FROM ct_positions AS p FINAL
WHERE p.updated_at >= ${from}
ORDER BY description, log_id, cursor`,
  },
];
