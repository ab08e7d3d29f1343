import type { Database } from '../database.js';
import type { CertificateDetail, CtPlace } from '../reader.js';
import { certificateColumns, toCertificateRow, type CertificateColumns } from '../rows/certificate.js';
import { date } from '../rows/decode.js';
import { inventoryColumns, toInventoryItem, type InventoryColumns } from '../rows/operation.js';
import { listEndpoints } from './endpoints.js';
import { currentItems } from './operation.js';

const listLimit = 1_000;
/** A second thread costs more than a few rows. */
const small = { maxThreads: 1 };

/** A certificate and everywhere it was met; null when it is not known. */
export async function certificateDetail(
  database: Database,
  sha256: string,
): Promise<CertificateDetail | null> {
  const [[row], issuance, servedEver] = await Promise.all([
    database.rows<CertificateColumns & { readonly der: string }>(
      `SELECT ${certificateColumns}, base64Encode(der) AS der FROM certificates PREWHERE sha256 = {sha256:String}
       ORDER BY version DESC LIMIT 1`,
      { sha256 },
      small,
    ),
    issuanceOf(database, sha256),
    servedBy(database, sha256),
  ]);
  if (row === undefined) return null;
  const others = issuance.filter((one) => one.sha256 !== sha256);
  const [servedNow, logged, inventory] = await Promise.all([
    // Most certificates were never met on an endpoint.
    servedEver.length === 0
      ? []
      : listEndpoints(database, { certificateSha256: sha256 }, { limit: listLimit, cursor: null }).then(
          ({ items }) => items,
        ),
    loggedAt(database, [sha256, ...others.map((one) => one.sha256)]),
    inventoryOf(database, row),
  ]);
  return {
    ...toCertificateRow(row),
    der: Buffer.from(row.der, 'base64'),
    servedNow,
    servedEver,
    logged,
    inventory,
    issuance: others,
  };
}

/** Precertificate and certificate of one issuance, this one among them where it has a TBSCertificate. */
async function issuanceOf(
  database: Database,
  sha256: string,
): Promise<readonly { sha256: string; isPrecertificate: boolean }[]> {
  const rows = await database.rows<{ sha256: string; is_precertificate: boolean }>(
    `WITH (SELECT any(tbs_sha256) FROM certificates WHERE sha256 = {sha256:String}) AS tbs
     SELECT sha256, is_precertificate FROM certificates
     PREWHERE sha256 IN (SELECT sha256 FROM certificate_identities WHERE kind = 'tbs' AND value_hash = cityHash64(tbs))
     WHERE tbs_sha256 = tbs AND tbs != ''
     ORDER BY sha256 LIMIT 1 BY sha256 LIMIT ${listLimit}`,
    { sha256 },
    small,
  );
  return rows.map((row) => ({ sha256: row.sha256, isPrecertificate: row.is_precertificate }));
}

async function servedBy(database: Database, sha256: string): Promise<CertificateDetail['servedEver']> {
  const rows = await database.rows<{ endpoint: string; first_seen: string; last_seen: string }>(
    `SELECT endpoint, min(first_seen_at) AS first_seen, max(last_seen_at) AS last_seen FROM served
     WHERE certificate = {sha256:String} GROUP BY endpoint ORDER BY last_seen DESC, endpoint LIMIT ${listLimit}`,
    { sha256 },
    small,
  );
  return rows.map((row) => ({
    endpointKey: row.endpoint,
    firstSeenAt: date(row.first_seen),
    lastSeenAt: date(row.last_seen),
  }));
}

async function loggedAt(database: Database, sha256: readonly string[]): Promise<readonly CtPlace[]> {
  const rows = await database.rows<{
    log_id: string;
    leaf_index: string;
    logged_at: string;
    type: CtPlace['entryType'];
    is_verified: boolean;
    log: string | null;
  }>(
    `SELECT p.log_id AS log_id, p.leaf_index AS leaf_index, any(p.timestamp) AS logged_at, any(p.entry_type) AS type,
       toBool(max(p.verified)) AS is_verified, nullIf(any(l.description), '') AS log
     FROM ct_places AS p
     LEFT JOIN (SELECT log_id, argMax(description, version) AS description FROM ct_positions GROUP BY log_id) AS l
       ON l.log_id = p.log_id
     WHERE p.sha256 IN {hashes:Array(String)}
     GROUP BY log_id, leaf_index ORDER BY logged_at, log_id, leaf_index LIMIT ${listLimit}`,
    { hashes: sha256 },
    small,
  );
  return rows.map((row) => ({
    logId: row.log_id,
    log: row.log,
    leafIndex: Number(row.leaf_index),
    timestamp: date(row.logged_at),
    entryType: row.type,
    verified: row.is_verified,
  }));
}

async function inventoryOf(
  database: Database,
  row: CertificateColumns,
): Promise<CertificateDetail['inventory']> {
  const rows = await database.rows<InventoryColumns>(
    `SELECT ${inventoryColumns} FROM inventory_items
     WHERE ${currentItems} AND (sha256 = {sha256:String} OR sha1 = {sha1:String}
       OR (tbs_sha256 != '' AND tbs_sha256 = {tbs:String}) OR (spki_sha256 != '' AND spki_sha256 = {spki:String})
       OR (serial_number != '' AND serial_number = {serial:String} AND issuer_sha256 = {issuer:String}))
     ORDER BY source, reference LIMIT ${listLimit}`,
    {
      sha256: row.sha256,
      sha1: row.sha1,
      tbs: row.tbs_sha256,
      spki: row.spki_sha256,
      serial: row.serial_number,
      issuer: row.issuer_sha256,
    },
  );
  return rows.map(toInventoryItem);
}
