/** A prepared query that may be run by name. `{name:Type}` parameters stand in the SQL. */
export interface NamedQuery {
  readonly name: string;
  readonly description: string;
  readonly sql: string;
  /** A result with more rows is cut off there. */
  readonly maxRows: number;
  readonly maxSeconds: number;
  readonly maxMemoryMiB: number;
}
