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
  database: Pick<Database, 'stream' | 'rows'>,
  queries: readonly StreamedQuery[] = streamedQueries,
): StreamRows {
  return async function* stream<Q extends AnyQuery>(
    query: Q,
    parameters: ParametersOf<Q>,
  ): AsyncGenerator<RowOf<Q>> {
    const prepared = queries.find((one) => one.query === query);
    if (prepared === undefined) throw new Error(`the store has no SQL for the query ${query.name}`);
    const values = sqlParameters(query.parameters.parse(parameters));
    const slices = prepared.isSliced === true ? slicesOf(await certificateCount(database)) : [{}];
    for (const slice of slices) {
      const answer = await database.stream(`${prepared.sql}\nFORMAT JSONEachRow`, { ...values, ...slice });
      try {
        for await (const line of createInterface({ input: answer, crlfDelay: Infinity }))
          if (line !== '') yield query.row.parse(JSON.parse(line)) as RowOf<Q>;
      } finally {
        answer.destroy();
      }
    }
  };
}

async function certificateCount(database: Pick<Database, 'rows'>): Promise<number> {
  const [row] = await database.rows<{ rows: string }>('SELECT count() AS rows FROM certificates');
  return Number(row?.rows ?? 0);
}

interface Slice {
  readonly lower: string;
  readonly upper: string;
}

/** Ranges of SHA-256 in hex with at most some hundred thousand certificates each. */
export function slicesOf(certificates: number): readonly Slice[] {
  const digits = certificates <= 100_000 ? 0 : certificates <= 2_000_000 ? 1 : 2;
  const count = 16 ** digits;
  const border = (index: number): string => index.toString(16).padStart(digits, '0');
  return Array.from({ length: count }, (_, index) => ({
    lower: index === 0 ? '' : border(index),
    // Past every digit.
    upper: index === count - 1 ? 'g' : border(index + 1),
  }));
}
