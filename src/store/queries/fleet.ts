import type { NamedQuery } from './query.js';

/** What joins scans with CT: the questions fleet rules ask. Every query is ordered, so that the same rows come in the same order. */
export const fleetQueries: readonly NamedQuery[] = [
  {
    name: 'key-shared-by-hosts',
    description: 'Keys that endpoints of more than `minHosts` hosts serve now.',
    sql: `
SELECT spki_sha256, uniqExact(host) AS host_count, groupUniqArray(20)(host) AS hosts,
  groupUniqArray(20)(certificate) AS certificates
FROM endpoints_now
INNER JOIN (SELECT sha256, spki_sha256 FROM certificates
  WHERE sha256 IN (SELECT certificate FROM endpoints_now WHERE certificate != '') LIMIT 1 BY sha256) AS c
  ON c.sha256 = certificate
WHERE spki_sha256 != ''
GROUP BY spki_sha256
HAVING host_count > {minHosts:UInt32}
ORDER BY host_count DESC, spki_sha256`,
    maxRows: 1_000,
    maxSeconds: 60,
    maxMemoryMiB: 400,
  },
  {
    name: 'deploy-gap',
    description:
      'Certificates served now that expire before `expiresBefore`, for whose names a later one was logged that is served nowhere.',
    sql: `
WITH served AS (
  SELECT certificate, groupUniqArray(20)(endpoint) AS endpoints, uniqExact(endpoint) AS endpoint_count
  FROM endpoints_now WHERE certificate != '' GROUP BY certificate),
due AS (
  SELECT sha256, not_after, arrayJoin(arrayMap(name -> reverse(name), names)) AS reversed
  FROM (SELECT sha256, names, not_after FROM certificates
    WHERE sha256 IN (SELECT certificate FROM served)
      AND not_after > {now:DateTime64(3)} AND not_after < {expiresBefore:DateTime64(3)}
    LIMIT 1 BY sha256))
SELECT due.sha256 AS sha256, due.not_after AS not_after, served.endpoints AS endpoints, served.endpoint_count AS endpoint_count,
  argMax(n.sha256, n.not_after) AS successor, max(n.not_after) AS successor_not_after
FROM due
INNER JOIN served ON served.certificate = due.sha256
INNER JOIN certificate_names AS n ON n.name_reversed = due.reversed
INNER JOIN (SELECT DISTINCT sha256 FROM ct_places) AS logged ON logged.sha256 = n.sha256
WHERE n.not_after > due.not_after AND n.sha256 NOT IN (SELECT certificate FROM served)
GROUP BY sha256, not_after, endpoints, endpoint_count
ORDER BY not_after, sha256`,
    maxRows: 10_000,
    maxSeconds: 60,
    maxMemoryMiB: 400,
  },
  {
    name: 'issuers-served',
    description: 'Intermediate and root certificates sent in chains now, with the endpoints that send them.',
    sql: `
SELECT issuer, uniqExact(endpoint) AS endpoint_count, groupUniqArray(20)(endpoint) AS endpoints,
  any(c.subject) AS subject, any(c.not_after) AS not_after
FROM endpoints_now
ARRAY JOIN issuers AS issuer
LEFT JOIN (SELECT sha256, subject, not_after FROM certificates
  WHERE is_ca LIMIT 1 BY sha256) AS c ON c.sha256 = issuer
GROUP BY issuer
ORDER BY endpoint_count DESC, issuer`,
    maxRows: 1_000,
    maxSeconds: 60,
    maxMemoryMiB: 400,
  },
];
