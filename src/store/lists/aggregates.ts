import type { FindingState } from '../../model/finding.js';
import type { Outcome } from '../../model/observation.js';
import type { Severity } from '../../model/severity.js';
import type { Database } from '../database.js';
import type { ExpiryBucket, IssuerRow, KeyReuseRow, ObservationsHour, OpenFindingsDay } from '../reader.js';
import { date } from '../rows/decode.js';
import { servedNow, spilling } from './served-now.js';

const dayMs = 86_400_000;

function seconds({ from, to }: { from: number; to: number }): { from: number; to: number } {
  return { from: Math.floor(from / 1_000), to: Math.ceil(to / 1_000) };
}

function clampSpan(from: Date, to: Date, maxDays: number): { from: number; to: number } {
  return { from: from.getTime(), to: Math.min(to.getTime(), from.getTime() + maxDays * dayMs) };
}

/** How many certificates the sets of a group hold, those in several of them counted once. */
const distinctHashes = 'arrayUniq(groupArrayArray(hashes))';

/** Certificates by the day of their notAfter. */
export async function expiryTimeline(
  database: Database,
  from: Date,
  to: Date,
): Promise<readonly ExpiryBucket[]> {
  const inSpan =
    "day >= toStartOfDay(toDateTime({from:Int64}, 'UTC')) AND day < toDateTime({to:Int64}, 'UTC')";
  const rows = await database.rows<{ day: string; certificates: string; served: string }>(
    `SELECT day, sum(known) AS certificates, sum(now) AS served
     FROM (
       SELECT day, ${distinctHashes} AS known, 0 AS now FROM certificate_ends WHERE ${inSpan} GROUP BY day, bucket
       UNION ALL
       SELECT day, 0 AS known, uniqExact(certificate_hash) AS now FROM ${servedNow} WHERE ${inSpan} GROUP BY day)
     GROUP BY day ORDER BY day LIMIT 1201 SETTINGS ${spilling}`,
    seconds(clampSpan(from, to, 1_200)),
  );
  return rows.map((row) => ({
    day: date(row.day),
    certificates: Number(row.certificates),
    served: Number(row.served),
  }));
}

/** The largest issuers. */
export async function issuerBreakdown(database: Database, now: Date): Promise<readonly IssuerRow[]> {
  const rows = await database.rows<{
    issuer: string;
    certificates: string;
    unexpired: string;
    served: string;
  }>(
    `SELECT issuer, sum(known) AS certificates, sum(valid) AS unexpired, sum(now) AS served
     FROM (
       SELECT issuer, sum(of_day) AS known, sumIf(of_day, day >= {today:DateTime}) AS valid, 0 AS now
       FROM (SELECT day, issuer, ${distinctHashes} AS of_day FROM certificate_ends GROUP BY day, issuer, bucket)
       GROUP BY issuer
       UNION ALL
       SELECT issuer, 0 AS known, 0 AS valid, uniqExact(certificate_hash) AS now FROM ${servedNow} GROUP BY issuer)
     GROUP BY issuer ORDER BY certificates DESC, issuer LIMIT 100
     SETTINGS ${spilling}`,
    { today: new Date(Math.floor(now.getTime() / dayMs) * dayMs) },
  );
  return rows.map((row) => ({
    issuer: row.issuer,
    certificates: Number(row.certificates),
    unexpired: Number(row.unexpired),
    served: Number(row.served),
  }));
}

/** Keys in use on more than one certificate or host now: found by numbers of fixed size, described afterwards. */
export async function keyReuse(database: Database): Promise<readonly KeyReuseRow[]> {
  const rows = await database.rows<{
    spki: string;
    certificates: string;
    endpoints: string;
    hosts: string[];
  }>(
    `SELECT spki_sha256 AS spki, uniqExact(certificate_hash) AS certificates, count() AS endpoints,
       arraySort(groupUniqArray(20)(host)) AS hosts
     FROM ${servedNow} WHERE spki_sha256 IN (
       SELECT spki_sha256 FROM ${servedNow} WHERE spki_sha256 != ''
       GROUP BY spki_sha256 HAVING min(certificate_hash) != max(certificate_hash) OR min(cityHash64(host)) != max(cityHash64(host))
       ORDER BY count() DESC, spki_sha256 LIMIT 100)
     GROUP BY spki_sha256 ORDER BY endpoints DESC, spki SETTINGS ${spilling}`,
  );
  return rows.map((row) => ({
    spkiSha256: row.spki,
    certificates: Number(row.certificates),
    endpoints: Number(row.endpoints),
    hosts: row.hosts,
  }));
}

/** Looks told apart at a time; each takes some 40 bytes. */
const looksPerSlice = 4_000_000;

/** Looks by hour and outcome, counted once however often they came: by slices of the key, so that memory is bound. */
export async function observationsPerHour(
  database: Database,
  from: Date,
  to: Date,
): Promise<readonly ObservationsHour[]> {
  const span = clampSpan(from, to, 31);
  const inSpan =
    'observed_at >= fromUnixTimestamp64Milli({from:Int64}) AND observed_at < fromUnixTimestamp64Milli({to:Int64})';
  const [all] = await database.rows<{ looks: string }>(
    `SELECT count() AS looks FROM observations WHERE ${inSpan}`,
    span,
  );
  const slices = BigInt(Math.ceil(Number(all?.looks) / looksPerSlice));
  const hours = new Map<string, ObservationsHour>();
  for (let slice = 0n; slice < slices; slice += 1n) {
    const rows = await database.rows<{ hour: string; outcome: Outcome; looks: string }>(
      `SELECT toStartOfHour(observed_at) AS hour, outcome, uniqExact(cityHash64(endpoint_hash, observed_at)) AS looks
       FROM observations WHERE ${inSpan} AND endpoint_hash BETWEEN {low:UInt64} AND {high:UInt64}
       GROUP BY hour, outcome ORDER BY hour, outcome`,
      { ...span, low: (slice << 64n) / slices, high: ((slice + 1n) << 64n) / slices - 1n },
    );
    for (const { hour, outcome, looks } of rows) {
      const observations = (hours.get(`${hour} ${outcome}`)?.observations ?? 0) + Number(looks);
      hours.set(`${hour} ${outcome}`, { hour: date(hour), outcome, observations });
    }
  }
  return [...hours.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** Findings not resolved at the end of each day, by severity: what each one's last change before that says. */
export async function openFindingsPerDay(
  database: Database,
  from: Date,
  to: Date,
): Promise<readonly OpenFindingsDay[]> {
  const rows = await database.rows<{ day: string; severity: string; open: string }>(
    `WITH changes AS (
       SELECT id, revision, min(changed_at) AS changed, max(finding).state AS state, max(finding).severity AS severity
       FROM finding_changes GROUP BY id, revision),
     spans AS (
       SELECT severity, state, toStartOfDay(changed) AS since,
         toStartOfDay(leadInFrame(changed, 1, toDateTime64('2299-01-01', 3, 'UTC')) OVER (
           PARTITION BY id ORDER BY revision ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)) AS until
       FROM changes)
     SELECT day, severity, count() AS open
     FROM spans
     ARRAY JOIN arrayMap(n -> addDays(toStartOfDay(fromUnixTimestamp64Milli({from:Int64}, 'UTC')), n),
       range({days:UInt32})) AS day
     WHERE state != 'resolved' AND since <= day AND until > day
     GROUP BY day, severity ORDER BY day, severity LIMIT 2000`,
    {
      from: from.getTime(),
      days: Math.min(400, Math.max(0, Math.ceil((to.getTime() - from.getTime()) / dayMs))),
    },
  );
  return rows.map((row) => ({
    day: date(row.day),
    severity: row.severity as Severity,
    open: Number(row.open),
  }));
}

/** Findings not resolved, by severity and state. */
export async function findingCounts(
  database: Database,
): Promise<readonly { severity: Severity; state: FindingState; count: number }[]> {
  const rows = await database.rows<{ severity: string; state: string; count: string }>(
    `SELECT severity, state, count() AS count FROM findings FINAL
     WHERE state != 'resolved' GROUP BY severity, state ORDER BY severity, state`,
  );
  return rows.map((row) => ({
    severity: row.severity as Severity,
    state: row.state as FindingState,
    count: Number(row.count),
  }));
}
