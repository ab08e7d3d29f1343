import type { StoreConfig } from './config.js';

/**
 * What differs between the embedded engine, a server and a cluster. Statements are written once with placeholders:
 * `{db}` the database; `{on_cluster}`; `{engine:Replacing(version)}` a MergeTree of that family, replicated in a cluster;
 * `{local:name}` a table that holds rows itself, which in a cluster has another name than the Distributed table in front of it.
 */
export interface Dialect {
  readonly mode: StoreConfig['mode'];
  readonly database: string;
  readonly cluster: string;
}

/** The dialect a configuration asks for. */
export function dialectOf(config: StoreConfig): Dialect {
  return { mode: config.mode, database: config.database, cluster: config.cluster };
}

/** A statement with its placeholders filled in. */
export function render(dialect: Dialect, template: string): string {
  const inCluster = dialect.mode === 'cluster';
  return template
    .replaceAll('{db}', quote(dialect.database))
    .replaceAll('{on_cluster}', inCluster ? `ON CLUSTER ${quote(dialect.cluster)}` : '')
    .replace(
      /\{local:(\w+)\}/g,
      (_, name: string) => `${quote(dialect.database)}.${localName(dialect, name)}`,
    )
    .replace(/\{engine:(\w*)(?:\(([^)]*)\))?\}/g, (_, family: string, args: string | undefined) =>
      inCluster
        ? `Replicated${family}MergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}'${args === undefined ? '' : `, ${args}`})`
        : `${family}MergeTree(${args ?? ''})`,
    )
    .replace(/[ \t]+$/gm, '');
}

/** Name of the table that holds the rows of `name`. */
export function localName(dialect: Dialect, name: string): string {
  return dialect.mode === 'cluster' ? `${name}_local` : name;
}

/** A table in front of `name` that spreads rows over the shards by `shardBy`; null where there is only one server. */
export function distributed(dialect: Dialect, name: string, shardBy: string): string | null {
  if (dialect.mode !== 'cluster') return null;
  const local = localName(dialect, name);
  return render(
    dialect,
    `CREATE TABLE IF NOT EXISTS {db}.${name} {on_cluster} AS {db}.${local}\n` +
      `ENGINE = Distributed(${quote(dialect.cluster)}, {db}, ${local}, ${shardBy})`,
  );
}

function quote(identifier: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(identifier)
    ? identifier
    : `\`${identifier.replace(/[\\`]/g, '\\$&')}\``;
}
