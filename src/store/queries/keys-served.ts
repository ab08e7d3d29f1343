import { keysServed } from '../../model/queries/keys-served.js';
import type { PreparedQuery } from './query.js';

/** See {@link keysServed}. */
export const keysServedQuery: PreparedQuery<typeof keysServed> = {
  query: keysServed,
  sql: `
SELECT spki_sha256 AS spkiSha256, uniqExact(certificate) AS certificateCount, uniqExact(host) AS hostCount,
  arraySort(groupUniqArray(50)(substring(endpoint, 1, position(endpoint, '|') - 1) AS host)) AS hosts,
  arraySort(groupUniqArray(20)(certificate)) AS certificates
FROM sightings
WHERE spki_sha256 != '' AND spki_sha256 IN (SELECT spki_sha256 FROM serving FINAL WHERE spki_sha256 != '')
GROUP BY spki_sha256
HAVING certificateCount > 1
ORDER BY hostCount DESC, spkiSha256`,
  maxRows: 20_000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
