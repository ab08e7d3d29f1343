import type { Migration } from './migration.js';

/** What deliveries say: stored before it is sent, so that every try has the same content. */
export const deliveryMessages: Migration = {
  number: 11,
  name: 'delivery-messages',
  tables: [{ name: 'delivery_messages', shardBy: 'cityHash64(id)' }],
  statements: [
    `CREATE TABLE IF NOT EXISTS {local:delivery_messages} {on_cluster} (
  id String COMMENT 'of the delivery' CODEC(ZSTD(1)),
  channel LowCardinality(String),
  thread String COMMENT 'messages with one thread belong together' CODEC(ZSTD(1)),
  created_at DateTime64(3, 'UTC'),
  body String COMMENT 'JSON' CODEC(ZSTD(3)),
  version UInt64
)
ENGINE = {engine:Replacing(version)}
ORDER BY id
SETTINGS {settings}, index_granularity = 64`,
  ],
};
