import type { ViewColumn } from '../output.js';

/** How a list of a running service is shown. */
export interface View<Row> {
  /** Below `/api/v1`. */
  readonly path: string;
  /** The service answers with everything at once, in one page. */
  readonly isWhole?: true;
  /** Parameters that make the list what the columns show; left out where its items are printed as they come. */
  readonly query?: Readonly<Record<string, string>>;
  /** Filters that hold unless others are given for their keys; `--all` takes them away. */
  readonly usually?: Readonly<Record<string, string>>;
  columns(now: Date): readonly ViewColumn<Row>[];
  /** Keys of the columns that are shown unless others are asked for. */
  readonly usual: readonly string[];
  /** Order unless another is asked for, as for `--sort`; null: as the service gives the items. */
  readonly sort: string | null;
  /** What is said of a list without items. */
  readonly empty: string;
  /** Rows left out unless `--all`, and what the closing line calls them, for example `never answered`. */
  readonly hides?: { readonly what: string; isHidden(row: Row): boolean };
}

/** A view of whatever rows. */
export type AnyView = View<never>;

/** A date as it arrives over HTTP; null stays null. */
export function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
