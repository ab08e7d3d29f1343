import { csvLine } from '../../lib/csv.js';
import type { ReportTable } from '../report.js';

/** A table as CSV (RFC 4180), its heading first. Cells that a spreadsheet would take for formulas are made text. */
export async function* csvOf({ columns, rows }: ReportTable): AsyncGenerator<string> {
  yield csvLine(columns.map(({ title }) => title));
  for await (const row of rows()) yield csvLine(columns.map(({ key }) => row[key] ?? null));
}
