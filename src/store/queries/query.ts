import type { AnyQuery } from '../../model/query.js';

/** The SQL of a query and what it may cost. `{name:Type}` parameters stand in the SQL; dates are passed as milliseconds since 1970. */
export interface PreparedQuery<Q extends AnyQuery = AnyQuery> {
  readonly query: Q;
  /** Ordered, so that the same rows come in the same order. */
  readonly sql: string;
  /** An answer with more rows is an error: a part of it would look like the whole. */
  readonly maxRows: number;
  readonly maxSeconds: number;
  readonly maxMemoryMiB: number;
}

/** The SQL of a query whose answer is read row by row, however long it is. */
export interface StreamedQuery<Q extends AnyQuery = AnyQuery> {
  readonly query: Q;
  /** Ordered, so that the same rows come in the same order. */
  readonly sql: string;
  /**
   * It is asked for one range of SHA-256 after another where there are many certificates: the SQL limits itself to `{lower:String}` up to
   * `{upper:String}` and is ordered by SHA-256. Sorting a million joined rows at once takes more memory than a query may.
   */
  readonly isSliced?: true;
}
