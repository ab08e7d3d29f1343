import { csvLine } from '../lib/csv.js';
import { jsonLine } from '../lib/json-line.js';
import { escapeHtml, printable } from '../lib/printable.js';
import type { Colour, Look } from './look.js';
import { renderTable } from './table.js';

/** Forms a list can be printed in. */
export const outputFormats = ['table', 'json', 'ndjson', 'csv', 'markdown', 'html'] as const;

/** One of {@link outputFormats}. */
export type OutputFormat = (typeof outputFormats)[number];

/** One column of a list. */
export interface ViewColumn<Row> {
  /** Name for `--columns` and `--sort`. */
  readonly key: string;
  readonly title: string;
  /** What a person reads; hostile or not. */
  text(row: Row): string;
  /** What is sorted by and what programs get; dates as ISO text. Default: the text. */
  value?(row: Row): string | number | null;
  readonly minWidth?: number;
  /** Left out of a table when the terminal is narrow. */
  readonly optional?: true;
  colour?(row: Row): Colour | null;
}

/** What of a list is printed, and how. */
export interface ViewOptions {
  readonly format: OutputFormat;
  /** Keys of columns; null: the usual ones. */
  readonly columns: readonly string[] | null;
  /** Key of a column, `-` before it turns the order; null: as the rows come. */
  readonly sort: string | null;
}

/** Rows in the order asked for. Missing values come last. Throws when there is no such column. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly ViewColumn<Row>[],
  sort: string | null,
): readonly Row[] {
  if (sort === null) return rows;
  const column = columnOf(columns, sort.replace(/^-/, ''), '--sort');
  const turn = sort.startsWith('-') ? -1 : 1;
  return rows.toSorted((left, right) => turn * compare(valueOf(column, left), valueOf(column, right), turn));
}

/** Rows as text. Throws when a column that is asked for does not exist. */
export function renderRows<Row>(
  rows: readonly Row[],
  columns: readonly ViewColumn<Row>[],
  usual: readonly string[],
  { format, columns: wanted }: ViewOptions,
  look: Look,
): string {
  const shown = (wanted ?? usual).map((key) => columnOf(columns, key, '--columns'));
  const objects = (): Record<string, unknown>[] =>
    rows.map((row) => Object.fromEntries(shown.map((column) => [column.key, valueOf(column, row)])));
  if (format === 'json') return `${JSON.stringify(objects(), null, 2)}\n`;
  if (format === 'ndjson')
    return objects()
      .map((row) => `${jsonLine(row)}\n`)
      .join('');
  if (format === 'csv')
    return [
      csvLine(shown.map(({ key }) => key)),
      ...rows.map((row) => csvLine(shown.map((column) => valueOf(column, row)))),
    ].join('');
  if (format === 'markdown') return markdown(rows, shown);
  if (format === 'html') return html(rows, shown);
  return renderTable(rows, shown, look);
}

function columnOf<Row>(columns: readonly ViewColumn<Row>[], key: string, option: string): ViewColumn<Row> {
  const column = columns.find((one) => one.key === key);
  if (column !== undefined) return column;
  throw new Error(
    `${option} ${key}: there is no such column; there are ${columns.map((one) => one.key).join(', ')}`,
  );
}

function valueOf<Row>(column: ViewColumn<Row>, row: Row): string | number | null {
  return column.value === undefined ? column.text(row) : column.value(row);
}

function compare(left: string | number | null, right: string | number | null, turn: number): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? turn : -turn;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Text that Markdown shows as it is. */
function inertMarkdown(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>()#+\-.!|~&@:]/g, '\\$&');
}

function markdown<Row>(rows: readonly Row[], columns: readonly ViewColumn<Row>[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map((column) => inertMarkdown(column.text(row))))),
  ].join('');
}

function html<Row>(rows: readonly Row[], columns: readonly ViewColumn<Row>[]): string {
  const cells = (tag: string, texts: readonly string[]): string =>
    `<tr>${texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')}</tr>\n`;
  const head = cells(
    'th',
    columns.map(({ title }) => title),
  );
  const body = rows
    .map((row) =>
      cells(
        'td',
        columns.map((column) => column.text(row)),
      ),
    )
    .join('');
  return `<!doctype html>\n<meta charset="utf-8">\n<title>Certglass</title>\n<table>\n<thead>\n${head}</thead>\n<tbody>\n${body}</tbody>\n</table>\n`;
}
