/** One numbered step of the schema; it never changes once released. Statements are templates (see dialect.ts) and may be repeated. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  /** Tables of this step that hold rows, and what spreads them over the shards of a cluster. */
  readonly tables: readonly { readonly name: string; readonly shardBy: string }[];
  readonly statements: readonly string[];
}

/** The day (UTC) of a time in milliseconds since 1970, as a DateTime, which holds 1970 to 2106; SQL. */
export function dayOf(milliseconds: string): string {
  return `toStartOfDay(toDateTime(least(greatest(intDiv(${milliseconds}, 1000), 0), 4294857600), 'UTC'))`;
}
