import type { Migration } from './migration.js';

/** What the network answered about certificates and names: one row for as long as an answer stays the same. */
export const answers: Migration = {
  number: 10,
  name: 'answers',
  tables: [{ name: 'answers', shardBy: 'cityHash64(question, key)' }],
  statements: [
    `CREATE TABLE IF NOT EXISTS {local:answers} {on_cluster} (
  question LowCardinality(String) COMMENT 'revocation, crl, caa, name, renewal-window',
  key String COMMENT 'SHA-256 of a certificate, URL, domain or name' CODEC(ZSTD(1)),
  since DateTime64(3, 'UTC') COMMENT 'when the answer was given first' CODEC(ZSTD(1)),
  checked_at DateTime64(3, 'UTC') COMMENT 'when it was given last' CODEC(ZSTD(1)),
  outcome LowCardinality(String),
  body String COMMENT 'JSON: the whole answer' CODEC(ZSTD(1)),
  version UInt64 CODEC(ZSTD(1))
)
ENGINE = {engine:Replacing(version)}
ORDER BY (question, key, since)
SETTINGS {settings}`,

    `CREATE OR REPLACE VIEW {db}.answers_now {on_cluster} AS
SELECT question, key, tupleElement(last, 1) AS outcome, tupleElement(last, 2) AS since,
  tupleElement(last, 3) AS checked_at, tupleElement(last, 4) AS body
FROM (SELECT question, key, argMax((outcome, since, checked_at, body), (since, version)) AS last
  FROM {db}.answers GROUP BY question, key)`,
  ],
};
