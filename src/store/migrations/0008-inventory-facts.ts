import type { Migration } from './migration.js';

/** Columns that came with connectors to systems that know more than which certificates there are. */
const itemColumns = [
  `environment LowCardinality(String) COMMENT 'empty: not known'`,
  `tags Array(LowCardinality(String))`,
  `names Array(String) COMMENT 'host names, as the source says' CODEC(ZSTD(1))`,
  `in_use_by Array(String) COMMENT 'in words of the source' CODEC(ZSTD(1))`,
  `status LowCardinality(String) COMMENT 'in words of the source; empty: it has none'`,
  `renewal String DEFAULT '' COMMENT 'JSON; empty: the source does not speak of it' CODEC(ZSTD(1))`,
  `renewal_failed_at Nullable(DateTime64(3, 'UTC')) COMMENT 'null: renewal does not fail'`,
];

const add = (columns: readonly string[]): string =>
  columns.map((column) => `ADD COLUMN IF NOT EXISTS ${column}`).join(',\n  ');

const both = (table: string, columns: readonly string[]): string[] =>
  [`{local:${table}}`, `{db}.${table}`].map((name) => `ALTER TABLE ${name} {on_cluster}\n  ${add(columns)}`);

/** Inventory items with environment, tags, use and renewal; runs with notes. */
export const inventoryFacts: Migration = {
  number: 8,
  name: 'inventory-facts',
  tables: [],
  statements: [
    ...both('inventory_items', itemColumns),
    ...both('inventory_runs', [
      `notes Array(String) COMMENT 'what was passed over on purpose' CODEC(ZSTD(1))`,
    ]),

    `CREATE OR REPLACE VIEW {db}.inventory_runs_now {on_cluster} AS
SELECT source, started_at, finished_at, complete, items, errors, notes
FROM {db}.inventory_runs FINAL
ORDER BY source, started_at DESC
LIMIT 1 BY source`,

    `CREATE OR REPLACE VIEW {db}.inventory_now {on_cluster} AS
SELECT source, reference, sha256, spki_sha256, tbs_sha256, issuer_sha256, serial_number, owner, labels, environment, tags, names,
  in_use_by, status, renewal, renewal_failed_at
FROM {db}.inventory_items
WHERE (source, run_at) IN (SELECT source, max(started_at) FROM {db}.inventory_runs WHERE complete GROUP BY source)
LIMIT 1 BY source, reference, sha256, spki_sha256, serial_number`,
  ],
};
