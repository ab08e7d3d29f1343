import type { InventoryChange, NamedCertificate } from '../model/inventory-change.js';
import type { Database } from './database.js';
import { dateOfMs } from './rows/decode.js';

/** Changes in one answer; what is left comes with the next, when these are decided. */
const changesPerQuery = 5_000;

/** Which changes to read. */
export interface ChangesWanted {
  /** Changes that this channel has no delivery for. */
  readonly channel: string;
  /** Changes since then ... */
  readonly since: Date;
  /** ... and deliveries since then are compared. */
  readonly decidedSince: Date;
  readonly served: boolean;
  readonly issued: boolean;
}

const parameters = ({ channel, since, decidedSince }: ChangesWanted) => ({
  channel,
  since: since.getTime(),
  decidedSince: decidedSince.getTime(),
});

const since = 'fromUnixTimestamp64Milli({since:Int64})';
const idOf = (...parts: readonly string[]): string => `lower(hex(MD5(concat(${parts.join(`, '|', `)}))))`;

/** Ids that the channel has a delivery for. */
const decided = `(SELECT arrayJoin(finding_ids) FROM deliveries
  WHERE channel = {channel:String} AND created_at >= fromUnixTimestamp64Milli({decidedSince:Int64}) AND has(revisions, 0))`;

const known = (alias: string): string =>
  `CAST(tuple(${alias}.sha256, ${alias}.subject, ${alias}.issuer, ${alias}.serial_number, toString(${alias}.not_before_ms), toString(${alias}.not_after_ms), arraySlice(${alias}.names, 1, 20)),
    'Tuple(sha256 String, subject String, issuer String, serialNumber String, notBefore Nullable(String), notAfter Nullable(String), names Array(String))')`;

/** Pairs of endpoint and leaf that were seen for the first time, each with the leaf that the endpoint presented before. */
const servedSql = `
WITH fresh AS (SELECT DISTINCT endpoint FROM sightings WHERE first_seen_at >= ${since} AND certificate != ''),
spells AS (
  SELECT endpoint, certificate, min(first_seen_at) AS first_at FROM sightings
  WHERE certificate != '' AND endpoint IN fresh GROUP BY endpoint, certificate HAVING toUnixTimestamp64Milli(max(leading_at)) != 0),
changes AS (
  SELECT endpoint, certificate, first_at, lagInFrame(certificate) OVER (PARTITION BY endpoint ORDER BY first_at, certificate ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before
  FROM spells),
wanted AS (
  SELECT ${idOf(`'served'`, 'endpoint', 'certificate')} AS id, * FROM changes
  WHERE first_at >= ${since} AND id NOT IN ${decided}
  ORDER BY first_at, endpoint LIMIT ${changesPerQuery}),
named AS (SELECT sha256, subject, issuer, serial_number, not_before_ms, not_after_ms, names FROM certificates
  WHERE sha256 IN (SELECT certificate FROM wanted) OR sha256 IN (SELECT before FROM wanted) LIMIT 1 BY sha256)
SELECT w.id AS id, toString(toUnixTimestamp64Milli(w.first_at)) AS at, w.endpoint AS endpoint, '' AS log, ${known('a')} AS certificate, ${known('b')} AS before
FROM wanted AS w INNER JOIN named AS a ON a.sha256 = w.certificate LEFT JOIN named AS b ON b.sha256 = w.before
ORDER BY w.first_at, w.endpoint`;

/** Issuances that something watches for, once each: a precertificate and its certificate are one, however many logs hold them. */
const issuedSql = `
WITH entries AS (
  SELECT tbs_sha256, min(seen_at) AS first_at, argMin(sha256, (seen_at, log_id)) AS certificate, argMin(log_id, (seen_at, log_id)) AS log
  FROM ct_entries WHERE seen_at >= ${since} AND position(matches, '"watch"') > 0 AND position(matches, '"watch":"all"') = 0
  GROUP BY tbs_sha256),
wanted AS (
  SELECT ${idOf(`'issued'`, 'tbs_sha256')} AS id, * FROM entries WHERE id NOT IN ${decided} ORDER BY first_at, tbs_sha256 LIMIT ${changesPerQuery}),
named AS (SELECT sha256, subject, issuer, serial_number, not_before_ms, not_after_ms, names FROM certificates
  WHERE sha256 IN (SELECT certificate FROM wanted) LIMIT 1 BY sha256)
SELECT w.id AS id, toString(toUnixTimestamp64Milli(w.first_at)) AS at, '' AS endpoint, w.log AS log, ${known('a')} AS certificate, ${known('a')} AS before
FROM wanted AS w INNER JOIN named AS a ON a.sha256 = w.certificate
ORDER BY w.first_at, w.id`;

interface Row {
  readonly id: string;
  readonly at: string;
  readonly endpoint: string;
  readonly log: string;
  readonly certificate: CertificateRow;
  readonly before: CertificateRow;
}

type CertificateRow = Omit<NamedCertificate, 'notBefore' | 'notAfter'> & {
  readonly notBefore: string | null;
  readonly notAfter: string | null;
};

/** Changes of the inventory that a channel has no delivery for, oldest first, at most 5,000 of each kind. */
export async function undecidedInventoryChanges(
  database: Database,
  wanted: ChangesWanted,
): Promise<readonly InventoryChange[]> {
  const ask = (sql: string) => database.rows<Row>(sql, parameters(wanted));
  const rows = [
    ...(wanted.served ? await ask(servedSql) : []),
    ...(wanted.issued ? await ask(issuedSql) : []),
  ];
  return rows.map(({ id, at, endpoint, log, certificate, before }) => ({
    id,
    at: new Date(Number(at)),
    endpoint: endpoint || null,
    ctLog: log || null,
    certificate: certificateOf(certificate),
    before: endpoint === '' || before.sha256 === '' ? null : certificateOf(before),
  }));
}

function certificateOf({ notBefore, notAfter, ...rest }: CertificateRow): NamedCertificate {
  return { ...rest, notBefore: dateOfMs(notBefore), notAfter: dateOfMs(notAfter) };
}
