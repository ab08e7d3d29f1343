import type { EndpointState } from '../model/endpoint-state.js';
import type { Database } from './database.js';
import { dateOfMs } from './rows/decode.js';
import { judgedColumns, toJudged, type JudgedColumns } from './rows/judged.js';
import { endpointColumns, toEndpointState, type EndpointColumns } from './rows/observation.js';
import { groupBy } from '../lib/group-by.js';
import type { EndpointCursor, JudgingReader, LoggedCertificate, StoredIssuance } from './judging.js';

/** Of one certificate at most so many places are read. */
const placesPerCertificate = 50;

/** What judging reads of the store. */
export function createJudgingReader(database: Database): JudgingReader {
  return {
    endpointPage: (after, limit) => endpointPage(database, after, limit),
    loggedPage: (after, now, limit) => loggedPage(database, after, now, limit),
    issuances: (keys) => issuances(database, keys),
    async judged(kind, keys) {
      if (keys.length === 0) return new Map();
      const rows = await database.rows<JudgedColumns>(
        `SELECT ${judgedColumns} FROM judged FINAL WHERE kind = {kind:String} AND key IN {keys:Array(String)}`,
        { kind, keys },
      );
      return new Map(rows.map((row) => [row.key, toJudged(row)]));
    },
    async dueJudged(now, limit) {
      const rows = await database.rows<JudgedColumns>(
        `SELECT ${judgedColumns} FROM judged FINAL WHERE due_at <= fromUnixTimestamp64Milli({now:Int64})
         ORDER BY due_at, kind, key LIMIT {limit:UInt32}`,
        { now: now.getTime(), limit },
      );
      return rows.map(toJudged);
    },
  };
}

async function endpointPage(
  database: Database,
  after: EndpointCursor | null,
  limit: number,
): Promise<{ states: readonly EndpointState[]; next: EndpointCursor | null }> {
  const [host, endpoint] = after ?? ['', ''];
  const rows: readonly (EndpointColumns & { readonly host_reversed_base64: string })[] = await database.rows(
    `SELECT ${endpointColumns}, base64Encode(host_reversed) AS host_reversed_base64 FROM endpoints AS e
     WHERE host_reversed >= base64Decode({host:String})
       AND (host_reversed > base64Decode({host:String}) OR endpoint > {endpoint:String})
     GROUP BY host_reversed, endpoint ORDER BY host_reversed, endpoint LIMIT {limit:UInt32}
     SETTINGS optimize_aggregation_in_order = 1`,
    { host, endpoint, limit },
  );
  const last = rows.at(-1);
  const isLast = last === undefined || rows.length < limit;
  return {
    states: rows.map(toEndpointState),
    next: isLast ? null : [last.host_reversed_base64, last.endpoint],
  };
}

/** In the order of SHA-256. */
async function loggedPage(
  database: Database,
  after: string,
  now: Date,
  limit: number,
): Promise<readonly LoggedCertificate[]> {
  return database.rows<LoggedCertificate>(
    `SELECT sha256, argMax(p.chain, length(p.chain)) AS chain FROM ct_places AS p
     WHERE sha256 > {after:String} AND ifNull(not_after_ms >= {now:Int64}, true)
     GROUP BY sha256 ORDER BY sha256 LIMIT {limit:UInt32} SETTINGS optimize_aggregation_in_order = 1`,
    { after, now: now.getTime(), limit },
  );
}

interface CertificateOfIssuance {
  readonly sha256: string;
  readonly tbs: string;
  readonly spki: string;
  readonly isPrecertificate: boolean;
  readonly notAfterMs: string | null;
}

async function issuances(database: Database, keys: readonly string[]): Promise<readonly StoredIssuance[]> {
  if (keys.length === 0) return [];
  const certificates = await database.rows<CertificateOfIssuance>(
    `SELECT sha256, tbs_sha256 AS tbs, spki_sha256 AS spki, is_precertificate AS isPrecertificate, not_after_ms AS notAfterMs FROM certificates
     WHERE sha256 IN (SELECT lower(hex(certificate)) FROM certificate_identities
       WHERE kind = 'tbs' AND value_hash IN arrayMap(key -> cityHash64(key), {keys:Array(String)}))
       OR (tbs_sha256 = '' AND sha256 IN {keys:Array(String)})
     ORDER BY is_precertificate, sha256 LIMIT 1 BY sha256`,
    { keys },
  );
  const hashes = certificates.map(({ sha256 }) => sha256);
  const places = await placesOf(database, hashes);
  const servedBy = await serversOf(database, hashes);
  const held = await heldOf(
    database,
    certificates.filter(({ sha256 }) => !servedBy.has(sha256)),
  );
  return keys.flatMap((key) => {
    const own = certificates.filter(({ tbs, sha256 }) => (tbs === '' ? sha256 : tbs) === key);
    if (own.length === 0) return [];
    return {
      key,
      certificates: own.map(({ sha256, notAfterMs }) => ({ sha256, notAfter: dateOfMs(notAfterMs) })),
      places: own.flatMap(({ sha256 }) => places.get(sha256) ?? []),
      servedBy: [...new Set(own.flatMap(({ sha256 }) => servedBy.get(sha256) ?? []))],
      wasHeld: own.some(({ sha256, spki }) => held.has(sha256) || held.has(spki)),
    };
  });
}

async function placesOf(
  database: Database,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, StoredIssuance['places']>> {
  const rows = await database.rows<{
    readonly sha256: string;
    readonly log_id: string;
    readonly leaf_index: string;
    readonly chain: readonly string[];
  }>(
    `SELECT sha256, log_id, leaf_index, any(p.chain) AS chain FROM ct_places AS p WHERE sha256 IN {hashes:Array(String)}
     GROUP BY sha256, log_id, leaf_index ORDER BY sha256, log_id, leaf_index LIMIT ${placesPerCertificate} BY sha256`,
    { hashes },
  );
  const places = rows.map(({ sha256, log_id, leaf_index, chain }) => ({
    sha256,
    logId: log_id,
    leafIndex: Number(leaf_index),
    chain,
  }));
  return groupBy(places, ({ sha256 }) => sha256);
}

/** Hashes of certificates and keys, of these, that some run of an inventory held. */
async function heldOf(
  database: Database,
  certificates: readonly CertificateOfIssuance[],
): Promise<ReadonlySet<string>> {
  if (certificates.length === 0) return new Set();
  const hashes = certificates.map(({ sha256 }) => sha256);
  const keys = certificates.flatMap(({ spki }) => (spki === '' ? [] : [spki]));
  const rows = await database.rows<{ readonly sha256: string; readonly spki: string }>(
    `SELECT DISTINCT sha256, spki_sha256 AS spki FROM inventory_items
     WHERE sha256 IN {hashes:Array(String)} OR spki_sha256 IN {keys:Array(String)} LIMIT 10000`,
    { hashes, keys },
  );
  return new Set(rows.flatMap(({ sha256, spki }) => [sha256, spki]));
}

/** Endpoints that served them, those that did last first. */
async function serversOf(
  database: Database,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await database.rows<{ readonly certificate: string; readonly endpoint: string }>(
    `SELECT certificate, endpoint FROM served AS s WHERE certificate IN {hashes:Array(String)}
     GROUP BY certificate, endpoint ORDER BY certificate, max(s.last_seen_at) DESC, endpoint
     LIMIT ${placesPerCertificate} BY certificate`,
    { hashes },
  );
  const grouped = groupBy(rows, ({ certificate }) => certificate);
  return new Map([...grouped].map(([hash, some]) => [hash, some.map(({ endpoint }) => endpoint)]));
}
