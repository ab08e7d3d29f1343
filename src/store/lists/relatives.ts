import type { Relatives, ServedSpan } from '../console-reader.js';
import type { Database } from '../database.js';
import { certificateColumns, type CertificateColumns } from '../rows/certificate.js';
import { date } from '../rows/decode.js';
import { related } from './issuances.js';

/** Certificates that share names, or a key, of which the relatives are chosen. */
const maxKin = 200;
const dayMs = 86_400_000;

/**
 * What came before and after a certificate: of those with the same names, the one that began last before it, and the one that began
 * first after it. Renewals overlap, so beginnings are compared, and what was issued within a day is a twin.
 */
export async function relatives(database: Database, sha256: string): Promise<Relatives> {
  const [[own], kin, sameKey] = await Promise.all([
    database.rows<CertificateColumns>(
      `SELECT ${certificateColumns} FROM certificates PREWHERE sha256 = {sha256:String} ORDER BY version DESC LIMIT 1`,
      { sha256 },
      { maxThreads: 1 },
    ),
    withSameNames(database, sha256),
    withSameKey(database, sha256),
  ]);
  if (own === undefined) return { predecessor: null, successor: null, sameKey: [] };
  const begin = (row: CertificateColumns): number => Number(row.not_before_ms ?? 0);
  const others = kin.filter((row) => row.tbs_sha256 !== own.tbs_sha256);
  const before = others.filter((row) => begin(row) <= begin(own) - dayMs).sort((a, b) => begin(b) - begin(a));
  const after = others.filter((row) => begin(row) >= begin(own) + dayMs).sort((a, b) => begin(a) - begin(b));
  const strangers = sameKey.filter((row) => row.tbs_sha256 !== own.tbs_sha256 && row.sha256 !== sha256);
  const [predecessor = null] = await related(database, before.slice(0, 1));
  const [successor = null] = await related(database, after.slice(0, 1));
  return { predecessor, successor, sameKey: await related(database, strangers.slice(0, 100)) };
}

/** Certificates of exactly the same set of names, certificates before precertificates. */
function withSameNames(database: Database, sha256: string): Promise<readonly CertificateColumns[]> {
  return database.rows<CertificateColumns>(
    `WITH (SELECT any(arraySort(names)) FROM certificates WHERE sha256 = {sha256:String}) AS own
     SELECT ${certificateColumns} FROM certificates
     PREWHERE sha256 IN (SELECT sha256 FROM certificate_names WHERE name_reversed = reverse(own[1]) LIMIT 2000)
     WHERE arraySort(names) = own AND notEmpty(own) AND sha256 != {sha256:String}
     ORDER BY is_precertificate, not_before_ms DESC, sha256 LIMIT 1 BY sha256 LIMIT ${maxKin}`,
    { sha256 },
  );
}

function withSameKey(database: Database, sha256: string): Promise<readonly CertificateColumns[]> {
  return database.rows<CertificateColumns>(
    `WITH (SELECT any(spki_sha256) FROM certificates WHERE sha256 = {sha256:String}) AS own
     SELECT ${certificateColumns} FROM certificates
     PREWHERE sha256 IN (SELECT sha256 FROM certificate_identities WHERE kind = 'spki' AND value_hash = cityHash64(own) LIMIT ${maxKin})
     WHERE spki_sha256 = own AND own != ''
     ORDER BY is_precertificate, not_before_ms DESC, sha256 LIMIT 1 BY tbs_sha256, sha256 LIMIT ${maxKin}`,
    { sha256 },
  );
}

const spanColumns = `endpoint, certificate, min(first_seen_at) AS first_seen, max(last_seen_at) AS last_seen`;

interface SpanColumns {
  readonly endpoint: string;
  readonly certificate: string;
  readonly first_seen: string;
  readonly last_seen: string;
}

/** Which endpoints served these certificates when. */
export async function servedSpans(
  database: Database,
  sha256: readonly string[],
): Promise<readonly ServedSpan[]> {
  if (sha256.length === 0) return [];
  const rows = await database.rows<SpanColumns>(
    `SELECT ${spanColumns} FROM served WHERE certificate IN {hashes:Array(String)}
     GROUP BY certificate, endpoint ORDER BY last_seen DESC, endpoint, certificate LIMIT 5000`,
    { hashes: sha256 },
  );
  return rows.map(toSpan);
}

/** What an endpoint served when. */
export async function endpointSpans(database: Database, endpointKey: string): Promise<readonly ServedSpan[]> {
  const rows = await database.rows<SpanColumns>(
    `SELECT ${spanColumns} FROM sightings WHERE endpoint = {endpoint:String} AND certificate != ''
     GROUP BY endpoint, certificate ORDER BY last_seen DESC, certificate LIMIT 1000`,
    { endpoint: endpointKey },
  );
  return rows.map(toSpan);
}

function toSpan(row: SpanColumns): ServedSpan {
  return {
    endpointKey: row.endpoint,
    sha256: row.certificate,
    firstSeenAt: date(row.first_seen),
    lastSeenAt: date(row.last_seen),
  };
}

/** The longest chain that a log had for one of these certificates. */
export async function loggedChain(database: Database, sha256: readonly string[]): Promise<readonly string[]> {
  const [row] = await database.rows<{ chain: readonly string[] }>(
    `SELECT chain FROM ct_places WHERE sha256 IN {hashes:Array(String)} ORDER BY length(chain) DESC, log_id, leaf_index LIMIT 1`,
    { hashes: sha256 },
    { maxThreads: 1 },
  );
  return row?.chain ?? [];
}
