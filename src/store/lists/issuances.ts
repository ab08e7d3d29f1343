import type {
  IssuanceFilter,
  IssuanceRow,
  IssuanceSort,
  RelatedCertificate,
  SortOrder,
  Total,
} from '../console-reader.js';
import type { Database } from '../database.js';
import type { CertificateRow } from '../reader.js';
import { certificateColumns, toCertificateRow, type CertificateColumns } from '../rows/certificate.js';
import type { Page, PageRequest } from '../store.js';
import { factsOf } from './certificate-facts.js';
import { certificateConditions, hashConditions } from './certificates.js';
import { countRows } from './counting.js';
import {
  allOf,
  byReversedHost,
  distinctRows,
  hostConditions,
  rowsFor,
  type Condition,
  type Conditions,
} from './keyset.js';
import { currentItems } from './operation.js';
import { sortingOf, type SortedRow, type Sorting, type SortKey } from './sorting.js';

const never = '253402300799999';
const sorts: Readonly<Record<IssuanceSort, SortKey>> = {
  notAfter: { sql: `ifNull(not_after_ms, ${never})`, kind: 'integer' },
  notBefore: { sql: `ifNull(not_before_ms, ${never})`, kind: 'integer' },
  firstSeenAt: { sql: 'toUnixTimestamp64Milli(first_seen_at)', kind: 'integer' },
  issuer: { sql: 'toString(issuer)', kind: 'text' },
  sha256: { sql: 'sha256', kind: 'text' },
};

/** Names looked through for a part of a text at most; which they are is chance when there are more. */
const maxNames = 50_000;
const byName = byReversedHost('name_reversed', 'name');

/** Issuances in any order. A precertificate is left out where its certificate is known. */
export async function listIssuances(
  database: Database,
  filter: IssuanceFilter,
  order: SortOrder<IssuanceSort>,
  page: PageRequest,
  now: Date,
): Promise<Page<IssuanceRow>> {
  const wanted = rowsFor(page);
  const rows: (SortedRow & CertificateColumns)[] = [];
  let cursor = page.cursor;
  let sorting = sortingOf('issuances', sorts, 'sha256', order, cursor);
  for (let limit = wanted; ; limit = Math.min(limit * 2, 4_000)) {
    const keys = await keysAfter(database, filter, sorting, limit, now);
    rows.push(...(await certificatesAt(database, keys)));
    const last = keys.at(-1);
    if (last === undefined || keys.length < limit || rows.length >= wanted) break;
    cursor = sorting.cursorOf(last);
    sorting = sortingOf('issuances', sorts, 'sha256', order, cursor);
  }
  const kept = rows.slice(0, wanted - 1);
  const last = kept.at(-1);
  const facts = await factsOf(database, kept);
  return {
    items: kept.map((row) => ({ ...toCertificateRow(row), ...facts(row) })),
    nextCursor: rows.length > kept.length && last !== undefined ? sorting.cursorOf(last) : null,
  };
}

/** How many certificates and lone precertificates pass, pairs counted as two: an estimate. */
export function countIssuances(database: Database, filter: IssuanceFilter, now: Date): Promise<Total> {
  const where = issuanceWhere(filter, now);
  return countRows(database, `SELECT sha256 FROM certificates WHERE ${where.sql}`, where.parameters);
}

function issuanceWhere(filter: IssuanceFilter, now: Date): Conditions {
  const names = allOf(hostConditions(filter, byName));
  const { q, expired } = filter;
  const isHex = q !== undefined && /^[0-9a-f:]{6,}$/i.test(q);
  const hex = q?.replaceAll(':', '').toLowerCase();
  const conditions: readonly Condition[] = [
    ...hashConditions(filter),
    ...certificateConditions(filter),
    [
      `sha256 IN (SELECT sha256 FROM certificate_names WHERE ${names.sql} LIMIT ${maxNames})`,
      Object.keys(names.parameters).length === 0 ? { host: undefined } : names.parameters,
    ],
    [
      `sha256 IN (SELECT sha256 FROM certificate_names WHERE name LIKE {q:String} LIMIT ${maxNames})
       OR positionCaseInsensitiveUTF8(subject, {plain:String}) > 0`,
      isHex || q === undefined ? { q: undefined } : { q: `%${likeText(q)}%`, plain: q },
    ],
    [
      `startsWith(sha256, {hex:String}) OR sha256 IN (SELECT sha256 FROM certificate_identities
         WHERE kind IN ('sha1', 'spki', 'tbs', 'serial') AND value_hash = cityHash64({hex:String}))
       OR sha256 IN (SELECT sha256 FROM certificate_names WHERE name LIKE {like:String} LIMIT ${maxNames})`,
      isHex ? { hex, like: `%${likeText(q)}%` } : { hex: undefined },
    ],
    ['key_bits = {keyBits:UInt32}', { keyBits: filter.keyBits }],
    ['is_ca = {isCa:Bool}', { isCa: filter.isCa }],
    [
      `(ifNull(not_after_ms, ${never}) < {now:Int64}) = {expired:Bool}`,
      { expired, now: expired === undefined ? undefined : now.getTime() },
    ],
    ['(sha256 IN (SELECT certificate FROM served)) = {everServed:Bool}', { everServed: filter.everServed }],
    [
      `sha256 IN (SELECT sha256 FROM inventory_items WHERE ${currentItems} AND owner = {owner:String})
       OR spki_sha256 IN (SELECT spki_sha256 FROM inventory_items WHERE ${currentItems} AND owner = {owner:String} AND spki_sha256 != '')`,
      { owner: filter.owner },
    ],
  ];
  return allOf(conditions);
}

function likeText(q: string): string {
  return q.toLowerCase().replace(/[\\%_]/g, '\\$&');
}

function keysAfter(
  database: Database,
  filter: IssuanceFilter,
  sorting: Sorting,
  wanted: number,
  now: Date,
): Promise<readonly SortedRow[]> {
  const where = issuanceWhere(filter, now);
  const rest = allOf([sorting.after]);
  const sql = `SELECT ${sorting.columns} FROM certificates WHERE ${where.sql} AND ${rest.sql}
    ORDER BY ${sorting.orderBy} LIMIT {limit:UInt32}`;
  return distinctRows(
    wanted,
    (limit) => database.rows<SortedRow>(sql, { ...where.parameters, ...rest.parameters, limit }),
    (row) => row.sort_id,
  );
}

/** The certificates of these keys, in their order, without precertificates whose certificate is known. */
async function certificatesAt(
  database: Database,
  keys: readonly SortedRow[],
): Promise<readonly (SortedRow & CertificateColumns)[]> {
  if (keys.length === 0) return [];
  const rows = await database.rows<CertificateColumns>(
    `SELECT ${certificateColumns} FROM certificates PREWHERE sha256 IN {hashes:Array(String)}
     ORDER BY sha256, version DESC LIMIT 1 BY sha256`,
    { hashes: keys.map((key) => key.sort_id) },
  );
  const lone = rows
    .filter((row) => row.is_precertificate && row.tbs_sha256 !== '')
    .map((row) => row.tbs_sha256);
  const paired = await withCertificate(database, lone);
  const byHash = new Map(
    rows
      .filter((row) => !(row.is_precertificate && paired.has(row.tbs_sha256)))
      .map((row) => [row.sha256, row]),
  );
  return keys.flatMap((key) => {
    const row = byHash.get(key.sort_id);
    return row === undefined ? [] : [{ ...row, ...key }];
  });
}

/** Which of these issuances have a certificate that is no precertificate. */
async function withCertificate(database: Database, tbs: readonly string[]): Promise<ReadonlySet<string>> {
  if (tbs.length === 0) return new Set();
  const rows = await database.rows<{ tbs: string }>(
    `SELECT DISTINCT tbs_sha256 AS tbs FROM certificates
     PREWHERE sha256 IN (SELECT sha256 FROM certificate_identities WHERE kind = 'tbs'
       AND value_hash IN arrayMap(one -> cityHash64(one), {tbs:Array(String)}))
     WHERE tbs_sha256 IN {tbs:Array(String)} AND NOT is_precertificate`,
    { tbs },
  );
  return new Set(rows.map((row) => row.tbs));
}

/** The certificates of an issuance, precertificates last. */
export async function issuance(
  database: Database,
  tbsSha256: string,
): Promise<readonly RelatedCertificate[]> {
  const rows = await database.rows<CertificateColumns>(
    `SELECT ${certificateColumns} FROM certificates
     PREWHERE sha256 IN (SELECT sha256 FROM certificate_identities WHERE kind = 'tbs' AND value_hash = cityHash64({tbs:String}))
     WHERE tbs_sha256 = {tbs:String} ORDER BY is_precertificate, sha256, version DESC LIMIT 1 BY sha256 LIMIT 100`,
    { tbs: tbsSha256 },
  );
  return related(database, rows);
}

/** Certificates by SHA-256; unknown ones are absent. */
export async function certificatesByHash(
  database: Database,
  sha256: readonly string[],
): Promise<readonly RelatedCertificate[]> {
  if (sha256.length === 0) return [];
  const rows = await database.rows<CertificateColumns>(
    `SELECT ${certificateColumns} FROM certificates PREWHERE sha256 IN {hashes:Array(String)}
     ORDER BY sha256, version DESC LIMIT 1 BY sha256 LIMIT 1000`,
    { hashes: sha256 },
  );
  return related(database, rows);
}

/** Certificates as relatives of another, with how many endpoints serve each. */
export async function related(
  database: Database,
  rows: readonly CertificateColumns[],
): Promise<readonly RelatedCertificate[]> {
  const facts = await factsOf(database, rows);
  return rows.map((row) => {
    const { sha256, tbsSha256, subject, issuer, notBefore, notAfter, names }: CertificateRow =
      toCertificateRow(row);
    return {
      sha256,
      tbsSha256,
      subject,
      issuer,
      notBefore,
      notAfter,
      names: names.slice(0, 100),
      servedCount: facts(row).servedCount,
    };
  });
}
