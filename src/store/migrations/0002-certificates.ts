import { dayOf, type Migration } from './migration.js';

/** DateTime64 reaches from 1900 to 2299; what lies outside would wrap around. */
function clamped(column: string): string {
  return `fromUnixTimestamp64Milli(least(greatest(ifNull(${column}, 0), -2208988800000), 10413791999000), 'UTC')`;
}

/** Certificates by hash, the ways to find them (by another identity, by name), and how many expire when. */
export const certificates: Migration = {
  number: 2,
  name: 'certificates',
  tables: [
    { name: 'certificates', shardBy: 'cityHash64(sha256)' },
    { name: 'certificate_identities', shardBy: 'cityHash64(lower(hex(certificate)))' },
    { name: 'certificate_names', shardBy: 'cityHash64(lower(hex(certificate)))' },
    { name: 'certificate_ends', shardBy: 'hashes[1]' },
  ],
  statements: [
    // Columns that nothing filters by stand together in `more`: finding one certificate reads a block of every column.
    `CREATE TABLE IF NOT EXISTS {local:certificates} {on_cluster} (
  sha256 String CODEC(ZSTD(1)),
  sha1 String CODEC(ZSTD(1)),
  spki_sha256 String COMMENT 'empty hashes: unreadable or not applicable' CODEC(ZSTD(1)),
  modulus_sha256 String CODEC(ZSTD(1)),
  tbs_sha256 String COMMENT 'one value for a precertificate and its certificate' CODEC(ZSTD(1)),
  issuer_sha256 String CODEC(ZSTD(1)),
  subject String CODEC(ZSTD(1)),
  issuer LowCardinality(String) CODEC(ZSTD(1)),
  serial_number String CODEC(ZSTD(1)),
  not_before_ms Nullable(Int64) COMMENT 'exact, milliseconds since 1970; NULL: unreadable' CODEC(ZSTD(1)),
  not_after_ms Nullable(Int64) CODEC(ZSTD(1)),
  not_before DateTime64(3, 'UTC') ALIAS ${clamped('not_before_ms')} COMMENT 'within 1900 to 2299; 1970: unreadable',
  not_after DateTime64(3, 'UTC') ALIAS ${clamped('not_after_ms')},
  names Array(String) CODEC(ZSTD(1)),
  key_type LowCardinality(String) COMMENT 'empty: unreadable' CODEC(ZSTD(1)),
  key_bits Nullable(UInt32) CODEC(ZSTD(1)),
  key_curve LowCardinality(String) CODEC(ZSTD(1)),
  signature_algorithm LowCardinality(String) CODEC(ZSTD(1)),
  is_ca Bool CODEC(ZSTD(1)),
  is_precertificate Bool CODEC(ZSTD(1)),
  more String COMMENT 'JSON: everything else that was read' CODEC(ZSTD(1)),
  der String COMMENT 'empty: only names were kept' CODEC(ZSTD(1)),
  first_seen_at DateTime64(3, 'UTC') CODEC(ZSTD(1)),
  version UInt64 MATERIALIZED if(der = '', 9223372036854775807, 18446744073709551615) - toUInt64(greatest(toUnixTimestamp64Milli(first_seen_at), 0))
    COMMENT 'a row with bytes stays before one without; of those, the one seen first' CODEC(ZSTD(1))
)
ENGINE = {engine:Replacing(version)}
ORDER BY sha256
SETTINGS {settings}, index_granularity = 256, min_compress_block_size = 16384, max_compress_block_size = 1048576`,

    `CREATE TABLE IF NOT EXISTS {local:certificate_identities} {on_cluster} (
  kind LowCardinality(String) COMMENT 'sha1, spki, modulus, tbs, serial' CODEC(ZSTD(1)),
  value_hash UInt64 COMMENT 'cityHash64 of the identity' CODEC(NONE),
  certificate FixedString(32) COMMENT 'SHA-256 as bytes, which nothing makes smaller' CODEC(NONE),
  sha256 String ALIAS lower(hex(certificate))
)
ENGINE = {engine:Replacing}
ORDER BY (kind, value_hash, certificate)
SETTINGS {settings}`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.certificate_identities_feed {on_cluster} TO {local:certificate_identities} AS
SELECT identity.1 AS kind, cityHash64(identity.2) AS value_hash, toFixedString(unhex(sha256), 32) AS certificate
FROM {local:certificates}
ARRAY JOIN arrayFilter(pair -> pair.2 != '', [
  ('sha1', sha1), ('spki', spki_sha256), ('modulus', modulus_sha256), ('tbs', tbs_sha256), ('serial', serial_number)
]) AS identity`,

    `CREATE TABLE IF NOT EXISTS {local:certificate_names} {on_cluster} (
  name String CODEC(LZ4),
  name_reversed String MATERIALIZED reverse(name) CODEC(ZSTD(1)),
  certificate FixedString(32) COMMENT 'SHA-256 as bytes' CODEC(NONE),
  sha256 String ALIAS lower(hex(certificate)),
  not_after DateTime64(3, 'UTC') CODEC(ZSTD(1)),
  {text_index:name}
)
ENGINE = {engine:Replacing}
ORDER BY (name_reversed, certificate)
SETTINGS {settings}`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.certificate_names_feed {on_cluster} TO {local:certificate_names} AS
SELECT name, toFixedString(unhex(sha256), 32) AS certificate, ${clamped('not_after_ms')} AS not_after
FROM {local:certificates}
ARRAY JOIN arrayDistinct(names) AS name`,

    // When certificates expire, and whose they are: a few sets of numbers for a day and an issuer, so that all of them can be counted,
    // each once however often it came. The buckets bound what one set may grow to.
    `CREATE TABLE IF NOT EXISTS {local:certificate_ends} {on_cluster} (
  day DateTime('UTC') COMMENT 'of notAfter, within 1970 to 2106; 1970: unreadable' CODEC(ZSTD(1)),
  issuer LowCardinality(String) CODEC(ZSTD(1)),
  bucket UInt8 CODEC(ZSTD(1)),
  hashes SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)) COMMENT 'cityHash64 of each SHA-256' CODEC(NONE)
)
ENGINE = {engine:Aggregating}
ORDER BY (day, issuer, bucket)
SETTINGS {settings}, min_age_to_force_merge_seconds = 3600`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.certificate_ends_feed {on_cluster} TO {local:certificate_ends} AS
SELECT ${dayOf('ifNull(not_after_ms, 0)')} AS day, issuer, cityHash64(sha256) % 4 AS bucket, [cityHash64(sha256)] AS hashes
FROM {local:certificates}`,
  ],
};
