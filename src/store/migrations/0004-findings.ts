import type { Migration } from './migration.js';

/** What is wrong and who was told: findings as they are, every state they were in, and the outbox. */
export const findings: Migration = {
  number: 4,
  name: 'findings',
  tables: [
    { name: 'findings', shardBy: 'cityHash64(id)' },
    { name: 'findings_by_time', shardBy: 'cityHash64(id)' },
    { name: 'finding_changes', shardBy: 'cityHash64(id)' },
    { name: 'deliveries', shardBy: 'cityHash64(id)' },
  ],
  statements: [
    `CREATE TABLE IF NOT EXISTS {local:findings} {on_cluster} (
  id String CODEC(ZSTD(1)),
  rule LowCardinality(String),
  severity Enum8('notice' = 1, 'warning' = 2, 'error' = 3, 'critical' = 4),
  title String CODEC(ZSTD(1)),
  subject_kind LowCardinality(String),
  subject_key String CODEC(ZSTD(1)),
  details String COMMENT 'JSON' CODEC(ZSTD(1)),
  host String COMMENT 'empty: none' CODEC(ZSTD(1)),
  certificate String COMMENT 'empty: none' CODEC(ZSTD(1)),
  state LowCardinality(String),
  revision UInt32,
  opened_at DateTime64(3, 'UTC'),
  last_seen_at DateTime64(3, 'UTC'),
  resolved_at Nullable(DateTime64(3, 'UTC')),
  changed_by String CODEC(ZSTD(1)),
  note Nullable(String) CODEC(ZSTD(1)),
  version UInt64 COMMENT 'revision, then order of writing'
)
ENGINE = {engine:Replacing(version)}
ORDER BY id
SETTINGS {settings}, index_granularity = 128, min_compress_block_size = 4096`,

    // The order of a list. A row that was overtaken may stand here still: lists ask \`findings\` which version counts.
    `CREATE TABLE IF NOT EXISTS {local:findings_by_time} {on_cluster} (
  id String CODEC(ZSTD(1)),
  rule LowCardinality(String),
  severity Enum8('notice' = 1, 'warning' = 2, 'error' = 3, 'critical' = 4),
  title String CODEC(ZSTD(1)),
  subject_kind LowCardinality(String),
  subject_key String CODEC(ZSTD(1)),
  details String CODEC(ZSTD(1)),
  host String CODEC(ZSTD(1)),
  domains Array(String) MATERIALIZED
    arrayMap(n -> arrayStringConcat(arraySlice(splitByChar('.', host), n), '.'), range(1, countSubstrings(host, '.') + 2))
    COMMENT 'the host and every domain above it' CODEC(ZSTD(1)),
  certificate String CODEC(ZSTD(1)),
  state LowCardinality(String),
  revision UInt32,
  opened_at DateTime64(3, 'UTC'),
  last_seen_at DateTime64(3, 'UTC'),
  resolved_at Nullable(DateTime64(3, 'UTC')),
  changed_by String CODEC(ZSTD(1)),
  note Nullable(String) CODEC(ZSTD(1)),
  version UInt64,
  {value_index:domains},
  {text_index:host},
  INDEX subject_key_filter subject_key TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX certificate_filter certificate TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = {engine:Replacing(version)}
ORDER BY (opened_at, id)
SETTINGS {settings}, index_granularity = 128, min_compress_block_size = 4096`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.findings_by_time_feed {on_cluster} TO {local:findings_by_time} AS
SELECT id, rule, severity, title, subject_kind, subject_key, details, host, certificate, state, revision, opened_at, last_seen_at,
  resolved_at, changed_by, note, version
FROM {local:findings}`,

    `CREATE TABLE IF NOT EXISTS {local:finding_changes} {on_cluster} (
  id String CODEC(ZSTD(1)),
  revision UInt32,
  changed_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
  finding SimpleAggregateFunction(max, Tuple(version UInt64, severity String, state String, body String)) COMMENT 'body: the row of findings as JSON' CODEC(ZSTD(1))
)
ENGINE = {engine:Aggregating}
ORDER BY (id, revision)
SETTINGS {settings}, index_granularity = 1024`,

    `CREATE TABLE IF NOT EXISTS {local:deliveries} {on_cluster} (
  id String CODEC(ZSTD(1)),
  channel LowCardinality(String),
  finding_ids Array(String) CODEC(ZSTD(1)),
  revisions Array(UInt32) CODEC(ZSTD(1)),
  state LowCardinality(String),
  attempts UInt32,
  created_at DateTime64(3, 'UTC'),
  next_attempt_at Nullable(DateTime64(3, 'UTC')),
  sent_at Nullable(DateTime64(3, 'UTC')),
  last_detail Nullable(String) CODEC(ZSTD(1)),
  version UInt64
)
ENGINE = {engine:Replacing(version)}
ORDER BY id
SETTINGS {settings}, index_granularity = 1024`,
  ],
};
