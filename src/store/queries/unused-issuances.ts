import { unusedIssuances } from '../../model/queries/unused-issuances.js';
import type { PreparedQuery } from './query.js';
import { isOwned, revokedCertificates } from './fragments.js';

/** See {@link unusedIssuances}. What was served is looked for by every certificate of the issuance. */
export const unusedIssuancesQuery: PreparedQuery<typeof unusedIssuances> = {
  query: unusedIssuances,
  sql: `
WITH owned AS (SELECT lower(hex(certificate)) FROM certificate_names WHERE ${isOwned}),
logged AS (
  SELECT tbs_sha256 AS tbs, min(timestamp) AS first_at, groupUniqArray(4)(sha256) AS hashes
  FROM ct_entries
  WHERE tbs_sha256 != '' AND not_after_ms >= {now:Int64} AND sha256 IN owned
  GROUP BY tbs HAVING first_at <= fromUnixTimestamp64Milli({loggedBefore:Int64})),
siblings AS (
  SELECT sha256, tbs_sha256 FROM certificates
  WHERE sha256 IN (SELECT lower(hex(certificate)) FROM certificate_identities
    WHERE kind = 'tbs' AND value_hash IN (SELECT cityHash64(tbs) FROM logged)) AND tbs_sha256 IN (SELECT tbs FROM logged)),
managed AS (SELECT DISTINCT spki_sha256, sha256, tbs_sha256, issuer_sha256, serial_number FROM inventory_items),
used AS (
  SELECT tbs_sha256 FROM siblings
  WHERE sha256 IN (SELECT certificate FROM served WHERE certificate IN (SELECT sha256 FROM siblings))
    OR sha256 IN (SELECT sha256 FROM managed) OR sha256 IN ${revokedCertificates})
SELECT c.tbs_sha256 AS tbsSha256, c.sha256 AS sha256, c.subject AS subject, c.issuer AS issuer, c.serial_number AS serialNumber,
  c.spki_sha256 AS spkiSha256, c.names AS names, toString(c.not_after_ms) AS notAfter,
  toString(toUnixTimestamp64Milli(l.first_at)) AS loggedAt
FROM logged AS l
INNER JOIN (SELECT tbs_sha256, sha256, subject, issuer, issuer_sha256, serial_number, spki_sha256, names, not_after_ms
  FROM certificates WHERE sha256 IN (SELECT arrayJoin(hashes) FROM logged)
  ORDER BY tbs_sha256, is_precertificate, sha256 LIMIT 1 BY tbs_sha256) AS c ON c.tbs_sha256 = l.tbs
WHERE c.spki_sha256 != '' AND c.tbs_sha256 NOT IN (SELECT tbs_sha256 FROM used)
  AND (c.spki_sha256 IN (SELECT spki_sha256 FROM sightings) OR c.spki_sha256 IN (SELECT spki_sha256 FROM managed))
  AND c.tbs_sha256 NOT IN (SELECT tbs_sha256 FROM managed)
  AND (c.issuer_sha256, c.serial_number) NOT IN (SELECT issuer_sha256, serial_number FROM managed WHERE serial_number != '' AND issuer_sha256 != '')
ORDER BY loggedAt, tbsSha256`,
  maxRows: 50_000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
