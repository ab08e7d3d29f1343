import type { ExpiryDay, OverviewFigures, ServedShare } from '../console-reader.js';
import type { Database } from '../database.js';
import { date } from '../rows/decode.js';
import { currentItems } from './operation.js';
import { servedNow, spilling } from './served-now.js';

const dayMs = 86_400_000;

/** The figures at the top of the overview. */
export async function overviewFigures(database: Database, now: Date): Promise<OverviewFigures> {
  const today = new Date(Math.floor(now.getTime() / dayMs) * dayMs);
  const [served, known, endpoints, names, managed] = await Promise.all([
    one(database, `SELECT uniqExact(certificate_hash) AS value FROM ${servedNow}`),
    one(
      database,
      `SELECT sum(length(arrayDistinct(hashes))) AS value FROM (
         SELECT groupUniqArrayArray(hashes) AS hashes FROM certificate_ends WHERE day >= {today:DateTime} GROUP BY day, issuer, bucket)`,
      { today },
    ),
    endpointFigures(database, now),
    one(database, 'SELECT uniqHLL12(name_reversed) AS value FROM certificate_names'),
    one(
      database,
      `SELECT uniqExact(certificate_hash) AS value FROM ${servedNow}
       WHERE certificate_hash IN (SELECT cityHash64(sha256) FROM inventory_items WHERE ${currentItems} AND sha256 != '')
         OR (spki_sha256 != '' AND spki_sha256 IN (SELECT spki_sha256 FROM inventory_items WHERE ${currentItems} AND spki_sha256 != ''))`,
    ),
  ]);
  return {
    certificatesServed: served,
    certificatesValid: known,
    names,
    servedInInventory: managed,
    ...endpoints,
  };
}

async function one(
  database: Database,
  sql: string,
  parameters: Record<string, unknown> = {},
): Promise<number> {
  const [row] = await database.rows<{ value: string }>(sql, parameters);
  return Number(row?.value ?? 0);
}

async function endpointFigures(
  database: Database,
  now: Date,
): Promise<Pick<OverviewFigures, 'endpoints' | 'endpointsAnswering' | 'endpointsObservedToday'>> {
  const [row] = await database.rows<{ endpoints: string; answering: string; today: string }>(
    `SELECT count() AS endpoints, countIf(outcome = 'ok') AS answering,
       countIf(at >= fromUnixTimestamp64Milli({since:Int64})) AS today
     FROM (SELECT argMax(outcome, observed_at) AS outcome, max(observed_at) AS at FROM endpoints
       WHERE kind IN ('failed', 'ok') GROUP BY endpoint_hash) SETTINGS ${spilling}`,
    { since: now.getTime() - dayMs },
  );
  return {
    endpoints: Number(row?.endpoints ?? 0),
    endpointsAnswering: Number(row?.answering ?? 0),
    endpointsObservedToday: Number(row?.today ?? 0),
  };
}

/** Endpoints by the outcome of the last probe. */
export async function endpointOutcomes(database: Database): Promise<Readonly<Record<string, number>>> {
  const rows = await database.rows<{ outcome: string; endpoints: string }>(
    `SELECT outcome, count() AS endpoints FROM (SELECT argMax(outcome, observed_at) AS outcome FROM endpoints
       WHERE kind IN ('failed', 'ok') GROUP BY endpoint_hash) GROUP BY outcome ORDER BY endpoints DESC SETTINGS ${spilling}`,
  );
  return Object.fromEntries(rows.map(({ outcome, endpoints }) => [outcome, Number(endpoints)]));
}

/** Served certificates by issuer, the largest 50 first. */
export function servedByIssuer(database: Database): Promise<readonly ServedShare[]> {
  return shares(
    database,
    `SELECT issuer AS key, uniqExact(certificate_hash) AS served FROM ${servedNow} GROUP BY key`,
  );
}

/** Served certificates by the owner their inventory names; an empty key: none. */
export function servedByOwner(database: Database): Promise<readonly ServedShare[]> {
  return byInventory(database, `ifNull(owner, '')`);
}

/** Served certificates by the label `environment` (or `env`) of their inventory; an empty key: none. */
export function servedByEnvironment(database: Database): Promise<readonly ServedShare[]> {
  return byInventory(database, `if(labels['environment'] = '', labels['env'], labels['environment'])`);
}

function byInventory(database: Database, value: string): Promise<readonly ServedShare[]> {
  const items = (id: string, where: string): string =>
    `SELECT ${id} AS id, any(${value}) AS value FROM inventory_items WHERE ${currentItems} AND ${where} AND ${value} != '' GROUP BY id`;
  return shares(
    database,
    `SELECT if(byHash.value = '', byKey.value, byHash.value) AS key, count() AS served
     FROM (SELECT certificate_hash, any(spki_sha256) AS spki FROM ${servedNow} GROUP BY certificate_hash) AS s
     LEFT JOIN (${items('cityHash64(sha256)', `sha256 != ''`)}) AS byHash ON byHash.id = s.certificate_hash
     LEFT JOIN (${items('spki_sha256', `spki_sha256 != ''`)}) AS byKey ON byKey.id = s.spki
     GROUP BY key`,
  );
}

async function shares(database: Database, sql: string): Promise<readonly ServedShare[]> {
  const rows = await database.rows<{ key: string; served: string }>(
    `SELECT key, served FROM (${sql}) ORDER BY served DESC, key LIMIT 50 SETTINGS ${spilling}`,
  );
  return rows.map(({ key, served }) => ({ key, served: Number(served) }));
}

/** Most served certificates whose successors are looked for. */
const maxDue = 200_000;
/** A successor ends later than what it replaces by this much at least. */
const laterMs = dayMs;

/**
 * Served certificates by the day they expire: past two thirds of their life with nothing issued, with a successor that is not installed
 * here, or on course. A successor is a certificate for the first name that ends later.
 */
export async function expiryDays(database: Database, now: Date, days: number): Promise<readonly ExpiryDay[]> {
  const rows = await database.rows<{
    day: string;
    overdue: string;
    not_installed: string;
    on_course: string;
  }>(
    `WITH due AS (
       SELECT sha256, any(ifNull(not_before_ms, 0)) AS begins, any(ifNull(not_after_ms, 0)) AS ends, reverse(any(names)[1]) AS name
       FROM certificates
       WHERE not_after_ms BETWEEN {now:Int64} AND {until:Int64}
         AND cityHash64(sha256) IN (SELECT certificate_hash FROM ${servedNow} WHERE day BETWEEN toStartOfDay(fromUnixTimestamp64Milli({now:Int64}, 'UTC')) AND fromUnixTimestamp64Milli({until:Int64}, 'UTC'))
       GROUP BY sha256 LIMIT ${maxDue}),
     latest AS (
       SELECT name_reversed, toUnixTimestamp64Milli(max(not_after)) AS ends FROM certificate_names
       WHERE name_reversed IN (SELECT name FROM due) GROUP BY name_reversed)
     SELECT toStartOfDay(fromUnixTimestamp64Milli(due.ends, 'UTC')) AS day,
       countIf(latest.ends > due.ends + ${laterMs}) AS not_installed,
       countIf(NOT latest.ends > due.ends + ${laterMs} AND due.begins + (due.ends - due.begins) * 2 / 3 < {now:Int64}) AS overdue,
       count() - not_installed - overdue AS on_course
     FROM due LEFT JOIN latest ON latest.name_reversed = due.name
     GROUP BY day ORDER BY day LIMIT 400 SETTINGS ${spilling}`,
    { now: now.getTime(), until: now.getTime() + Math.min(days, 398) * dayMs },
  );
  return rows.map((row) => ({
    day: date(row.day),
    overdue: Number(row.overdue),
    notInstalled: Number(row.not_installed),
    onCourse: Number(row.on_course),
  }));
}

/** Served certificates with SCTs that were met since then, and whether a log that is followed had their issuance. */
export async function recallSample(
  database: Database,
  since: Date,
): Promise<readonly { readonly sha256: string; readonly der: Uint8Array; readonly logged: boolean }[]> {
  const rows = await database.rows<{ sha256: string; bytes: string; logged: boolean }>(
    `SELECT sha256, any(base64Encode(der)) AS bytes,
       toBool(any(tbs_sha256 != '' AND tbs_sha256 IN (SELECT tbs_sha256 FROM ct_entries WHERE tbs_sha256 != ''))) AS logged
     FROM certificates
     WHERE sha256 IN (SELECT certificate FROM served WHERE last_seen_at >= fromUnixTimestamp64Milli({since:Int64}) LIMIT 100000)
       AND NOT is_ca AND der != '' AND JSONExtractUInt(more, 'sctCount') > 0
     GROUP BY sha256 ORDER BY sha256 LIMIT 5000`,
    { since: since.getTime() },
    { maxSeconds: 10 },
  );
  return rows.map((row) => ({
    sha256: row.sha256,
    der: Buffer.from(row.bytes, 'base64'),
    logged: row.logged,
  }));
}
