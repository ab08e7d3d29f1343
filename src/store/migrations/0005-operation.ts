import type { Migration } from './migration.js';

/** What the operator believes to own, and what the service did: inventories, scans, schedules, audit. */
export const operation: Migration = {
  number: 5,
  name: 'operation',
  tables: [
    { name: 'inventory_items', shardBy: 'cityHash64(source)' },
    { name: 'inventory_runs', shardBy: 'cityHash64(source)' },
    { name: 'scans', shardBy: 'cityHash64(id)' },
    { name: 'schedule_runs', shardBy: 'cityHash64(name)' },
    { name: 'audit', shardBy: 'cityHash64(subject)' },
  ],
  statements: [
    `CREATE TABLE IF NOT EXISTS {local:inventory_items} {on_cluster} (
  source LowCardinality(String),
  run_at DateTime64(3, 'UTC') COMMENT 'start of the run that read it',
  reference String CODEC(ZSTD(1)),
  sha256 String COMMENT 'empty identities: not known to the source' CODEC(ZSTD(1)),
  sha1 String CODEC(ZSTD(1)),
  spki_sha256 String CODEC(ZSTD(1)),
  tbs_sha256 String CODEC(ZSTD(1)),
  issuer_sha256 String CODEC(ZSTD(1)),
  serial_number String CODEC(ZSTD(1)),
  owner Nullable(String) CODEC(ZSTD(1)),
  labels Map(String, String) CODEC(ZSTD(1)),
  INDEX by_sha256 sha256 TYPE bloom_filter(0.01) GRANULARITY 4,
  INDEX by_spki spki_sha256 TYPE bloom_filter(0.01) GRANULARITY 4
)
ENGINE = {engine:Replacing}
ORDER BY (source, run_at, reference, sha256, spki_sha256, serial_number)
SETTINGS {settings}`,

    `CREATE TABLE IF NOT EXISTS {local:inventory_runs} {on_cluster} (
  source String,
  started_at DateTime64(3, 'UTC'),
  finished_at DateTime64(3, 'UTC'),
  complete Bool,
  items UInt64,
  errors Array(String) CODEC(ZSTD(1)),
  version UInt64
)
ENGINE = {engine:Replacing(version)}
ORDER BY (source, started_at)
SETTINGS {settings}`,

    `CREATE TABLE IF NOT EXISTS {local:scans} {on_cluster} (
  id String,
  name String,
  started_at DateTime64(3, 'UTC'),
  finished_at Nullable(DateTime64(3, 'UTC')),
  targets UInt64,
  outcomes Map(String, UInt64),
  resume Nullable(String) CODEC(ZSTD(1)),
  version UInt64
)
ENGINE = {engine:Replacing(version)}
ORDER BY id
SETTINGS {settings}`,

    `CREATE TABLE IF NOT EXISTS {local:schedule_runs} {on_cluster} (
  name String,
  started_at DateTime64(3, 'UTC'),
  version UInt64
)
ENGINE = {engine:Replacing(version)}
ORDER BY name
SETTINGS {settings}`,

    `CREATE TABLE IF NOT EXISTS {local:audit} {on_cluster} (
  at DateTime64(3, 'UTC'),
  actor String,
  action LowCardinality(String),
  subject String CODEC(ZSTD(1)),
  details String COMMENT 'JSON' CODEC(ZSTD(1))
)
ENGINE = {engine:Replacing}
PARTITION BY toYear(at)
ORDER BY (at, actor, action, subject, details)
SETTINGS {settings}`,
  ],
};
