import type { StoreConfig } from './config.js';

/**
 * What differs between the embedded engine, a server and a cluster. Statements are written once with placeholders:
 * `{db}` the database; `{on_cluster}`; `{engine:Replacing(version)}` a MergeTree of that family, replicated in a cluster;
 * `{text_index:column}` an index that finds parts of a text, `{value_index:column}` one that finds values in an array of texts;
 * `{local:name}` a table that holds rows itself, which in a cluster has another name than the Distributed table in front of it.
 */
export interface Dialect {
  readonly mode: StoreConfig['mode'];
  readonly database: string;
  readonly cluster: string;
  /** The engine has text indexes (26.2 and later); without them names are searched through an n-gram filter. */
  readonly textIndex: boolean;
}

/** The dialect a configuration asks for, of an engine of this version. */
export function dialectOf(config: StoreConfig, version = '26.7'): Dialect {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const textIndex = major > 26 || (major === 26 && minor >= 2);
  return { mode: config.mode, database: config.database, cluster: config.cluster, textIndex };
}

/** A statement with its placeholders filled in. */
export function render(dialect: Dialect, template: string): string {
  const inCluster = dialect.mode === 'cluster';
  return template
    .replaceAll('{db}', quote(dialect.database))
    .replaceAll('{on_cluster}', inCluster ? `ON CLUSTER ${quote(dialect.cluster)}` : '')
    .replace(/\{text_index:(\w+)\}/g, (_, column: string) =>
      dialect.textIndex
        ? `INDEX ${column}_text ${column} TYPE text(tokenizer = ngrams(3))`
        : `INDEX ${column}_text ${column} TYPE ngrambf_v1(3, 32768, 3, 7) GRANULARITY 1`,
    )
    .replace(/\{value_index:(\w+)\}/g, (_, column: string) =>
      dialect.textIndex
        ? `INDEX ${column}_values ${column} TYPE text(tokenizer = array)`
        : `INDEX ${column}_values ${column} TYPE bloom_filter(0.01) GRANULARITY 1`,
    )
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
