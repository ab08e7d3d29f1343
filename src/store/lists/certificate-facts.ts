import type { Severity } from '../../model/severity.js';
import { severities } from '../../model/severity.js';
import type { IssuanceRow } from '../console-reader.js';
import type { Database } from '../database.js';
import type { CertificateColumns } from '../rows/certificate.js';
import { currentItems } from './operation.js';
import { servedNow } from './served-now.js';

/** What the store knows of a certificate beside what it says itself. */
export type CertificateFacts = Pick<IssuanceRow, 'servedCount' | 'logged' | 'worstFinding' | 'owner'>;

type Identified = Pick<CertificateColumns, 'sha256' | 'tbs_sha256' | 'spki_sha256'>;

/** Looks the facts of a page of certificates up, in four queries whatever their number. */
export async function factsOf(
  database: Database,
  rows: readonly Identified[],
): Promise<(row: Identified) => CertificateFacts> {
  if (rows.length === 0) return () => ({ servedCount: 0, logged: false, worstFinding: null, owner: null });
  const hashes = rows.map((row) => row.sha256);
  const tbs = rows.map((row) => row.tbs_sha256).filter((hash) => hash !== '');
  const [served, logged, worst, owners] = await Promise.all([
    servedCounts(database, hashes),
    loggedAmong(database, hashes, tbs),
    worstFindings(database, hashes),
    ownersOf(database, rows),
  ]);
  return (row) => ({
    servedCount: served.get(row.sha256) ?? 0,
    logged: logged.has(row.sha256) || logged.has(row.tbs_sha256),
    worstFinding: worst.get(row.sha256) ?? null,
    owner: owners.get(row.sha256) ?? owners.get(row.spki_sha256) ?? null,
  });
}

async function servedCounts(
  database: Database,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await database.rows<{ hash: string; sha256: string; endpoints: string }>(
    `SELECT certificate_hash AS hash, count() AS endpoints FROM ${servedNow}
     WHERE certificate_hash IN arrayMap(one -> cityHash64(one), {hashes:Array(String)}) GROUP BY hash`,
    { hashes },
  );
  if (rows.length === 0) return new Map();
  const names = await database.rows<{ hash: string; sha256: string }>(
    'SELECT arrayJoin({hashes:Array(String)}) AS sha256, cityHash64(sha256) AS hash',
    { hashes },
  );
  const counts = new Map(rows.map((row) => [row.hash, Number(row.endpoints)]));
  return new Map(names.map(({ hash, sha256 }) => [sha256, counts.get(hash) ?? 0]));
}

/** SHA-256 of those that a log had, and the TBSCertificates of issuances that a log had. */
async function loggedAmong(
  database: Database,
  hashes: readonly string[],
  tbs: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await database.rows<{ sha256: string; tbs: string }>(
    `SELECT DISTINCT p.sha256 AS sha256, c.tbs_sha256 AS tbs FROM (
       SELECT DISTINCT sha256 FROM ct_places WHERE sha256 IN {hashes:Array(String)}
         OR sha256 IN (SELECT sha256 FROM certificate_identities WHERE kind = 'tbs'
           AND value_hash IN arrayMap(one -> cityHash64(one), {tbs:Array(String)}))) AS p
     INNER JOIN (SELECT sha256, tbs_sha256 FROM certificates
       WHERE sha256 IN {hashes:Array(String)} OR sha256 IN (SELECT sha256 FROM certificate_identities WHERE kind = 'tbs'
         AND value_hash IN arrayMap(one -> cityHash64(one), {tbs:Array(String)}))) AS c ON c.sha256 = p.sha256`,
    { hashes, tbs },
  );
  return new Set(rows.flatMap((row) => (row.tbs === '' ? [row.sha256] : [row.sha256, row.tbs])));
}

async function worstFindings(
  database: Database,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, { id: string; rule: string; severity: Severity }>> {
  const rows = await database.rows<{ certificate: string; worst: [string, string, number] }>(
    `SELECT certificate, argMax(tuple(id, toString(rule), toInt8(severity)), severity) AS worst FROM findings FINAL
     WHERE state != 'resolved' AND certificate IN {hashes:Array(String)} GROUP BY certificate`,
    { hashes },
  );
  return new Map(
    rows.map(({ certificate, worst: [id, rule, rank] }) => [
      certificate,
      { id, rule, severity: severities[rank - 1] ?? 'notice' },
    ]),
  );
}

/** Owners by SHA-256 and by SubjectPublicKeyInfo. */
async function ownersOf(
  database: Database,
  rows: readonly Identified[],
): Promise<ReadonlyMap<string, string>> {
  const found = await database.rows<{ sha256: string; spki: string; owner: string }>(
    `SELECT sha256, spki_sha256 AS spki, assumeNotNull(owner) AS owner FROM inventory_items
     WHERE ${currentItems} AND owner IS NOT NULL
       AND (sha256 IN {hashes:Array(String)} OR (spki_sha256 != '' AND spki_sha256 IN {spkis:Array(String)})) LIMIT 10000`,
    { hashes: rows.map((row) => row.sha256), spkis: rows.map((row) => row.spki_sha256) },
  );
  return new Map(
    found.flatMap(({ sha256, spki, owner }) =>
      [sha256, spki].filter((id) => id !== '').map((id) => [id, owner] as const),
    ),
  );
}
