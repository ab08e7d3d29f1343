import { issuancesLogged } from '../../model/queries/issuances-logged.js';
import { isOwned } from './fragments.js';
import type { PreparedQuery } from './query.js';

/** See {@link issuancesLogged}. */
export const issuancesLoggedQuery: PreparedQuery<typeof issuancesLogged> = {
  query: issuancesLogged,
  sql: `
WITH recent AS (
  SELECT tbs_sha256 AS tbs, min(timestamp) AS first_at, groupUniqArray(4)(sha256) AS hashes
  FROM ct_entries WHERE tbs_sha256 != '' AND timestamp >= fromUnixTimestamp64Milli({since:Int64})
  GROUP BY tbs),
owned AS (
  SELECT lower(hex(certificate)) FROM certificate_names
  WHERE ${isOwned} AND lower(hex(certificate)) IN (SELECT arrayJoin(hashes) FROM recent))
SELECT c.tbs_sha256 AS tbsSha256, c.sha256 AS sha256, c.subject AS subject, c.issuer AS issuer, c.serial_number AS serialNumber,
  c.names AS names, toString(c.not_after_ms) AS notAfter, toString(toUnixTimestamp64Milli(r.first_at)) AS loggedAt
FROM recent AS r
INNER JOIN (SELECT tbs_sha256, sha256, subject, issuer, serial_number, names, not_after_ms
  FROM certificates WHERE sha256 IN (SELECT arrayJoin(hashes) FROM recent) AND sha256 IN owned
  ORDER BY tbs_sha256, is_precertificate, sha256 LIMIT 1 BY tbs_sha256) AS c ON c.tbs_sha256 = r.tbs
ORDER BY r.first_at DESC, tbsSha256`,
  maxRows: 50_000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
