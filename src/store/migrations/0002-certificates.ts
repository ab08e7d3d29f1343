import type { Migration } from './migration.js';

const clamped = (column: string): string =>
  // DateTime64 reaches from 1900 to 2299; ClickHouse would wrap what lies outside.
  `fromUnixTimestamp64Milli(least(greatest(ifNull(${column}, 0), -2208988800000), 10413791999000), 'UTC')`;

/** Certificates by hash, and the ways to find them: by any other identity and by name. */
export const certificates: Migration = {
  number: 2,
  name: 'certificates',
  tables: [
    { name: 'certificates', shardBy: 'cityHash64(sha256)' },
    { name: 'certificate_identities', shardBy: 'cityHash64(sha256)' },
    { name: 'certificate_names', shardBy: 'cityHash64(sha256)' },
  ],
  statements: [
    `CREATE TABLE IF NOT EXISTS {local:certificates} {on_cluster} (
  sha256 String CODEC(ZSTD(1)),
  sha1 String CODEC(ZSTD(1)),
  spki_sha256 String COMMENT 'empty hashes: unreadable or not applicable' CODEC(ZSTD(1)),
  modulus_sha256 String CODEC(ZSTD(1)),
  tbs_sha256 String COMMENT 'one value for a precertificate and its certificate' CODEC(ZSTD(1)),
  issuer_sha256 String CODEC(ZSTD(1)),
  subject_sha256 String CODEC(ZSTD(1)),
  subject String CODEC(ZSTD(1)),
  issuer LowCardinality(String) CODEC(ZSTD(1)),
  serial_number String CODEC(ZSTD(1)),
  not_before_ms Nullable(Int64) COMMENT 'exact, milliseconds since 1970; NULL: unreadable' CODEC(ZSTD(1)),
  not_after_ms Nullable(Int64) CODEC(ZSTD(1)),
  not_before DateTime64(3, 'UTC') MATERIALIZED ${clamped('not_before_ms')} COMMENT 'clamped to 1900..2299; 1970: unreadable' CODEC(ZSTD(1)),
  not_after DateTime64(3, 'UTC') MATERIALIZED ${clamped('not_after_ms')} CODEC(ZSTD(1)),
  common_names Array(String) CODEC(ZSTD(1)),
  organizations Array(String) CODEC(ZSTD(1)),
  dns_names Array(String) CODEC(ZSTD(1)),
  ip_addresses Array(String) CODEC(ZSTD(1)),
  email_addresses Array(String) CODEC(ZSTD(1)),
  uris Array(String) CODEC(ZSTD(1)),
  names Array(String) CODEC(ZSTD(1)),
  key_type LowCardinality(String) COMMENT 'empty: unreadable' CODEC(ZSTD(1)),
  key_bits Nullable(UInt32) CODEC(ZSTD(1)),
  key_curve LowCardinality(String) CODEC(ZSTD(1)),
  signature_algorithm LowCardinality(String) CODEC(ZSTD(1)),
  is_ca Bool CODEC(ZSTD(1)),
  is_self_issued Bool CODEC(ZSTD(1)),
  is_precertificate Bool CODEC(ZSTD(1)),
  has_extended_key_usages Bool CODEC(ZSTD(1)),
  extended_key_usages Array(LowCardinality(String)) CODEC(ZSTD(1)),
  subject_key_id String CODEC(ZSTD(1)),
  authority_key_id LowCardinality(String) CODEC(ZSTD(1)),
  crl_urls Array(String) CODEC(ZSTD(1)),
  ocsp_urls Array(String) CODEC(ZSTD(1)),
  ca_issuer_urls Array(String) CODEC(ZSTD(1)),
  sct_count Nullable(UInt16) CODEC(ZSTD(1)),
  problems String COMMENT 'JSON' CODEC(ZSTD(1)),
  der String CODEC(ZSTD(3)),
  first_seen_at DateTime64(3, 'UTC') CODEC(ZSTD(1)),
  version UInt64 MATERIALIZED 18446744073709551615 - toUInt64(greatest(toUnixTimestamp64Milli(first_seen_at), 0))
    COMMENT 'the row seen first stays' CODEC(ZSTD(1)),
  INDEX by_expiry not_after TYPE minmax GRANULARITY 1
)
ENGINE = {engine:Replacing(version)}
ORDER BY sha256
SETTINGS {dedup}, index_granularity = 512, max_compress_block_size = 2097152`,

    `CREATE TABLE IF NOT EXISTS {local:certificate_identities} {on_cluster} (
  kind LowCardinality(String) COMMENT 'sha1, spki, modulus, tbs, serial' CODEC(ZSTD(1)),
  value String CODEC(ZSTD(1)),
  sha256 String CODEC(ZSTD(1))
)
ENGINE = {engine:Replacing}
ORDER BY (kind, value, sha256)
SETTINGS {dedup}`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.certificate_identities_feed {on_cluster} TO {local:certificate_identities} AS
SELECT identity.1 AS kind, identity.2 AS value, sha256
FROM {local:certificates}
ARRAY JOIN arrayFilter(pair -> pair.2 != '', [
  ('sha1', sha1), ('spki', spki_sha256), ('modulus', modulus_sha256), ('tbs', tbs_sha256), ('serial', serial_number)
]) AS identity`,

    `CREATE TABLE IF NOT EXISTS {local:certificate_names} {on_cluster} (
  name String CODEC(ZSTD(1)),
  name_reversed String MATERIALIZED reverse(name) CODEC(ZSTD(1)),
  sha256 String CODEC(ZSTD(1)),
  not_after DateTime64(3, 'UTC') CODEC(ZSTD(1)),
  INDEX by_text name TYPE ngrambf_v1(3, 32768, 3, 7) GRANULARITY 1
)
ENGINE = {engine:Replacing}
ORDER BY (name_reversed, sha256)
SETTINGS {dedup}`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.certificate_names_feed {on_cluster} TO {local:certificate_names} AS
SELECT name, sha256, not_after
FROM {local:certificates}
ARRAY JOIN arrayDistinct(names) AS name`,
  ],
};
