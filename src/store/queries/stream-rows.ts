import { createInterface } from 'node:readline';
import type { AnyQuery, ParametersOf, RowOf, StreamRows } from '../../model/query.js';
import type { Database } from '../database.js';
import { incidentQueries } from './incidents.js';
import { populationQueries } from './populations.js';
import type { StreamedQuery } from './query.js';
import { sqlParameters } from './sql-parameters.js';

const streamedQueries = [...populationQueries, ...incidentQueries];

/** Streams the rows of prepared queries, each checked against the shape the query names. */
export function createStreamRows(
  database: Pick<Database, 'stream'>,
  queries: readonly StreamedQuery[] = streamedQueries,
): StreamRows {
  return async function* stream<Q extends AnyQuery>(
    query: Q,
    parameters: ParametersOf<Q>,
  ): AsyncGenerator<RowOf<Q>> {
    const prepared = queries.find((one) => one.query === query);
    if (prepared === undefined) throw new Error(`the store has no SQL for the query ${query.name}`);
    const values = sqlParameters(query.parameters.parse(parameters));
    const answer = await database.stream(`${prepared.sql}\nFORMAT JSONEachRow`, values);
    try {
      for await (const line of createInterface({ input: answer, crlfDelay: Infinity }))
        if (line !== '') yield query.row.parse(JSON.parse(line)) as RowOf<Q>;
    } finally {
      answer.destroy();
    }
  };
}
