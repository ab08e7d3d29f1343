import type { Migration } from './migration.js';

const places = `ADD COLUMN IF NOT EXISTS chain String COMMENT 'empty: written before there were chains' CODEC(ZSTD(1)),
  ADD COLUMN IF NOT EXISTS number UInt64 COMMENT 'place in the chain, from 1' CODEC(ZSTD(1))`;
const hashes = `ADD COLUMN IF NOT EXISTS previous String COMMENT 'hash of the entry before' CODEC(ZSTD(1)),
  ADD COLUMN IF NOT EXISTS hash String COMMENT 'SHA-256 of the entry and of what it follows' CODEC(ZSTD(1))`;

/** The audit trail as a chain of hashes, and records that people keep: incidents and reviews. */
export const records: Migration = {
  number: 12,
  name: 'records',
  tables: [{ name: 'records', shardBy: 'cityHash64(id)' }],
  statements: [
    // Two entries may say the same at the same moment: their numbers keep them apart. Only a new column may join the order.
    `ALTER TABLE {local:audit} {on_cluster}
  ${places},
  ${hashes},
  MODIFY ORDER BY (at, actor, action, subject, details, chain, number)`,

    `ALTER TABLE {db}.audit {on_cluster}
  ${places},
  ${hashes}`,

    `CREATE TABLE IF NOT EXISTS {local:records} {on_cluster} (
  kind LowCardinality(String) COMMENT 'incident, review',
  id String,
  changed_at DateTime64(3, 'UTC'),
  body String COMMENT 'JSON' CODEC(ZSTD(3)),
  version UInt64
)
ENGINE = {engine:Replacing(version)}
ORDER BY (kind, id)
SETTINGS {settings}`,
  ],
};
