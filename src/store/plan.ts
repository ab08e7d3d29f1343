import type { StoreConfig } from './config.js';
import { dialectOf, render, type Dialect } from './dialect.js';
import { createDatabase, preamble, statementsOf } from './migrate.js';
import { migrations } from './migrations/index.js';
import { retentionStatements } from './retention.js';

/** What the service itself needs to do in its database, for a user made for it. */
const ownerRights =
  'SELECT, INSERT, CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW, ALTER UPDATE, ALTER DELETE, ALTER TABLE, OPTIMIZE, BACKUP';

/** Families of tables in the schema. */
const families = ['Replacing', 'Aggregating'];

/** The engines the service makes tables with: where a server wants to be asked, each needs a grant of its own. */
function engines({ mode }: Dialect): readonly string[] {
  const prefix = mode === 'cluster' ? 'Replicated' : '';
  const tables = families.map((family) => `${prefix}${family}MergeTree`);
  return [...tables, ...(mode === 'cluster' ? ['Distributed'] : [])];
}

/** Every statement that makes the schema of a configuration, in order; each may be repeated. */
export function schemaStatements(config: StoreConfig): readonly string[] {
  const dialect = dialectOf(config);
  return [
    createDatabase(dialect),
    ...preamble(dialect),
    ...migrations.flatMap((migration) => statementsOf(dialect, migration)),
    ...retentionStatements(dialect, config.retentionDays),
  ];
}

/** Roles for the service and for readers such as Grafana, to be granted to users of the server. */
export function roleStatements(config: StoreConfig): readonly string[] {
  const dialect = dialectOf(config);
  return [
    'CREATE ROLE IF NOT EXISTS certglass_service {on_cluster}',
    `GRANT {on_cluster} ${ownerRights} ON {db}.* TO certglass_service`,
    'GRANT {on_cluster} SELECT ON system.* TO certglass_service',
    ...engines(dialect).map((engine) => `GRANT {on_cluster} TABLE ENGINE ON ${engine} TO certglass_service`),
    'CREATE ROLE IF NOT EXISTS certglass_reader {on_cluster} SETTINGS readonly = 2, max_execution_time = 30, max_memory_usage = 1000000000',
    'GRANT {on_cluster} SELECT ON {db}.* TO certglass_reader',
  ].map((statement) => render(dialect, statement));
}
