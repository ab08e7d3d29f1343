import type { Total } from '../console-reader.js';
import type { Database, Parameters } from '../database.js';

/** Counting goes on this far. */
const mostCounted = 10_000_000;
/** Counting is a courtesy: it may not take long. */
const maxSeconds = 2;
/** TIMEOUT_EXCEEDED, MEMORY_LIMIT_EXCEEDED, TOO_MANY_ROWS. */
const tooMuch = new Set(['159', '241', '158']);

/** How many rows a query without LIMIT has; a lower bound when there are very many, null when counting takes too long. */
export async function countRows(database: Database, sql: string, parameters: Parameters): Promise<Total> {
  try {
    const [row] = await database.rows<{ total: string }>(
      `SELECT count() AS total FROM (${sql} LIMIT ${mostCounted})`,
      parameters,
      { maxSeconds },
    );
    const total = Number(row?.total);
    return { total, partial: total === mostCounted };
  } catch (error) {
    if (error instanceof Error && 'code' in error && tooMuch.has(String(error.code)))
      return { total: null, partial: true };
    throw error;
  }
}
