import type { Answer, AnswerTo, Question } from '../../model/network.js';
import type { Database } from '../database.js';
import type { AnswerFilter } from '../reader.js';
import { toAnswer } from '../rows/answer.js';
import type { Page, PageRequest } from '../store.js';
import { allOf, keyOfCursor, rowsFor, toPage } from './keyset.js';

const pageRows = 5_000;

/** The present answers to a question, by key. */
export async function listAnswers(
  database: Database,
  filter: AnswerFilter,
  page: PageRequest,
): Promise<Page<Answer>> {
  const after = keyOfCursor('answers', page.cursor, ['text']);
  const where = allOf([
    ['question = {question:String}', { question: filter.question }],
    ['key = {key:String}', { key: filter.key }],
    ['key > {after:String}', { after: after?.[0] }],
  ]);
  const having = allOf([
    ['argMax(outcome, (since, version)) = {outcome:String}', { outcome: filter.outcome }],
  ]);
  const rows = await database.rows<{ readonly key: string; readonly body: string }>(
    `SELECT key, argMax(body, (since, version)) AS body FROM answers WHERE ${where.sql}
     GROUP BY question, key HAVING ${having.sql} ORDER BY key LIMIT {limit:UInt32}`,
    { ...where.parameters, ...having.parameters, limit: rowsFor(page) },
  );
  return toPage(
    'answers',
    page,
    rows,
    ({ body }) => toAnswer(body),
    (row) => [row.key],
  );
}

/** Every answer to a question about a key, oldest first; at most 1,000. */
export async function answerHistory<Q extends Question>(
  database: Database,
  question: Q,
  key: string,
): Promise<readonly AnswerTo<Q>[]> {
  const rows = await database.rows<{ readonly body: string }>(
    `SELECT argMax(body, version) AS body FROM answers
     WHERE question = {question:String} AND key = {key:String}
     GROUP BY since ORDER BY since DESC LIMIT 1000`,
    { question, key },
  );
  return rows.map(({ body }) => toAnswer(body) as AnswerTo<Q>).reverse();
}

/** The present answers to a question, streamed; about all keys, or about these. */
export async function* presentAnswers<Q extends Question>(
  database: Database,
  question: Q,
  keys?: readonly string[],
): AsyncGenerator<AnswerTo<Q>, void, void> {
  const isSome = keys !== undefined;
  for (let after = '', isFirst = true; ; isFirst = false) {
    const rows: readonly { readonly key: string; readonly body: string }[] = await database.rows(
      `SELECT key, argMax(body, (since, version)) AS body FROM answers
       WHERE question = {question:String} AND ({first:Bool} OR key > {after:String})
         ${isSome ? 'AND key IN {keys:Array(String)}' : ''}
       GROUP BY key ORDER BY key LIMIT {limit:UInt32}`,
      { question, first: isFirst, after, limit: pageRows, ...(isSome ? { keys } : {}) },
    );
    for (const { body } of rows) yield toAnswer(body) as AnswerTo<Q>;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    after = last.key;
  }
}

/** SHA-256 of every certificate with a name at or under these domains that has not expired, each once for a name. */
export async function* certificatesUnder(
  database: Database,
  domains: readonly string[],
  now: Date,
): AsyncGenerator<string, void, void> {
  for (const domain of domains) {
    let after: readonly [string, string] = ['', ''];
    for (;;) {
      const rows: readonly { readonly reversed: string; readonly sha256: string }[] = await database.rows(
        `SELECT base64Encode(name_reversed) AS reversed, sha256 FROM certificate_names
         WHERE (name_reversed = reverse({domain:String}) OR startsWith(name_reversed, reverse(concat('.', {domain:String}))))
           AND (name_reversed, lower(hex(certificate))) > (base64Decode({name:String}), {certificate:String})
           AND not_after > fromUnixTimestamp64Milli({now:Int64})
         ORDER BY name_reversed, lower(hex(certificate)) LIMIT {limit:UInt32}`,
        { domain, name: after[0], certificate: after[1], now: now.getTime(), limit: pageRows },
      );
      for (const { sha256 } of rows) yield sha256;
      const last = rows.at(-1);
      if (last === undefined || rows.length < pageRows) break;
      after = [last.reversed, last.sha256];
    }
  }
}
