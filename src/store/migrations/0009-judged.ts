import type { Migration } from './migration.js';

/** When the judgement of an endpoint or issuance has to be repeated because the time has come, and what an endpoint served when it was judged. */
export const judged: Migration = {
  number: 9,
  name: 'judged',
  tables: [{ name: 'judged', shardBy: 'cityHash64(key)' }],
  statements: [
    `CREATE TABLE IF NOT EXISTS {local:judged} {on_cluster} (
  kind LowCardinality(String) COMMENT 'endpoint, issuance',
  key String CODEC(ZSTD(1)),
  due_at Nullable(DateTime64(3, 'UTC')) COMMENT 'NULL: nothing changes by time alone' CODEC(ZSTD(1)),
  issuances Array(String) COMMENT 'of an endpoint: keys of the issuances it served' CODEC(ZSTD(1)),
  version UInt64
)
ENGINE = {engine:Replacing(version)}
ORDER BY (kind, key)
SETTINGS {settings}, index_granularity = 1024`,
  ],
};
