import { deliveryCounts, endpointExpiries } from '../../model/queries/exposition.js';
import type { PreparedQuery } from './query.js';

/** What metrics are made of. */
export const expositionQueries: readonly PreparedQuery[] = [
  {
    query: endpointExpiries,
    sql: `
SELECT endpoint, notAfter
FROM (SELECT endpoint, toUnixTimestamp64Milli(argMax(s.not_after, s.leading_at)) AS notAfter
  FROM sightings AS s
  WHERE certificate != '' AND toUnixTimestamp64Milli(s.leading_at) != 0
  GROUP BY endpoint
  ORDER BY endpoint
  LIMIT {limit:UInt32})
ORDER BY endpoint`,
    maxRows: 200_000,
    maxSeconds: 10,
    maxMemoryMiB: 300,
  },
  {
    query: deliveryCounts,
    sql: `
SELECT channel, state, count() AS deliveries
FROM (SELECT id, argMax(d.channel, d.version) AS channel, argMax(d.state, d.version) AS state FROM deliveries AS d GROUP BY id)
GROUP BY channel, state
ORDER BY channel, state`,
    maxRows: 10_000,
    maxSeconds: 10,
    maxMemoryMiB: 200,
  },
];
