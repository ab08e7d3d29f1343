import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { csvRecords } from './csv.js';
import { lines } from './lines.js';

/** One row of a table by normalised column name, see {@link columnKey}. */
export interface TableRow {
  /** Line in the file, from 1. */
  readonly line: number;
  readonly cells: ReadonlyMap<string, string>;
}

/** A row that could not be read, and why. */
export interface BadRow {
  readonly line: number;
  readonly problem: string;
}

/** True for names that are read as tables: CSV, TSV and JSON lines. */
export function isTable(path: string): boolean {
  return ['.csv', '.tsv', '.jsonl', '.ndjson'].includes(extname(path).toLowerCase());
}

/** Column names compare without case, spaces and punctuation: `SHA-256 Fingerprint` is `sha256fingerprint`. */
export function columnKey(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Streams the rows of a table file; a null `delimiter` is found out. Throws when the file itself is unwell. */
export async function* tableRows(
  path: string,
  delimiter: string | null,
  signal: AbortSignal,
): AsyncGenerator<TableRow | BadRow, void, undefined> {
  const bytes = createReadStream(path, { signal });
  const ending = extname(path).toLowerCase();
  if (ending === '.csv') yield* csvRows(bytes, delimiter);
  else if (ending === '.tsv') yield* csvRows(bytes, '\t');
  else yield* jsonRows(bytes);
}

async function* csvRows(
  bytes: AsyncIterable<Uint8Array>,
  delimiter: string | null,
): AsyncGenerator<TableRow | BadRow> {
  let columns: readonly string[] | null = null;
  for await (const { line, fields } of csvRecords(bytes, delimiter)) {
    if (columns === null) {
      columns = fields.map(columnKey);
      continue;
    }
    const cells = new Map<string, string>();
    columns.forEach((column, index) => cells.set(column, fields[index]?.trim() ?? ''));
    const surplus = fields.slice(columns.length).some((field) => field.trim() !== '');
    if (surplus)
      yield { line, problem: `has ${fields.length} fields, but there are ${columns.length} columns` };
    else yield { line, cells };
  }
}

async function* jsonRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TableRow | BadRow> {
  for await (const { number, text, cut } of lines(bytes, 4_000_000)) {
    if (text.trim() === '') continue;
    const value = cut ? undefined : parsed(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      yield { line: number, problem: 'is not one JSON object (write one object a line)' };
    else yield { line: number, cells: cellsOf(value) };
  }
}

/** An object's members as cells of a row; what is no text stands as JSON. */
export function cellsOf(value: object): Map<string, string> {
  const cells = new Map<string, string>();
  for (const [name, cell] of Object.entries(value)) {
    if (cell === null) continue;
    cells.set(columnKey(name), typeof cell === 'string' ? cell.trim() : JSON.stringify(cell));
  }
  return cells;
}

/** undefined for text that is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
