import type { Migration } from './migration.js';

/** What is served: looks at endpoints, what each endpoint is now, and which certificate was served where. */
export const observations: Migration = {
  number: 1,
  name: 'observations',
  tables: [
    { name: 'observations', shardBy: 'cityHash64(host)' },
    { name: 'endpoints', shardBy: 'cityHash64(host)' },
    { name: 'served', shardBy: 'cityHash64(host)' },
  ],
  statements: [
    `CREATE TABLE IF NOT EXISTS {local:observations} {on_cluster} (
  host String CODEC(ZSTD(1)),
  host_reversed String MATERIALIZED reverse(host) CODEC(ZSTD(1)),
  endpoint String COMMENT 'host|address|port|serverName|starttls' CODEC(ZSTD(1)),
  observed_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  scan_id LowCardinality(String) CODEC(ZSTD(1)),
  address String COMMENT 'empty: the name did not resolve' CODEC(ZSTD(1)),
  port UInt16 CODEC(ZSTD(1)),
  server_name String COMMENT 'empty: none was sent' CODEC(ZSTD(1)),
  starttls LowCardinality(String) COMMENT 'empty: TLS from the first byte' CODEC(ZSTD(1)),
  outcome LowCardinality(String) CODEC(ZSTD(1)),
  detail String CODEC(ZSTD(1)),
  tls_version LowCardinality(String) CODEC(ZSTD(1)),
  tls_cipher LowCardinality(String) CODEC(ZSTD(1)),
  tls_group LowCardinality(String) CODEC(ZSTD(1)),
  tls_alpn LowCardinality(String) CODEC(ZSTD(1)),
  tls_client_certificate Enum8('unknown' = 0, 'no' = 1, 'yes' = 2) CODEC(ZSTD(1)),
  ocsp_response_base64 String EPHEMERAL,
  ocsp_response String DEFAULT base64Decode(ocsp_response_base64) CODEC(ZSTD(3)),
  certificate String COMMENT 'SHA-256 of the leaf; empty: none came' CODEC(ZSTD(1)),
  issuers Array(LowCardinality(String)) COMMENT 'the rest of the chain as served' CODEC(ZSTD(1)),
  duration_ms UInt32 CODEC(ZSTD(1)),
  INDEX by_scan scan_id TYPE set(100) GRANULARITY 4,
  INDEX by_certificate certificate TYPE bloom_filter(0.01) GRANULARITY 4
)
ENGINE = {engine:Replacing}
PARTITION BY toYYYYMM(observed_at)
ORDER BY (host_reversed, endpoint, observed_at)
SETTINGS {dedup}`,

    `CREATE TABLE IF NOT EXISTS {local:endpoints} {on_cluster} (
  host_reversed String CODEC(ZSTD(1)),
  endpoint String CODEC(ZSTD(1)),
  host SimpleAggregateFunction(any, String) CODEC(ZSTD(1)),
  address SimpleAggregateFunction(any, String) CODEC(ZSTD(1)),
  port SimpleAggregateFunction(any, UInt16) CODEC(ZSTD(1)),
  server_name SimpleAggregateFunction(any, String) CODEC(ZSTD(1)),
  starttls SimpleAggregateFunction(any, LowCardinality(String)) CODEC(ZSTD(1)),
  first_seen_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  last_observed_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  last AggregateFunction(argMax, Tuple(outcome String, detail String), DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  last_ok_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT '1970: never' CODEC(ZSTD(1)),
  ok AggregateFunction(argMaxIf, Tuple(
    certificate String, issuers Array(String), tls_version String, tls_cipher String, tls_group String, tls_alpn String,
    tls_client_certificate Int8, ocsp_response String), DateTime64(3, 'UTC'), UInt8) CODEC(ZSTD(1))
)
ENGINE = {engine:Aggregating}
ORDER BY (host_reversed, endpoint)
SETTINGS {dedup}, index_granularity = 1024`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.endpoints_feed {on_cluster} TO {local:endpoints} AS
SELECT
  host_reversed,
  endpoint,
  any(host) AS host,
  any(address) AS address,
  any(port) AS port,
  any(server_name) AS server_name,
  any(starttls) AS starttls,
  min(observed_at) AS first_seen_at,
  max(observed_at) AS last_observed_at,
  argMaxState(CAST((outcome, detail), 'Tuple(outcome String, detail String)'), observed_at) AS last,
  maxIf(observed_at, certificate != '') AS last_ok_at,
  argMaxIfState(
    CAST((certificate, issuers, tls_version, tls_cipher, tls_group, tls_alpn, tls_client_certificate, ocsp_response),
      'Tuple(certificate String, issuers Array(String), tls_version String, tls_cipher String, tls_group String, tls_alpn String, tls_client_certificate Int8, ocsp_response String)'),
    observed_at, certificate != '') AS ok
FROM {local:observations}
GROUP BY host_reversed, endpoint`,

    `CREATE TABLE IF NOT EXISTS {local:served} {on_cluster} (
  certificate String CODEC(ZSTD(1)),
  endpoint String CODEC(ZSTD(1)),
  host SimpleAggregateFunction(any, String) CODEC(ZSTD(1)),
  first_seen_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  last_seen_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(ZSTD(1))
)
ENGINE = {engine:Aggregating}
ORDER BY (certificate, endpoint)
SETTINGS {dedup}`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.served_feed {on_cluster} TO {local:served} AS
SELECT certificate, endpoint, any(host) AS host, min(observed_at) AS first_seen_at, max(observed_at) AS last_seen_at
FROM {local:observations}
WHERE certificate != ''
GROUP BY certificate, endpoint`,
  ],
};
