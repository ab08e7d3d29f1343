import { createHash } from 'node:crypto';
import { escapeHtml } from '../../lib/printable.js';
import type { Cell, Column, Figure, Report, ReportContent, ReportTable, Row } from '../report.js';
import { reportStyle } from './style.js';

/** Rows of a table that a page shows; the rest is in CSV and JSON, and the page says so. */
const mostRows = 1_000;
const mostListed = 10;

/** Allows the one style sheet that the page holds, and nothing else: no script, no picture, no request. */
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(reportStyle).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** What stands above a report: labels with their values. */
export type Heading = readonly (readonly [label: string, value: string])[];

/** A report as one HTML page that opens offline, prints well and asks for nothing. */
export async function* htmlOf(
  report: Report,
  content: ReportContent,
  heading: Heading,
): AsyncGenerator<string> {
  const title = escapeHtml(report.title);
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${reportStyle}</style>
</head>
<body>
<header><p class="product">Certglass</p><h1>${title}</h1><p>${escapeHtml(report.description)}</p>
<dl class="heading">${heading.map(([label, value]) => `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd></div>`).join('')}</dl></header>
<main>
`;
  if (content.figures.length > 0)
    yield `<ul class="figures">${content.figures.map(figureOf).join('')}</ul>\n`;
  for (const table of content.tables) yield* tableOf(table);
  if (report.cannotShow.length > 0)
    yield `<section><h2>What this report cannot show</h2><ul>${report.cannotShow.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul></section>\n`;
  yield '</main>\n</body>\n</html>\n';
}

function figureOf({ label, value, unit }: Figure): string {
  const shown = value === null ? 'not known' : `${cellText(value)} ${unit}`;
  return `<li><strong>${escapeHtml(shown)}</strong> <span>${escapeHtml(label)}</span></li>`;
}

async function* tableOf(table: ReportTable): AsyncGenerator<string> {
  const { title, note, columns } = table;
  yield `<section><h2>${escapeHtml(title)}</h2><p>${escapeHtml(note)}</p>\n`;
  let count = 0;
  for await (const row of table.rows()) {
    count += 1;
    if (count === 1) yield headOf(title, columns);
    if (count <= mostRows) yield rowOf(columns, row);
    // One more tells that there are more; how many would take reading all of them.
    else break;
  }
  if (count === 0) yield '<p class="none">None.</p>\n';
  else yield '</tbody></table></div>\n';
  if (count > mostRows)
    yield `<p class="cut">The first ${mostRows} rows. CSV and JSON have all of them.</p>\n`;
  yield '</section>\n';
}

function headOf(title: string, columns: readonly Column[]): string {
  const cells = columns.map(
    ({ title: name, isNumber }) =>
      `<th scope="col"${isNumber === true ? ' class="number"' : ''}>${escapeHtml(name)}</th>`,
  );
  return `<div class="scroll"><table><caption>${escapeHtml(title)}</caption><thead><tr>${cells.join('')}</tr></thead><tbody>\n`;
}

function rowOf(columns: readonly Column[], row: Row): string {
  const cells = columns.map(({ key, isNumber }) => {
    const text = cellText(row[key] ?? null);
    return `<td${isNumber === true ? ' class="number"' : ''}><bdi>${escapeHtml(text, 2_000)}</bdi></td>`;
  });
  return `<tr>${cells.join('')}</tr>\n`;
}

function cellText(value: Cell): string {
  if (value === null) return '';
  if (value instanceof Date) return `${value.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  if (typeof value === 'number') return value.toLocaleString('en');
  if (typeof value === 'string') return value;
  const more = value.length - mostListed;
  return `${value.slice(0, mostListed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
