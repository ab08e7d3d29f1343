import { silentEndpoints } from '../../model/queries/silent-endpoints.js';
import type { PreparedQuery } from './query.js';

const ms = (column: string): string => `toString(toUnixTimestamp64Milli(${column}))`;
const since = 'fromUnixTimestamp64Milli({since:Int64})';
const mute = `('unresolved', 'refused', 'unreachable', 'timeout', 'silent', 'reset', 'closed')`;
const wasOk = 'toUnixTimestamp64Milli(last_ok_at) != 0';

/**
 * See {@link silentEndpoints}. A host without addresses is an endpoint of its own: it counts as one that served a certificate when another
 * endpoint of the host did. A host whose IPv4 answers is not reported for an IPv6 that never did.
 */
export const silentEndpointsQuery: PreparedQuery<typeof silentEndpoints> = {
  query: silentEndpoints,
  sql: `
WITH silent AS (
  SELECT endpoint, outcome, last_ok_at, last_observed_at, certificate FROM endpoints_now
  WHERE last_observed_at >= ${since} AND outcome IN ${mute}
    AND (${wasOk}
      OR (outcome = 'unresolved' AND host IN (SELECT host FROM endpoints_now WHERE ${wasOk}))
      OR (host IN {expected:Array(String)}
        AND (host, port) NOT IN (SELECT host, port FROM endpoints_now WHERE last_observed_at >= ${since} AND outcome NOT IN ${mute})))),
missed AS (
  SELECT o.endpoint AS endpoint, count() AS misses, min(o.observed_at) AS silent_since,
    argMax(o.scan_id, o.observed_at) AS scan_id, argMax(o.detail, o.observed_at) AS detail
  FROM observations AS o
  INNER JOIN silent AS s ON s.endpoint = o.endpoint
  WHERE o.endpoint_hash IN (SELECT cityHash64(endpoint) FROM silent) AND o.observed_at > s.last_ok_at GROUP BY endpoint)
SELECT s.endpoint AS endpoint, s.outcome AS outcome, m.detail AS detail,
  if(toUnixTimestamp64Milli(s.last_ok_at) = 0, NULL, ${ms('s.last_ok_at')}) AS lastOkAt, ${ms('s.last_observed_at')} AS lastObservedAt,
  ${ms('m.silent_since')} AS silentSince, m.misses AS misses, n.name AS scan, s.certificate AS certificate
FROM silent AS s
INNER JOIN missed AS m ON m.endpoint = s.endpoint
LEFT JOIN (SELECT id, any(name) AS name FROM scans GROUP BY id) AS n ON n.id = m.scan_id
ORDER BY endpoint`,
  maxRows: 50_000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
