import type { EngineAddress } from '../src/store/embedded/process.js';

/** Runs SQL on an embedded engine as its owner; answers the text of the result. */
export async function ask(
  address: EngineAddress,
  sql: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<string> {
  const search = new URLSearchParams({ default_format: 'TabSeparatedRaw', ...settings });
  const response = await fetch(`${address.url}/?${search}`, {
    method: 'POST',
    body: sql,
    headers: { 'x-clickhouse-user': address.username, 'x-clickhouse-key': address.password },
    signal: AbortSignal.timeout(3_600_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text.slice(0, 500));
  return text.trim();
}

const hostOf = (n: string): string =>
  `concat('h', toString(${n}), '.dept', toString(${n} % 997), '.', ['example', 'corp', 'shop', 'bank'][${n} % 4 + 1], toString(${n} % 5003), '.com')`;

/** Name of the `n`th host of the generated data. */
export function hostName(n: number): string {
  return `h${n}.dept${n % 997}.${['example', 'corp', 'shop', 'bank'][n % 4]}${n % 5003}.com`;
}

/** Key of the `n`th endpoint of the generated data. */
export function endpointName(n: number): string {
  const host = hostName(n);
  return `${host}|10.${(n >> 16) % 256}.${(n >> 8) % 256}.${n % 256}|443|${host}|`;
}

const hex = (seed: string): string => `lower(hex(SHA256(${seed})))`;

/** SHA-256 of the `n`th generated certificate, as SQL. */
const hashOf = (n: string): string => hex(`concat('certificate ', toString(${n}))`);

/** When the `n`th generated certificate ends, as SQL. */
const endOf = (n: string): string =>
  `fromUnixTimestamp64Milli(1700000000000 + toInt64(cityHash64(${n}) % 94608000) * 1000 + toInt64(90 + (${n}) % 300) * 86400000)`;

/** Looks at one endpoint. */
export const looksPerEndpoint = 100;

/** Looks `from` to `to` (exclusive): every endpoint every six hours, 3 % failing, the certificate renewed after 60 looks. */
export function observationsSql(from: number, to: number): string {
  return `
INSERT INTO observations (endpoint, observed_at, scan_id, outcome, detail, certificate, issuers, tls_version, tls_cipher,
  tls_group, tls_client_certificate, duration_ms)
WITH intDiv(number, ${looksPerEndpoint}) AS n, number % ${looksPerEndpoint} AS look, cityHash64(number) AS chance, chance % 100 >= 3 AS ok,
  ${hostOf('n')} AS host
SELECT
  concat(host, '|10.', toString(bitShiftRight(n, 16) % 256), '.', toString(bitShiftRight(n, 8) % 256), '.', toString(n % 256), '|443|', host, '|'),
  fromUnixTimestamp64Milli(1763000000000 + toInt64(look) * 21600000 + toInt64(chance % 3000000)),
  concat('scan-', toString(look)),
  if(ok, 'ok', 'timeout'),
  '',
  if(ok, ${hashOf('n + intDiv(look, 60) * 10000000')}, ''),
  if(ok, [${hex(`concat('issuer ', toString(n % 40))`)}], []),
  if(ok, ['TLSv1.3', 'TLSv1.2'][n % 4 = 0 ? 2 : 1], ''),
  if(ok, ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'][n % 3 + 1], ''),
  if(ok, ['X25519', 'P-256', 'X25519MLKEM768'][n % 3 + 1], ''),
  'no',
  toUInt32(20 + chance % 400)
FROM numbers(${from}, ${to - from})
SETTINGS max_block_size = 200000, min_insert_block_size_rows = 500000`;
}

/** Sightings `from` to `to`, as the service writes them: two for every endpoint, one for each certificate it served. */
export function sightingsSql(from: number, to: number): string {
  return `
INSERT INTO sightings (endpoint, certificate, spki_sha256, issuer, not_after, first_seen_at, last_seen_at, leading_at)
WITH intDiv(number, 2) AS n, n + number % 2 * 10000000 AS c, ${hostOf('n')} AS host,
  fromUnixTimestamp64Milli(1763000000000 + toInt64(number % 2) * 1296000000) AS met
SELECT
  concat(host, '|10.', toString(bitShiftRight(n, 16) % 256), '.', toString(bitShiftRight(n, 8) % 256), '.', toString(n % 256), '|443|', host, '|'),
  ${hashOf('c')}, ${hex(`concat('spki ', toString(c - c % 7 % 2))`)}, concat('CN=CA ', toString(c % 40), ',O=Trust Services,C=US'),
  ${endOf('c')}, met, met, met
FROM numbers(${from}, ${to - from})`;
}

/**
 * Certificates `from` to `to` with two and a half names each. Their DER has the mixture of a public leaf: about 600 bytes that many
 * share (names, policies, URLs, key usages) and 650 that nobody else has (key, signature, SCTs, serial).
 */
export function certificatesSql(from: number, to: number): string {
  return `
INSERT INTO certificates (sha256, sha1, spki_sha256, tbs_sha256, issuer_sha256, subject, issuer, serial_number, not_before_ms,
  not_after_ms, names, key_type, key_bits, signature_algorithm, more, der, first_seen_at)
WITH number AS n, ${hostOf('n % 10000000')} AS host,
  arraySlice([host, concat('www.', host), concat('*.', host), concat('api.', host)], 1, 1 + n % 4) AS all,
  toInt64(1700000000000) + toInt64(cityHash64(n) % 94608000) * 1000 AS start
SELECT ${hashOf('n')}, substring(${hex(`concat('sha1 ', toString(n))`)}, 1, 40), ${hex(`concat('spki ', toString(n - n % 7 % 2))`)},
  ${hex(`concat('tbs ', toString(n))`)}, ${hex(`concat('ca ', toString(n % 40))`)},
  concat('CN=', host), concat('CN=CA ', toString(n % 40), ',O=Trust Services,C=US'), substring(${hex(`concat('serial ', toString(n))`)}, 1, 36),
  start, start + toInt64(90 + n % 300) * 86400000, all, ['RSA', 'EC'][n % 2 + 1], [2048, 256][n % 2 + 1],
  ['sha256WithRSAEncryption', 'ecdsa-with-SHA256'][n % 2 + 1],
  concat('{"subjectSha256":"', ${hex(`concat('subject ', host)`)}, '","commonNames":["', host, '"],"organizations":[],"dnsNames":["',
    arrayStringConcat(all, '","'), '"],"ipAddresses":[],"emailAddresses":[],"uris":[],"isSelfIssued":false,"extendedKeyUsages":["1.3.6.1.5.5.7.3.1"],"subjectKeyId":"',
    substring(${hex(`concat('ski ', toString(n))`)}, 1, 40), '","authorityKeyId":"', substring(${hex(`concat('aki ', toString(n % 40))`)}, 1, 40),
    '","crlUrls":[],"ocspUrls":["http://ocsp.ca', toString(n % 40), '.example"],"caIssuerUrls":["http://ca', toString(n % 40), '.example/ca.crt"],"sctCount":2,"problems":[]}'),
  concat(repeat(concat('shared parts of CA ', toString(n % 40)), 25), host, randomString(650)),
  fromUnixTimestamp64Milli(1763000000000 + n % 1000000)
FROM numbers(${from}, ${to - from})
SETTINGS max_block_size = 20000, min_insert_block_size_rows = 200000, min_insert_block_size_bytes = 0`;
}

/** Findings \`from\` to \`to\`, one in ten open. */
export function findingsSql(from: number, to: number): string {
  return `
INSERT INTO findings (id, rule, severity, title, subject_kind, subject_key, details, host, certificate, state, revision, opened_at,
  last_seen_at, resolved_at, changed_by, version)
WITH number AS n, ${hostOf('n')} AS host
SELECT substring(${hex(`concat('finding ', toString(n))`)}, 1, 32), ['expired', 'expiring', 'weak-key', 'shadow'][n % 4 + 1],
  ['notice', 'warning', 'error', 'critical'][n % 4 + 1], 'Something is wrong', 'endpoint', host, '{"daysLeft":3}', host, ${hashOf('n')},
  if(n % 10 = 0, 'open', 'resolved'), if(n % 10 = 0, 1, 2), fromUnixTimestamp64Milli(1763000000000 + toInt64(n) * 1000),
  fromUnixTimestamp64Milli(1763000000000 + toInt64(n) * 1000), if(n % 10 = 0, NULL, fromUnixTimestamp64Milli(1763000000000 + toInt64(n) * 2000)),
  'certglass', n
FROM numbers(${from}, ${to - from})
SETTINGS optimize_on_insert = 0`;
}
