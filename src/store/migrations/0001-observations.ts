import { dayOf, type Migration } from './migration.js';

const host = `substring(endpoint, 1, position(endpoint, '|') - 1)`;

/** What is served: looks at endpoints, what each endpoint is now, and which certificate was ever served where. */
export const observations: Migration = {
  number: 1,
  name: 'observations',
  tables: [
    { name: 'observations', shardBy: `cityHash64(${host})` },
    { name: 'endpoints', shardBy: `cityHash64(${host})` },
    { name: 'sightings', shardBy: `cityHash64(${host})` },
    { name: 'served', shardBy: `cityHash64(${host})` },
    { name: 'serving', shardBy: `cityHash64(${host})` },
  ],
  statements: [
    // The order by hash makes sorting an insert cheap; hosts are looked up in endpoints, which are few.
    `CREATE TABLE IF NOT EXISTS {local:observations} {on_cluster} (
  endpoint String COMMENT 'host|address|port|serverName|starttls' CODEC(ZSTD(1)),
  endpoint_hash UInt64 MATERIALIZED cityHash64(endpoint) CODEC(ZSTD(1)),
  observed_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  scan_id LowCardinality(String) CODEC(ZSTD(1)),
  outcome LowCardinality(String) CODEC(ZSTD(1)),
  detail String COMMENT 'hostile text' CODEC(ZSTD(1)),
  certificate String COMMENT 'SHA-256 of the leaf; empty: none came' CODEC(ZSTD(1)),
  issuers Array(LowCardinality(String)) COMMENT 'SHA-256 of the rest of the chain as served' CODEC(ZSTD(1)),
  tls_version LowCardinality(String) CODEC(ZSTD(1)),
  tls_cipher LowCardinality(String) CODEC(ZSTD(1)),
  tls_group LowCardinality(String) CODEC(ZSTD(1)),
  tls_alpn LowCardinality(String) CODEC(ZSTD(1)),
  tls_client_certificate LowCardinality(String) COMMENT 'yes, no, unknown' CODEC(ZSTD(1)),
  ocsp_response String CODEC(ZSTD(1)),
  survey String COMMENT 'JSON; empty: none was made' CODEC(ZSTD(1)),
  duration_ms UInt32 CODEC(ZSTD(1)),
  host String ALIAS ${host}
)
ENGINE = {engine:Replacing}
PARTITION BY toYYYYMM(observed_at)
ORDER BY (endpoint_hash, endpoint, observed_at)
PRIMARY KEY endpoint_hash
SETTINGS {settings}, index_granularity = 4096`,

    // Per endpoint at most four rows: its first sight, its last look with and without a certificate, its last survey.
    `CREATE TABLE IF NOT EXISTS {local:endpoints} {on_cluster} (
  host_reversed String CODEC(ZSTD(1)),
  endpoint String CODEC(ZSTD(1)),
  kind Enum8('first' = 0, 'failed' = 1, 'ok' = 2, 'surveyed' = 3) CODEC(ZSTD(1)),
  observed_at DateTime64(3, 'UTC') CODEC(ZSTD(1)),
  version UInt64 CODEC(ZSTD(1)),
  outcome LowCardinality(String) CODEC(ZSTD(1)),
  detail String CODEC(ZSTD(1)),
  certificate String CODEC(ZSTD(1)),
  issuers Array(LowCardinality(String)) CODEC(ZSTD(1)),
  tls_version LowCardinality(String) CODEC(ZSTD(1)),
  tls_cipher LowCardinality(String) CODEC(ZSTD(1)),
  tls_group LowCardinality(String) CODEC(ZSTD(1)),
  tls_alpn LowCardinality(String) CODEC(ZSTD(1)),
  tls_client_certificate LowCardinality(String) CODEC(ZSTD(1)),
  ocsp_response String CODEC(ZSTD(1)),
  survey String CODEC(ZSTD(1)),
  endpoint_hash UInt64 MATERIALIZED cityHash64(endpoint) COMMENT 'to count by' CODEC(NONE),
  certificate_hash UInt64 MATERIALIZED cityHash64(certificate) CODEC(NONE),
  host String ALIAS ${host}
)
ENGINE = {engine:Replacing(version)}
ORDER BY (host_reversed, endpoint, kind)
SETTINGS {settings}, index_granularity = 1024`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.endpoints_feed {on_cluster} TO {local:endpoints} AS
SELECT reverse(${host}) AS host_reversed, endpoint, if(certificate = '', 'failed', 'ok') AS kind, observed_at,
  toUInt64(toUnixTimestamp64Milli(observed_at)) AS version, outcome, detail, certificate, issuers,
  tls_version, tls_cipher, tls_group, tls_alpn, tls_client_certificate, ocsp_response
FROM {local:observations}`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.endpoints_survey_feed {on_cluster} TO {local:endpoints} AS
SELECT reverse(${host}) AS host_reversed, endpoint, 'surveyed' AS kind, observed_at,
  toUInt64(toUnixTimestamp64Milli(observed_at)) AS version, survey
FROM {local:observations}
WHERE survey != ''`,

    // One row for each certificate an endpoint ever served, written when it changes and when the service has started.
    `CREATE TABLE IF NOT EXISTS {local:sightings} {on_cluster} (
  endpoint String CODEC(ZSTD(1)),
  certificate String COMMENT 'empty: none came' CODEC(ZSTD(1)),
  certificate_hash UInt64 MATERIALIZED cityHash64(certificate) CODEC(NONE),
  spki_sha256 SimpleAggregateFunction(any, String) CODEC(ZSTD(1)),
  issuer SimpleAggregateFunction(any, LowCardinality(String)) CODEC(ZSTD(1)),
  not_after SimpleAggregateFunction(any, DateTime64(3, 'UTC')) COMMENT '1970: none came or unreadable' CODEC(ZSTD(1)),
  first_seen_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  last_seen_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'at least; the last look is in observations' CODEC(ZSTD(1)),
  leading_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'the same for looks that met it as the leaf; 1970: only surveys did' CODEC(ZSTD(1))
)
ENGINE = {engine:Aggregating}
ORDER BY (endpoint, certificate)
SETTINGS {settings}`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.endpoints_first_feed {on_cluster} TO {local:endpoints} AS
SELECT reverse(${host}) AS host_reversed, endpoint, 'first' AS kind, first_seen_at AS observed_at,
  9223372036854775807 - toUInt64(toUnixTimestamp64Milli(first_seen_at)) AS version
FROM {local:sightings}`,

    `CREATE TABLE IF NOT EXISTS {local:served} {on_cluster} (
  certificate String CODEC(ZSTD(1)),
  endpoint String CODEC(ZSTD(1)),
  first_seen_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  last_seen_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(ZSTD(1))
)
ENGINE = {engine:Aggregating}
ORDER BY (certificate, endpoint)
SETTINGS {settings}`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.served_feed {on_cluster} TO {local:served} AS
SELECT certificate, endpoint, first_seen_at, last_seen_at
FROM {local:sightings}
WHERE certificate != ''`,

    // What each endpoint served when it last served anything: narrow, and written as seldom as sightings are, so that all of it can be counted.
    `CREATE TABLE IF NOT EXISTS {local:serving} {on_cluster} (
  endpoint String CODEC(ZSTD(1)),
  endpoint_hash UInt64 MATERIALIZED cityHash64(endpoint) CODEC(NONE),
  certificate_hash UInt64 CODEC(NONE),
  spki_sha256 String CODEC(ZSTD(1)),
  issuer LowCardinality(String) CODEC(ZSTD(1)),
  day DateTime('UTC') COMMENT 'of notAfter, within 1970 to 2106; 1970: unreadable' CODEC(ZSTD(1)),
  leading_at DateTime64(3, 'UTC') CODEC(ZSTD(1)),
  host String ALIAS ${host}
)
ENGINE = {engine:Replacing(leading_at)}
ORDER BY endpoint_hash
SETTINGS {settings}, min_age_to_force_merge_seconds = 3600`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.serving_feed {on_cluster} TO {local:serving} AS
SELECT endpoint, cityHash64(certificate) AS certificate_hash, spki_sha256, issuer, ${dayOf('toUnixTimestamp64Milli(not_after)')} AS day, leading_at
FROM {local:sightings}
WHERE certificate != '' AND toUnixTimestamp64Milli(leading_at) != 0`,
  ],
};
