import { issuanceExplanations, unexplainedIssuances } from '../../model/queries/unexplained-issuances.js';
import { isOwned, revokedCertificates } from './fragments.js';
import type { PreparedQuery } from './query.js';

const milliseconds = (column: string): string => `toString(toUnixTimestamp64Milli(${column}))`;

/** See {@link unexplainedIssuances}. What an inventory ever held is explained, and what is revoked needs no explanation. A served issuance is one whose key is served, so keys are all there is to look for. */
export const unexplainedIssuancesQuery: PreparedQuery<typeof unexplainedIssuances> = {
  query: unexplainedIssuances,
  sql: `
WITH owned AS (
  SELECT lower(hex(certificate)) FROM certificate_names WHERE ${isOwned}),
logged AS (
  SELECT tbs_sha256 AS tbs, min(timestamp) AS first_at, uniqExact(log_id, leaf_index) AS entries, groupUniqArray(4)(sha256) AS hashes
  FROM ct_entries
  WHERE tbs_sha256 != '' AND ifNull(not_after_ms >= {now:Int64}, true) AND sha256 IN owned
  GROUP BY tbs HAVING first_at <= fromUnixTimestamp64Milli({loggedBefore:Int64})),
managed AS (SELECT DISTINCT spki_sha256, sha256, tbs_sha256, issuer_sha256, serial_number FROM inventory_items),
revoked AS (SELECT tbs_sha256 FROM certificates WHERE sha256 IN ${revokedCertificates})
SELECT c.tbs_sha256 AS tbsSha256, c.sha256 AS sha256, c.subject AS subject, c.issuer AS issuer, c.serial_number AS serialNumber,
  c.spki_sha256 AS spkiSha256, c.names AS names, toString(c.not_before_ms) AS notBefore, toString(c.not_after_ms) AS notAfter,
  ${milliseconds('l.first_at')} AS loggedAt, l.entries AS logEntries,
  toBool(c.issuer IN (SELECT issuer FROM sightings WHERE certificate != '')
    OR c.issuer_sha256 IN (SELECT issuer_sha256 FROM managed WHERE issuer_sha256 != '')) AS isIssuerKnown
FROM logged AS l
INNER JOIN (SELECT tbs_sha256, sha256, subject, issuer, issuer_sha256, serial_number, spki_sha256, names, not_before_ms, not_after_ms
  FROM certificates WHERE sha256 IN (SELECT arrayJoin(hashes) FROM logged)
  ORDER BY tbs_sha256, is_precertificate, sha256 LIMIT 1 BY tbs_sha256) AS c ON c.tbs_sha256 = l.tbs
WHERE c.spki_sha256 NOT IN (SELECT spki_sha256 FROM sightings WHERE spki_sha256 != '')
  AND c.spki_sha256 NOT IN (SELECT spki_sha256 FROM managed WHERE spki_sha256 != '')
  AND c.tbs_sha256 NOT IN (SELECT tbs_sha256 FROM managed WHERE tbs_sha256 != '')
  AND c.tbs_sha256 NOT IN (SELECT tbs_sha256 FROM revoked)
  AND NOT hasAny(l.hashes, (SELECT groupUniqArray(sha256) FROM managed WHERE sha256 != '' AND sha256 IN (SELECT arrayJoin(hashes) FROM logged)))
  AND (c.issuer_sha256, c.serial_number) NOT IN (SELECT issuer_sha256, serial_number FROM managed WHERE serial_number != '' AND issuer_sha256 != '')
ORDER BY loggedAt, tbsSha256`,
  maxRows: 50_000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};

/** See {@link issuanceExplanations}. */
export const issuanceExplanationsQuery: PreparedQuery<typeof issuanceExplanations> = {
  query: issuanceExplanations,
  sql: `
WITH asked AS (
  SELECT tbs_sha256 AS tbs, any(spki_sha256) AS spki, any(not_after_ms) AS ends, groupUniqArray(sha256) AS hashes,
    any(issuer_sha256) AS issuer_hash, any(serial_number) AS serial
  FROM certificates
  WHERE sha256 IN (SELECT lower(hex(certificate)) FROM certificate_identities
    WHERE kind = 'tbs' AND value_hash IN arrayMap(key -> cityHash64(key), {keys:Array(String)}))
    AND tbs_sha256 IN {keys:Array(String)}
  GROUP BY tbs)
SELECT a.tbs AS tbsSha256, toString(a.ends) AS notAfter,
  anyIf(s.endpoint, has(a.hashes, s.certificate)) AS servedBy, any(s.endpoint) AS keyServedBy,
  ${milliseconds('min(s.first_seen_at)')} AS keyServedAt, any(i.item) AS inventoryItem,
  toBool(hasAny(a.hashes, (SELECT groupArray(key) FROM ${revokedCertificates} AS r WHERE key IN (SELECT arrayJoin(hashes) FROM asked)))) AS isRevoked
FROM asked AS a
LEFT JOIN (SELECT spki_sha256, certificate, endpoint, first_seen_at FROM sightings
  WHERE spki_sha256 IN (SELECT spki FROM asked) AND spki_sha256 != '') AS s ON s.spki_sha256 = a.spki
LEFT JOIN (SELECT a2.tbs AS tbs, any(concat(i2.source, ': ', i2.reference)) AS item
  FROM asked AS a2 CROSS JOIN (SELECT DISTINCT source, reference, sha256, spki_sha256, tbs_sha256, issuer_sha256, serial_number FROM inventory_items) AS i2
  WHERE i2.spki_sha256 = a2.spki AND a2.spki != '' OR i2.tbs_sha256 = a2.tbs OR has(a2.hashes, i2.sha256)
    OR (i2.issuer_sha256 = a2.issuer_hash AND i2.serial_number = a2.serial AND a2.serial != '')
  GROUP BY a2.tbs) AS i ON i.tbs = a.tbs
GROUP BY a.tbs, a.ends, a.hashes
ORDER BY tbsSha256`,
  maxRows: 1_000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
