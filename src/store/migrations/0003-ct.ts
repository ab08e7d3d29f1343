import type { Migration } from './migration.js';

/** What was issued: matched log entries, where a certificate is logged, and how far every log was read. */
export const ct: Migration = {
  number: 3,
  name: 'ct',
  tables: [
    { name: 'ct_entries', shardBy: 'cityHash64(log_id, leaf_index)' },
    { name: 'ct_places', shardBy: 'cityHash64(log_id, leaf_index)' },
    { name: 'ct_positions', shardBy: 'cityHash64(log_id)' },
  ],
  statements: [
    `CREATE TABLE IF NOT EXISTS {local:ct_entries} {on_cluster} (
  log_id LowCardinality(String) COMMENT 'base64, as in the log list' CODEC(ZSTD(1)),
  leaf_index UInt64 CODEC(Delta, ZSTD(1)),
  timestamp DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  entry_type LowCardinality(String) CODEC(ZSTD(1)),
  sha256 String CODEC(ZSTD(1)),
  tbs_sha256 String CODEC(ZSTD(1)),
  not_after_ms Nullable(Int64) CODEC(ZSTD(1)),
  chain Array(LowCardinality(String)) CODEC(ZSTD(1)),
  verified Bool CODEC(ZSTD(1)),
  matches String COMMENT 'JSON' CODEC(ZSTD(1)),
  leaf_hash String CODEC(ZSTD(1)),
  seen_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  version UInt64 MATERIALIZED if(verified, 1, 0)
)
ENGINE = {engine:Replacing(version)}
ORDER BY (log_id, leaf_index)
SETTINGS {settings}`,

    `CREATE TABLE IF NOT EXISTS {local:ct_places} {on_cluster} (
  sha256 String CODEC(ZSTD(1)),
  log_id LowCardinality(String) CODEC(ZSTD(1)),
  leaf_index UInt64 CODEC(ZSTD(1)),
  timestamp DateTime64(3, 'UTC') CODEC(ZSTD(1)),
  entry_type LowCardinality(String) CODEC(ZSTD(1)),
  verified UInt8 CODEC(ZSTD(1)),
  not_after_ms Nullable(Int64) CODEC(ZSTD(1)),
  chain Array(LowCardinality(String)) CODEC(ZSTD(1))
)
ENGINE = {engine:Replacing(verified)}
ORDER BY (sha256, log_id, leaf_index)
SETTINGS {settings}`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.ct_places_feed {on_cluster} TO {local:ct_places} AS
SELECT sha256, log_id, leaf_index, timestamp, entry_type, toUInt8(verified) AS verified, not_after_ms, chain
FROM {local:ct_entries}`,

    `CREATE TABLE IF NOT EXISTS {local:ct_positions} {on_cluster} (
  log_id String,
  cursor LowCardinality(String),
  description String,
  operator String,
  url String,
  protocol LowCardinality(String),
  state String,
  tree_size UInt64,
  verified_index UInt64,
  follower_state String CODEC(ZSTD(1)),
  last_error String,
  entries_per_second Float64,
  lag_seconds Float64 COMMENT '0: nothing is left to read',
  eta_seconds Float64 COMMENT '-1: cannot be said',
  budget String COMMENT 'JSON: what the host may be asked; null: not known',
  updated_at DateTime64(3, 'UTC'),
  version UInt64
)
ENGINE = {engine:Replacing(version)}
ORDER BY (log_id, cursor)
SETTINGS {settings}`,
  ],
};
