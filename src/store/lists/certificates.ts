import type { Total } from '../console-reader.js';
import type { Database } from '../database.js';
import type { CertificateFilter, CertificateRow, HostFilter, NameRow } from '../reader.js';
import { certificateColumns, toCertificateRow, type CertificateColumns } from '../rows/certificate.js';
import { date } from '../rows/decode.js';
import type { Page, PageRequest } from '../store.js';
import { countRows } from './counting.js';
import { leavesServedNow } from './served-now.js';
import {
  allOf,
  byReversedHost,
  cursorAfter,
  distinctRows,
  hostConditions,
  keyOfCursor,
  rowsFor,
  toPage,
  type Condition,
} from './keyset.js';

const byReversedName = byReversedHost('name_reversed', 'name');

/** Certificates by sha256 or, with a host filter, by the first of their names that passes it. */
export function listCertificates(
  database: Database,
  filter: CertificateFilter,
  page: PageRequest,
): Promise<Page<CertificateRow>> {
  const byName = filter.host ?? filter.hostSuffix ?? filter.hostContains ?? filter.withinDomains;
  return byName === undefined ? listByHash(database, filter, page) : listByName(database, filter, page);
}

/** Ways to name a certificate other than its SHA-256: kind in `certificate_identities`, column, field of the filter. */
const identities = [
  ['sha1', 'sha1', 'sha1'],
  ['spki', 'spki_sha256', 'spkiSha256'],
  ['modulus', 'modulus_sha256', 'modulusSha256'],
  ['tbs', 'tbs_sha256', 'tbsSha256'],
  ['serial', 'serial_number', 'serialNumber'],
] as const;

/** Which hashes can pass: checked first, so that nothing else is read of other certificates. */
export function hashConditions(filter: CertificateFilter): readonly Condition[] {
  return identities.map(([kind, , field]) => [
    `sha256 IN (SELECT sha256 FROM certificate_identities WHERE kind = '${kind}' AND value_hash = cityHash64({${kind}:String}))`,
    { [kind]: filter[field] },
  ]);
}

/** Conditions of a filter over `certificates`, hosts apart. */
export function certificateConditions(filter: CertificateFilter): readonly Condition[] {
  return [
    ...identities.map(([kind, column, field]): Condition => [
      `${column} = {${kind}:String}`,
      { [kind]: filter[field] },
    ]),
    ['issuer_sha256 = {issuerSha256:String}', { issuerSha256: filter.issuerSha256 }],
    ['positionCaseInsensitiveUTF8(issuer, {issuer:String}) > 0', { issuer: filter.issuer }],
    ['key_type = {keyType:String}', { keyType: filter.keyType }],
    ['not_after < fromUnixTimestamp64Milli({before:Int64})', { before: filter.expiresBefore?.getTime() }],
    ['not_after >= fromUnixTimestamp64Milli({after:Int64})', { after: filter.expiresAfter?.getTime() }],
    [`(cityHash64(sha256) IN (${leavesServedNow})) = {served:Bool}`, { served: filter.served }],
  ];
}

async function listByHash(
  database: Database,
  filter: CertificateFilter,
  page: PageRequest,
): Promise<Page<CertificateRow>> {
  const after = keyOfCursor('certificates', page.cursor, ['text']);
  const hashes = allOf(hashConditions(filter));
  const where = allOf([
    ...certificateConditions(filter),
    ['sha256 > {afterHash:String}', { afterHash: after?.[0] }],
  ]);
  // Where nothing limits the hashes, the engine knows best what to look at first.
  const filters = hashes.sql === '1' ? `WHERE ${where.sql}` : `PREWHERE ${hashes.sql} WHERE ${where.sql}`;
  const sql = `SELECT ${certificateColumns} FROM certificates ${filters} ORDER BY sha256 LIMIT {limit:UInt32}`;
  const parameters = { ...hashes.parameters, ...where.parameters };
  const rows = await distinctRows(
    rowsFor(page),
    (limit) => database.rows<CertificateColumns>(sql, { ...parameters, limit }),
    (row) => row.sha256,
  );
  return toPage('certificates', page, rows, toCertificateRow, (row) => [row.sha256]);
}

interface NameKey {
  readonly reversed: string;
  readonly sha256: string;
}

/** How many names are looked at for one page at most; the page may then be short, with a cursor to go on. */
const maxNamesPerPage = 20_000;

/** Certificates fetched at a time: those that a page may need, each of which costs a block of every column; not fewer than a query is worth. */
const fewCertificates = 25;

/** The first names that belong to so many certificates. */
function ofFewCertificates(keys: readonly NameKey[], certificates: number): readonly NameKey[] {
  const met = new Set<string>();
  const end = keys.findIndex((key) => met.add(key.sha256).size > certificates);
  return end < 0 ? keys : keys.slice(0, end);
}

async function listByName(
  database: Database,
  filter: CertificateFilter,
  page: PageRequest,
): Promise<Page<CertificateRow>> {
  const limit = rowsFor(page) - 1;
  const after = keyOfCursor('certificates-by-name', page.cursor, ['base64', 'text']);
  let position: NameKey = { reversed: after?.[0] ?? '', sha256: after?.[1] ?? '' };
  const items: CertificateRow[] = [];
  const step = Math.max(limit, 100);
  for (let seen = 0; seen < maxNamesPerPage && items.length < limit; seen += step) {
    const keys = await namesAfter(database, filter, position, step);
    for (let at = 0; at < keys.length && items.length < limit;) {
      const some = ofFewCertificates(keys.slice(at), Math.max(limit - items.length, fewCertificates));
      const rows = await certificatesOf(database, filter, some);
      for (const key of some) {
        const row = rows.get(key.sha256);
        position = key;
        at += 1;
        // A certificate with several names that pass is shown at the first of them only.
        if (row === undefined || row.first !== key.reversed) continue;
        items.push(toCertificateRow(row));
        if (items.length === limit) break;
      }
    }
    if (keys.length < step && items.length < limit) return { items, nextCursor: null };
  }
  return { items, nextCursor: cursorAfter('certificates-by-name', [position.reversed, position.sha256]) };
}

function namesAfter(
  database: Database,
  filter: HostFilter,
  position: NameKey,
  wanted: number,
): Promise<readonly NameKey[]> {
  const where = allOf([
    ...hostConditions(filter, byReversedName),
    [
      `name_reversed >= base64Decode({afterName:String})
       AND (name_reversed > base64Decode({afterName:String}) OR certificate > unhex({afterHash:String}))`,
      { afterName: position.reversed, afterHash: position.sha256 },
    ],
  ]);
  const sql = `SELECT base64Encode(name_reversed) AS reversed, sha256 FROM certificate_names WHERE ${where.sql}
    ORDER BY name_reversed, certificate LIMIT {limit:UInt32}`;
  return distinctRows(
    wanted,
    (limit) => database.rows<NameKey>(sql, { ...where.parameters, limit }),
    (key) => `${key.reversed} ${key.sha256}`,
  );
}

async function certificatesOf(
  database: Database,
  filter: CertificateFilter,
  keys: readonly NameKey[],
): Promise<ReadonlyMap<string, CertificateColumns & { readonly first: string }>> {
  if (keys.length === 0) return new Map();
  const hashes = [...new Set(keys.map((key) => key.sha256))];
  const where = allOf(certificateConditions(filter));
  const passes = allOf(hostConditions(filter, byReversedHost('r', 'reverse(r)')));
  const rows = await database.rows<CertificateColumns & { readonly first: string }>(
    `SELECT ${certificateColumns},
       base64Encode(arrayFirst(r -> ${passes.sql}, arraySort(arrayMap(n -> reverse(n), names)))) AS first
     FROM certificates PREWHERE sha256 IN {hashes:Array(String)} WHERE ${where.sql} LIMIT 1 BY sha256`,
    { ...where.parameters, ...passes.parameters, hashes },
  );
  return new Map(rows.map((row) => [row.sha256, row]));
}

/** How many names pass. */
export function countNames(database: Database, filter: HostFilter): Promise<Total> {
  const where = allOf(hostConditions(filter, byReversedName));
  return countRows(
    database,
    `SELECT name_reversed FROM certificate_names WHERE ${where.sql} GROUP BY name_reversed`,
    where.parameters,
  );
}

/** Names with what can answer for them, by reversed name. */
export async function listNames(
  database: Database,
  filter: HostFilter,
  page: PageRequest,
): Promise<Page<NameRow>> {
  const after = keyOfCursor('names', page.cursor, ['base64']);
  const where = allOf([
    ...hostConditions(filter, byReversedName),
    ['name_reversed > base64Decode({afterName:String})', { afterName: after?.[0] }],
  ]);
  const rows = await database.rows<{
    reversed: string;
    shown: string;
    certificates: string;
    sha256: string;
    not_after: string;
    has_end: boolean;
  }>(
    `SELECT base64Encode(name_reversed) AS reversed, any(n.name) AS shown, uniqExact(n.certificate) AS certificates,
       lower(hex(argMax(n.certificate, (n.not_after, n.certificate)))) AS sha256, max(n.not_after) AS not_after,
       toBool(toUnixTimestamp64Milli(not_after) != 0) AS has_end
     FROM certificate_names AS n WHERE ${where.sql}
     GROUP BY name_reversed ORDER BY name_reversed LIMIT {limit:UInt32} SETTINGS optimize_aggregation_in_order = 1`,
    { ...where.parameters, limit: rowsFor(page) },
  );
  const toName = (row: (typeof rows)[number]): NameRow => ({
    name: row.shown,
    certificates: Number(row.certificates),
    sha256: row.sha256,
    notAfter: row.has_end ? date(row.not_after) : null,
  });
  return toPage('names', page, rows, toName, (row) => [row.reversed]);
}
