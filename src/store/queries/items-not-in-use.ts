import { itemsNotInUse } from '../../model/queries/items-not-in-use.js';
import type { PreparedQuery } from './query.js';

const identity = 'sha256, sha1, spki_sha256, tbs_sha256, issuer_sha256, serial_number';

/** See {@link itemsNotInUse}. An item is in use when any of its identities is that of a certificate in use, as everywhere else. */
export const itemsNotInUseQuery: PreparedQuery<typeof itemsNotInUse> = {
  query: itemsNotInUse,
  sql: `
WITH items AS (
  SELECT source, reference, ${identity}, names, in_use_by, owner, environment, tags FROM inventory_items
  WHERE (source, run_at) IN (SELECT source, max(started_at) FROM inventory_runs WHERE complete GROUP BY source)),
answering AS (
  SELECT endpoint, host, certificate FROM endpoints WHERE kind = 'ok' AND observed_at > fromUnixTimestamp64Milli({since:Int64})),
used AS (
  SELECT ${identity} FROM certificates
  WHERE sha256 IN (SELECT certificate FROM answering)
    OR sha256 IN (SELECT certificate FROM sightings WHERE certificate != '' AND last_seen_at > fromUnixTimestamp64Milli({since:Int64}))),
held AS (
  SELECT source, reference, ${identity}, min(run_at) AS held_since FROM inventory_items
  GROUP BY source, reference, ${identity}
  HAVING held_since <= fromUnixTimestamp64Milli({since:Int64})),
known AS (SELECT sha256, any(subject) AS subject, any(names) AS names, any(not_after_ms) AS not_after_ms FROM certificates
  WHERE sha256 IN (SELECT sha256 FROM items) GROUP BY sha256)
SELECT i.source AS source, i.reference AS reference, i.sha256 AS sha256, k.subject AS subject,
  if(empty(k.names), i.names, k.names) AS names, i.in_use_by AS inUseBy, ifNull(i.owner, '') AS owner, i.environment AS environment, i.tags AS tags,
  toString(toUnixTimestamp64Milli(h.held_since)) AS heldSince,
  length(arrayFilter(host -> has(names, host), (SELECT groupArray(host) FROM answering))) AS endpointCount
FROM items AS i
INNER JOIN held AS h ON h.source = i.source AND h.reference = i.reference AND h.sha256 = i.sha256 AND h.sha1 = i.sha1
  AND h.spki_sha256 = i.spki_sha256 AND h.tbs_sha256 = i.tbs_sha256 AND h.serial_number = i.serial_number
LEFT JOIN known AS k ON k.sha256 = i.sha256
WHERE (SELECT count() FROM answering) > 0 AND (i.sha256 = '' OR k.sha256 = '' OR ifNull(k.not_after_ms >= {now:Int64}, true))
  AND (i.sha256 = '' OR i.sha256 NOT IN (SELECT sha256 FROM used))
  AND (i.sha1 = '' OR i.sha1 NOT IN (SELECT sha1 FROM used))
  AND (i.tbs_sha256 = '' OR i.tbs_sha256 NOT IN (SELECT tbs_sha256 FROM used))
  AND (i.spki_sha256 = '' OR i.spki_sha256 NOT IN (SELECT spki_sha256 FROM used))
  AND (i.serial_number = '' OR (i.issuer_sha256, i.serial_number) NOT IN (SELECT issuer_sha256, serial_number FROM used))
  AND (i.sha256 != '' OR i.sha1 != '' OR i.tbs_sha256 != '' OR i.spki_sha256 != '' OR i.serial_number != '')
ORDER BY source, reference
LIMIT 1 BY source, reference`,
  maxRows: 50_000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
