import type { AnyQuery, AskStore, ParametersOf, RowOf } from '../../model/query.js';
import type { Database } from '../database.js';
import { preparedQueries } from './index.js';
import type { PreparedQuery } from './query.js';
import { sqlParameters } from './sql-parameters.js';

/** Asks prepared queries: parameters and rows are checked against the shapes the query names. */
export function createAsk(
  database: Pick<Database, 'rows' | 'heavily'>,
  queries: readonly PreparedQuery[] = preparedQueries,
): AskStore {
  return async function ask<Q extends AnyQuery>(
    query: Q,
    parameters: ParametersOf<Q>,
  ): Promise<readonly RowOf<Q>[]> {
    const prepared = queries.find((one) => one.query === query);
    if (prepared === undefined) throw new Error(`the store has no SQL for the query ${query.name}`);
    const { sql, maxRows, maxSeconds, maxMemoryMiB } = prepared;
    const values = sqlParameters(query.parameters.parse(parameters));
    const rows = await database.heavily(() =>
      database.rows(`${sql}\nLIMIT ${maxRows + 1}`, values, { maxSeconds, maxMemoryMiB }),
    );
    if (rows.length > maxRows) throw new Error(`${query.name} has more than ${maxRows} rows`);
    return rows.map((row) => query.row.parse(row) as RowOf<Q>);
  };
}
