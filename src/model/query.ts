import type { z } from 'zod';

/** The name and shape of a question to the store; its SQL stands in src/store/queries. `P` are its parameters, `R` one row of its answer. */
export interface Query<P extends z.ZodObject, R extends z.ZodObject> {
  readonly name: string;
  /** One sentence: what the rows are, and what they are ordered by. */
  readonly description: string;
  readonly parameters: P;
  /** Checked for each row at the store's border; use {@link count} and {@link instant} for what arrives as text. */
  readonly row: R;
}

/** Any query. */
export type AnyQuery = Query<z.ZodObject, z.ZodObject>;

/** The parameters a query takes. */
export type ParametersOf<Q extends AnyQuery> = z.infer<Q['parameters']>;

/** One row of its answer. */
export type RowOf<Q extends AnyQuery> = z.infer<Q['row']>;

/** Runs a query. Rejects when it fails, takes too long, has more rows than it may, or a row does not have the shape. */
export type AskStore = <Q extends AnyQuery>(
  query: Q,
  parameters: ParametersOf<Q>,
) => Promise<readonly RowOf<Q>[]>;

/** Streams the rows of a query, however many. Throws when the query fails, half-way through as well, or a row does not have the shape. */
export type StreamRows = <Q extends AnyQuery>(
  query: Q,
  parameters: ParametersOf<Q>,
) => AsyncIterable<RowOf<Q>>;
