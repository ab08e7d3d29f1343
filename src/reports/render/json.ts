import { jsonLine } from '../../lib/json-line.js';
import type { Report, ReportContent, ReportTable } from '../report.js';

/** A table as JSON lines: one object a row, with the keys of the columns. */
export async function* jsonLinesOf({ columns, rows }: ReportTable): AsyncGenerator<string> {
  for await (const row of rows())
    yield `${jsonLine(Object.fromEntries(columns.map(({ key }) => [key, row[key] ?? null])))}\n`;
}

/** A report as one JSON document, written as it is read. */
export async function* jsonOf(
  { id, title, description, cannotShow }: Report,
  { figures, tables }: ReportContent,
  heading: Readonly<Record<string, unknown>>,
): AsyncGenerator<string> {
  const head = { report: id, title, description, ...heading, cannotShow, figures };
  yield `${jsonLine(head).slice(0, -1)},"tables":[`;
  for (const [index, table] of tables.entries()) {
    const { id: tableId, title: tableTitle, note, columns } = table;
    const about = jsonLine({ id: tableId, title: tableTitle, note, columns }).slice(0, -1);
    yield `${index === 0 ? '' : ','}\n${about},"rows":[`;
    let between = '\n';
    for await (const line of jsonLinesOf(table)) {
      yield `${between}${line.trimEnd()}`;
      between = ',\n';
    }
    yield ']}';
  }
  yield ']}\n';
}
