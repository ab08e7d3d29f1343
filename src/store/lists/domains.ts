import type { DomainFigures } from '../console-reader.js';
import type { Database } from '../database.js';
import { date } from '../rows/decode.js';
import { leavesServedNow, spilling } from './served-now.js';

const never = 253_402_300_799_999;

/** Issuances read for one domain at most. */
const maxIssuances = 200_000;

/** Everything ever issued for a domain and what is below it. Precertificate and certificate are one. */
export async function domainFigures(database: Database, domain: string, now: Date): Promise<DomainFigures> {
  const under = `(name_reversed = reverse({domain:String}) OR startsWith(name_reversed, reverse(concat('.', {domain:String}))))`;
  const issued = `SELECT if(tbs_sha256 = '', sha256, tbs_sha256) AS id, min(ifNull(not_before_ms, 0)) AS begins, max(ifNull(not_after_ms, ${never})) AS ends,
      any(issuer) AS issuer, max(sha256 IN (SELECT certificate FROM served)) AS ever, max(cityHash64(sha256) IN (${leavesServedNow})) AS now_served
    FROM certificates WHERE sha256 IN (SELECT sha256 FROM certificate_names WHERE ${under} LIMIT ${maxIssuances}) GROUP BY id`;
  const parameters = { domain, now: now.getTime() };
  const [names, totals, months, issuers] = await Promise.all([
    database.rows<{ names: string }>(
      `SELECT uniqExact(name_reversed) AS names FROM certificate_names WHERE ${under}`,
      parameters,
    ),
    database.rows<Record<'certificates' | 'unexpired' | 'ever' | 'served', string>>(
      `SELECT count() AS certificates, countIf(ends >= {now:Int64}) AS unexpired, countIf(ever) AS ever, countIf(now_served) AS served
       FROM (${issued}) SETTINGS ${spilling}`,
      parameters,
    ),
    database.rows<{ month: string; served: string; never_served: string }>(
      `SELECT toStartOfMonth(fromUnixTimestamp64Milli(begins, 'UTC')) AS month, countIf(ever) AS served, countIf(NOT ever) AS never_served
       FROM (${issued}) WHERE begins > 0 GROUP BY month ORDER BY month DESC LIMIT 120 SETTINGS ${spilling}`,
      parameters,
    ),
    database.rows<{ issuer: string; certificates: string }>(
      `SELECT issuer, count() AS certificates FROM (${issued}) GROUP BY issuer ORDER BY certificates DESC, issuer LIMIT 50 SETTINGS ${spilling}`,
      parameters,
    ),
  ]);
  const [total] = totals;
  return {
    names: Number(names[0]?.names ?? 0),
    certificates: Number(total?.certificates ?? 0),
    unexpired: Number(total?.unexpired ?? 0),
    everServed: Number(total?.ever ?? 0),
    servedNow: Number(total?.served ?? 0),
    byMonth: months.toReversed().map((row) => ({
      month: date(row.month),
      served: Number(row.served),
      neverServed: Number(row.never_served),
    })),
    byIssuer: issuers.map((row) => ({ issuer: row.issuer, certificates: Number(row.certificates) })),
  };
}
