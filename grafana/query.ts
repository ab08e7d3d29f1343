import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';

/** Type of the plug-in that reads ClickHouse. */
export const plugin = 'grafana-clickhouse-datasource';

/** A panel's question. */
export interface Question {
  readonly sql: string;
  /** Columns of the answer with their ClickHouse types, in order. */
  readonly columns: Readonly<Record<string, string>>;
}

/** The question as the plug-in stores it; `format` 0 is a time series, 1 a table. */
export function clickhouseQuery(sql: string, format: 0 | 1, uid: string): Builder<Dataquery> {
  const query = {
    refId: 'A',
    datasource: { type: plugin, uid },
    editorType: 'sql',
    queryType: format === 0 ? 'timeseries' : 'table',
    format,
    rawSql: sql.trim().replaceAll(/\s+/g, ' '),
  };
  return {
    build: () => query as unknown as Dataquery,
  };
}
