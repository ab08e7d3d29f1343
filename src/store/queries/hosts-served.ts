import { hostsServed } from '../../model/queries/hosts-served.js';
import type { PreparedQuery } from './query.js';

/** See {@link hostsServed}. */
export const hostsServedQuery: PreparedQuery<typeof hostsServed> = {
  query: hostsServed,
  sql: `
WITH now AS (SELECT endpoint, host, address, certificate FROM endpoints_now WHERE {isWanted:Bool} AND certificate != ''),
known AS (SELECT sha256, tbs_sha256, spki_sha256, issuer FROM certificates WHERE sha256 IN (SELECT certificate FROM now) LIMIT 1 BY sha256),
owned AS (SELECT sha256, tbs_sha256, spki_sha256, ifNull(owner, '') AS owner FROM inventory_now WHERE owner != ''),
owners AS (
  SELECT k.sha256 AS sha256, any(o.owner) AS owner
  FROM (SELECT sha256, arrayJoin([sha256, tbs_sha256, spki_sha256]) AS identity FROM known) AS k
  INNER JOIN (SELECT arrayJoin([sha256, tbs_sha256, spki_sha256]) AS identity, owner FROM owned) AS o ON o.identity = k.identity
  WHERE k.identity != '' GROUP BY k.sha256)
SELECT n.host AS host, any(n.address) AS address, any(n.certificate) AS sha256, any(k.issuer) AS issuer,
  uniqExact(n.endpoint) AS endpointCount, max(o.owner) AS owner
FROM now AS n
INNER JOIN known AS k ON k.sha256 = n.certificate
LEFT JOIN owners AS o ON o.sha256 = n.certificate
GROUP BY host
ORDER BY host`,
  maxRows: 200_000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
