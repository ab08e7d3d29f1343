import type { StreamRows } from '../model/query.js';
import type { ReportScope } from '../model/reporting.js';

/** Whose a thing is, as policy or inventory say; null and empty: nobody said. */
export interface Ownership {
  readonly owner: string | null;
  readonly environment: string | null;
  readonly tags: readonly string[];
}

/** What a report is made from. */
export interface ReportInput {
  readonly from: Date;
  readonly to: Date;
  readonly scope: ReportScope;
  readonly streamRows: StreamRows;
  /** Whose the certificate or endpoint with these names is. */
  ownership(names: readonly string[]): Ownership;
}

/** A value in a table. Texts are hostile: what shows them escapes them. */
export type Cell = string | number | Date | null | readonly string[];

/** One row, by the keys of its columns. */
export type Row = Readonly<Record<string, Cell>>;

/** One column of a table. */
export interface Column {
  readonly key: string;
  readonly title: string;
  readonly isNumber?: true;
}

/** One table of a report. Its rows can be read several times, as a stream: there may be a million. */
export interface ReportTable {
  /** Name of its file. */
  readonly id: string;
  readonly title: string;
  /** What the rows are, in one sentence. */
  readonly note: string;
  readonly columns: readonly Column[];
  /** As it is when the report is made, not as it was in the period. */
  readonly isPresent?: true;
  rows(): AsyncIterable<Row>;
}

/** One number on the first page. */
export interface Figure {
  readonly label: string;
  /** null: cannot be said from what is stored. */
  readonly value: number | string | null;
  readonly unit: string;
}

/** What a report says. */
export interface ReportContent {
  readonly figures: readonly Figure[];
  readonly tables: readonly ReportTable[];
}

/** A report: what it is called, what it cannot show, and how it is made. */
export interface Report {
  /** File name, and the name in commands and the API. */
  readonly id: string;
  readonly title: string;
  /** What it answers, in one or two sentences. */
  readonly description: string;
  /** What a reader might expect and a scan cannot know, a sentence each. */
  readonly cannotShow: readonly string[];
  build(input: ReportInput): Promise<ReportContent>;
}
