import { issuanceRates } from '../../model/queries/issuance-rates.js';
import type { PreparedQuery } from './query.js';

const dayMs = 86_400_000;

/** See {@link issuanceRates}. */
export const issuanceRatesQuery: PreparedQuery<typeof issuanceRates> = {
  query: issuanceRates,
  sql: `
WITH logged AS (
  SELECT tbs_sha256 AS tbs, any(sha256) AS sha256, min(timestamp) AS at FROM ct_entries
  WHERE tbs_sha256 != '' AND timestamp >= fromUnixTimestamp64Milli({now:Int64} - ${31 * dayMs})
  GROUP BY tbs),
named AS (
  SELECT lower(hex(certificate)) AS sha256, n.name AS name,
    arrayJoin(arrayFilter(d -> name_reversed = reverse(d) OR startsWith(name_reversed, concat(reverse(d), '.')), {ownedDomains:Array(String)})) AS domain
  FROM certificate_names AS n WHERE sha256 IN (SELECT sha256 FROM logged))
SELECT n.domain AS domain,
  uniqExactIf(l.tbs, l.at >= fromUnixTimestamp64Milli({now:Int64} - ${dayMs})) AS lastDay,
  uniqExactIf(l.tbs, l.at < fromUnixTimestamp64Milli({now:Int64} - ${dayMs})) AS before,
  toString(toUnixTimestamp64Milli(min(l.at))) AS firstAt,
  arraySort(groupUniqArray(10)(c.issuer)) AS issuers,
  arraySort(groupUniqArrayIf(20)(n.name, l.at >= fromUnixTimestamp64Milli({now:Int64} - ${dayMs}))) AS names
FROM logged AS l
INNER JOIN named AS n ON n.sha256 = l.sha256
LEFT JOIN (SELECT sha256, issuer FROM certificates WHERE sha256 IN (SELECT sha256 FROM logged) LIMIT 1 BY sha256) AS c ON c.sha256 = l.sha256
GROUP BY domain
ORDER BY domain`,
  maxRows: 10_000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
