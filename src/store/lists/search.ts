import type { SearchHit } from '../console-reader.js';
import type { Database } from '../database.js';
import { allOf, byReversedHost, type Condition } from './keyset.js';

/** Hits of each kind. */
const most = 8;
/** A word that is typed is answered before the next key is pressed. */
const limits = { maxSeconds: 2, maxMemoryMiB: 256 };

const nameSearch = byReversedHost('name_reversed', 'name');
const hostSearch = byReversedHost('host_reversed', 'reverse(host_reversed)');

/**
 * Names, certificates, endpoints and findings that belong to a word: hashes and serial numbers as a whole or by their beginning, names
 * and hosts by their beginning first (a range of the reversed order where the word is a domain), then by any part.
 */
export async function search(
  database: Database,
  q: string,
  within: readonly string[] | null,
): Promise<readonly SearchHit[]> {
  const word = q.trim().toLowerCase();
  const hex = word.replaceAll(':', '');
  const isHex = /^[0-9a-f]{6,}$/.test(hex);
  const hits = await Promise.all([
    names(database, word, within),
    isHex ? certificates(database, hex, within) : [],
    endpoints(database, word, within),
    findings(database, word, within),
  ]);
  return hits.flat();
}

const like = (word: string): string => `%${word.replace(/[\\%_]/g, '\\$&')}%`;
const limited = (sql: string, within: readonly string[] | null): Condition => [
  sql,
  { withinDomains: within },
];

async function names(
  database: Database,
  word: string,
  within: readonly string[] | null,
): Promise<readonly SearchHit[]> {
  const where = allOf([
    ['name LIKE {pattern:String}', { pattern: like(word) }],
    limited(nameSearch.within, within),
  ]);
  // Bounded before it is sorted: a word of three letters is in a million names.
  const rows = await database.rows<{ shown: string; certificates: string }>(
    `SELECT name AS shown, uniqExact(certificate) AS certificates FROM (
       SELECT name, certificate FROM certificate_names WHERE ${where.sql} LIMIT 2000)
     GROUP BY name ORDER BY name = {word:String} DESC, startsWith(name, {word:String}) DESC, endsWith(name, concat('.', {word:String})) DESC,
       length(name), name LIMIT ${most}`,
    { ...where.parameters, word },
    limits,
  );
  return rows.map(({ shown, certificates: count }) => ({
    kind: 'name',
    key: shown,
    title: shown,
    subtitle: count === '1' ? '1 certificate' : `${count} certificates`,
  }));
}

async function certificates(
  database: Database,
  hex: string,
  within: readonly string[] | null,
): Promise<readonly SearchHit[]> {
  const where = allOf([
    limited(
      `arrayExists(n -> arrayExists(d -> n = d OR endsWith(n, concat('.', d)), {withinDomains:Array(String)}), names)`,
      within,
    ),
  ]);
  const serial = hex.replace(/^0+(?=.)/, '');
  const rows = await database.rows<{
    sha256: string;
    subject: string;
    names: readonly string[];
    issuer: string;
  }>(
    `SELECT sha256, subject, arraySlice(names, 1, 1) AS names, issuer FROM certificates
     PREWHERE (sha256 >= {hex:String} AND sha256 < concat({hex:String}, 'g'))
       OR sha256 IN (SELECT sha256 FROM certificate_identities WHERE kind IN ('sha1', 'spki', 'tbs', 'serial')
         AND value_hash IN (cityHash64({hex:String}), cityHash64({serial:String})) LIMIT 100)
     WHERE ${where.sql} ORDER BY sha256 LIMIT 1 BY sha256 LIMIT ${most}`,
    { ...where.parameters, hex, serial },
    limits,
  );
  return rows.map((row) => ({
    kind: 'certificate',
    key: row.sha256,
    title: row.names[0] ?? row.subject,
    subtitle: row.issuer,
  }));
}

async function endpoints(
  database: Database,
  word: string,
  within: readonly string[] | null,
): Promise<readonly SearchHit[]> {
  const where = allOf([
    ['endpoint LIKE {pattern:String}', { pattern: like(word) }],
    limited(hostSearch.within, within),
  ]);
  const rows = await database.rows<{ endpoint: string; host: string; address: string; port: string }>(
    `SELECT endpoint, any(splitByChar('|', endpoint)) AS parts, parts[1] AS host, parts[2] AS address, parts[3] AS port FROM (
       SELECT DISTINCT endpoint FROM endpoints WHERE kind = 'first' AND ${where.sql} LIMIT 200)
     GROUP BY endpoint ORDER BY host = {word:String} DESC, startsWith(host, {word:String}) DESC, length(host), endpoint LIMIT ${most}`,
    { ...where.parameters, word },
    limits,
  );
  return rows.map((row) => ({
    kind: 'endpoint',
    key: row.endpoint,
    title: `${row.host.includes(':') ? `[${row.host}]` : row.host}:${row.port}`,
    subtitle: row.address,
  }));
}

async function findings(
  database: Database,
  word: string,
  within: readonly string[] | null,
): Promise<readonly SearchHit[]> {
  const where = allOf([
    [
      `positionCaseInsensitiveUTF8(title, {word:String}) > 0 OR position(host, {word:String}) > 0 OR rule = {word:String} OR id = {word:String}`,
      { word },
    ],
    limited(
      `arrayExists(d -> host = d OR endsWith(host, concat('.', d)), {withinDomains:Array(String)})`,
      within,
    ),
  ]);
  const rows = await database.rows<{ id: string; title: string; host: string; rank: string }>(
    `SELECT id, title, host, toString(severity) AS rank FROM findings FINAL
     WHERE state != 'resolved' AND ${where.sql} ORDER BY severity DESC, id LIMIT ${most}`,
    where.parameters,
    limits,
  );
  return rows.map((row) => ({
    kind: 'finding',
    key: row.id,
    title: row.title,
    subtitle: [row.rank, row.host].filter((part) => part !== '').join(', '),
  }));
}
