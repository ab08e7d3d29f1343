import { caaAnswers } from '../../model/queries/caa-answers.js';
import type { PreparedQuery } from './query.js';

/** See {@link caaAnswers}. */
export const caaAnswersQuery: PreparedQuery<typeof caaAnswers> = {
  query: caaAnswers,
  sql: `
SELECT key AS domain, outcomes[1] AS outcome, toString(toUnixTimestamp64Milli(sinces[1])) AS since,
  toString(toUnixTimestamp64Milli(checks[1])) AS checkedAt, bodies[1] AS answer, bodies[2] AS before
FROM (
  SELECT key, arrayReverseSort(row -> row.1, groupArray((since, checked_at, outcome, body))) AS rows,
    arrayMap(row -> row.1, rows) AS sinces, arrayMap(row -> row.2, rows) AS checks,
    arrayMap(row -> row.3, rows) AS outcomes, arrayMap(row -> row.4, rows) AS bodies
  FROM (SELECT key, since, argMax(checked_at, version) AS checked_at, argMax(outcome, version) AS outcome, argMax(body, version) AS body
    FROM answers WHERE question = 'caa' GROUP BY key, since)
  WHERE outcome != 'failed'
  GROUP BY key)
ORDER BY domain`,
  maxRows: 100000,
  maxSeconds: 60,
  maxMemoryMiB: 400,
};
