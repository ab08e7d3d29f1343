import type { Migration } from './migration.js';

/** Columns of a finding that came with owners, exceptions and reasons; defaults are for rows written before. */
const added = [
  `cause String DEFAULT id COMMENT 'the same for findings that belong together' CODEC(ZSTD(1))`,
  `evidence String DEFAULT '[]' COMMENT 'JSON' CODEC(ZSTD(1))`,
  `due_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when it hurts'`,
  `owner LowCardinality(String) COMMENT 'empty: none'`,
  `environment LowCardinality(String) COMMENT 'empty: none'`,
  `tags Array(LowCardinality(String))`,
  `change LowCardinality(String) DEFAULT if(state = 'open', 'opened', state) COMMENT 'what this revision changed'`,
  `until Nullable(DateTime64(3, 'UTC')) COMMENT 'end of a silence or an acceptance'`,
  `resolution LowCardinality(String) DEFAULT if(state = 'resolved', 'fixed', '') COMMENT 'empty: not resolved'`,
  `first_seen_at DateTime64(3, 'UTC') DEFAULT opened_at`,
  `assignee String CODEC(ZSTD(1))`,
  `ticket String CODEC(ZSTD(1))`,
];

const addColumns = added.map((column) => `ADD COLUMN IF NOT EXISTS ${column}`).join(',\n  ');

const columns = `id, rule, severity, title, subject_kind, subject_key, details, host, certificate, state, revision, opened_at, last_seen_at,
  resolved_at, changed_by, note, cause, evidence, due_at, owner, environment, tags, change, until, resolution, first_seen_at,
  assignee, ticket`;

/** Findings with cause, evidence, owner, exceptions, and why they were resolved. */
export const findingLife: Migration = {
  number: 7,
  name: 'finding-life',
  tables: [],
  statements: [
    // A table that holds rows and, in a cluster, the one in front of it; elsewhere both are one, and the second statement does nothing.
    ...['{local:findings}', '{db}.findings', '{local:findings_by_time}', '{db}.findings_by_time'].map(
      (table) => `ALTER TABLE ${table} {on_cluster}\n  ${addColumns}`,
    ),

    `DROP VIEW IF EXISTS {db}.findings_by_time_feed {on_cluster} SYNC`,

    `CREATE MATERIALIZED VIEW IF NOT EXISTS {db}.findings_by_time_feed {on_cluster} TO {local:findings_by_time} AS
SELECT ${columns}, version
FROM {local:findings}`,

    `CREATE OR REPLACE VIEW {db}.findings_now {on_cluster} AS
SELECT ${columns}
FROM {db}.findings FINAL`,
  ],
};
