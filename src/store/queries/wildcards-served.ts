import { wildcardsServed } from '../../model/queries/wildcards-served.js';
import type { PreparedQuery } from './query.js';

/** See {@link wildcardsServed}. */
export const wildcardsServedQuery: PreparedQuery<typeof wildcardsServed> = {
  query: wildcardsServed,
  sql: `
WITH wild AS (SELECT DISTINCT lower(hex(certificate)) AS sha256 FROM certificate_names WHERE startsWith(name, '*.')),
now AS (SELECT endpoint, host, address, certificate FROM endpoints_now WHERE certificate IN (SELECT sha256 FROM wild)),
known AS (SELECT sha256, spki_sha256, names, issuer FROM certificates WHERE sha256 IN (SELECT certificate FROM now) LIMIT 1 BY sha256)
SELECT k.spki_sha256 AS spkiSha256, any(k.sha256) AS sha256, arraySort(groupUniqArrayArray(20)(k.names)) AS names, any(k.issuer) AS issuer,
  uniqExact(n.endpoint) AS endpointCount, uniqExact(n.host) AS hostCount, uniqExact(n.address) AS addressCount,
  arraySort(groupUniqArray(200)(n.host)) AS hosts
FROM now AS n INNER JOIN known AS k ON k.sha256 = n.certificate
WHERE k.spki_sha256 != ''
GROUP BY spkiSha256
ORDER BY hostCount DESC, spkiSha256`,
  maxRows: 20_000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
