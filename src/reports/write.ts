import { csvOf } from './render/csv.js';
import { htmlOf, type Heading } from './render/html.js';
import { jsonOf } from './render/json.js';
import type { Report, ReportInput } from './report.js';

/** Forms a report can be had in. */
export const reportFormats = ['html', 'json', 'csv'] as const;

/** One of {@link reportFormats}. */
export type ReportFormat = (typeof reportFormats)[number];

/**
 * A report as text, piece by piece. CSV holds one table: the one named, else the first. Throws when the report has no such table, and
 * half-way through when the store fails.
 */
export async function* writeReport(
  report: Report,
  input: ReportInput,
  format: ReportFormat,
  table: string | null,
): AsyncGenerator<string> {
  const content = await report.build(input);
  const heading = headingOf(input);
  if (format === 'html') yield* htmlOf(report, content, heading);
  else if (format === 'json') yield* jsonOf(report, content, { period: periodOf(input), scope: input.scope });
  else {
    const wanted = content.tables.find(({ id }) => table === null || id === table);
    if (wanted === undefined)
      throw new Error(
        `the report ${report.id} has no table ${table}; it has ${content.tables.map(({ id }) => id).join(', ')}`,
      );
    yield* csvOf(wanted);
  }
}

function periodOf({ from, to }: ReportInput): { readonly from: string; readonly to: string } {
  return { from: from.toISOString(), to: to.toISOString() };
}

function headingOf(input: ReportInput): Heading {
  const { from, to } = periodOf(input);
  const scope = Object.entries(input.scope).filter(([, value]) => value !== null);
  return [
    ['From', from],
    ['To', to],
    ...(scope.length === 0
      ? [['Scope', 'everything'] as const]
      : scope.map(([label, value]) => [label, String(value)] as const)),
  ];
}
