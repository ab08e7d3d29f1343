import { endpointChanges, endpointPresence } from '../../model/queries/endpoint-changes.js';
import type { PreparedQuery } from './query.js';

const ms = (column: string): string => `toString(toUnixTimestamp64Milli(${column}))`;
const since = 'fromUnixTimestamp64Milli({since:Int64})';
const certificate = (alias: string): string =>
  `CAST(tuple(${alias}.sha256, ${alias}.subject, ${alias}.issuer, ${alias}.spki_sha256, ${alias}.key_type, ${alias}.key_bits, toString(${alias}.not_after_ms)),
    'Tuple(sha256 String, subject String, issuer String, spkiSha256 String, keyType String, keyBits Nullable(UInt32), notAfter Nullable(String))')`;

/** See {@link endpointChanges}. */
export const endpointChangesQuery: PreparedQuery<typeof endpointChanges> = {
  query: endpointChanges,
  sql: `
WITH spells AS (
  SELECT endpoint, arraySlice(arrayReverseSort(groupArray((leading, certificate, first_at))), 1, 2) AS two, two[1].2 AS after, two[2].2 AS before, two[1].3 AS changed_at
  FROM (SELECT endpoint, certificate, max(leading_at) AS leading, min(first_seen_at) AS first_at FROM sightings
    WHERE certificate != '' AND endpoint IN (SELECT endpoint FROM sightings WHERE first_seen_at >= ${since})
    GROUP BY endpoint, certificate HAVING toUnixTimestamp64Milli(leading) != 0)
  GROUP BY endpoint HAVING before != '' AND changed_at >= ${since}),
known AS (SELECT sha256, subject, issuer, spki_sha256, key_type, key_bits, not_after_ms FROM certificates
  WHERE sha256 IN (SELECT after FROM spells) OR sha256 IN (SELECT before FROM spells) LIMIT 1 BY sha256)
SELECT s.endpoint AS endpoint, ${ms('s.changed_at')} AS changedAt, ${certificate('b')} AS before, ${certificate('a')} AS after
FROM spells AS s
INNER JOIN known AS b ON b.sha256 = s.before
INNER JOIN known AS a ON a.sha256 = s.after
ORDER BY endpoint`,
  maxRows: 50_000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};

/** See {@link endpointPresence}. */
export const endpointPresenceQuery: PreparedQuery<typeof endpointPresence> = {
  query: endpointPresence,
  sql: `
WITH changed AS (
  SELECT endpoint, first_seen_at, last_ok_at, last_observed_at, outcome, certificate, toUnixTimestamp64Milli(last_ok_at) != 0 AS was_ok,
    first_seen_at >= ${since} AND first_seen_at >= addDays((SELECT min(first_seen_at) FROM sightings), 1) AS is_new
  FROM endpoints_now
  WHERE (is_new AND was_ok) OR (was_ok AND last_ok_at >= fromUnixTimestamp64Milli({lastOkSince:Int64}) AND last_observed_at > last_ok_at)),
missed AS (
  SELECT o.endpoint AS endpoint, countIf(o.observed_at > c.last_ok_at) AS misses,
    arraySlice(arraySort(groupArrayIf(toUnixTimestamp64Milli(o.observed_at), o.observed_at > c.last_ok_at)), 1, 100) AS missed_at
  FROM observations AS o
  INNER JOIN changed AS c ON c.endpoint = o.endpoint
  WHERE o.endpoint_hash IN (SELECT cityHash64(endpoint) FROM changed) GROUP BY endpoint)
SELECT c.endpoint AS endpoint, toBool(c.is_new) AS isNew, ${ms('c.first_seen_at')} AS firstSeenAt, ${ms('c.last_ok_at')} AS lastOkAt,
  ${ms('c.last_observed_at')} AS lastObservedAt, c.outcome AS outcome, c.certificate AS certificate, m.misses AS misses,
  arrayMap(at -> toString(at), m.missed_at) AS missedAt
FROM changed AS c
LEFT JOIN missed AS m ON m.endpoint = c.endpoint
ORDER BY endpoint`,
  maxRows: 50_000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
