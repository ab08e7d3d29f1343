import { stripVTControlCharacters } from 'node:util';
import type { Verdict } from '../model/observation.js';
import { severities, type Severity } from '../model/severity.js';
import { clipText } from '../lib/clip.js';
import { detailsText } from '../lib/details-text.js';
import { displayWidth, fitWidth } from '../lib/display-width.js';
import { printable } from '../lib/printable.js';
import { paint, severityColour, type Look } from './look.js';

/** Broken at spaces into lines that fit the look; colours do not count. Ends without a newline. */
export function wrapText(text: string, look: Look): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1) ?? ''} ${word}`;
    const fits = displayWidth(stripVTControlCharacters(longer)) <= (look.width ?? Infinity);
    if (lines.length > 0 && fits) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}

/** `1 finding`, `1,234 findings`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

/** How far `date` lies from `now` in the largest fitting unit: `in 45 days`, `3 days ago`, `in 5 hours`. */
export function relative(date: Date, now: Date): string {
  if (Math.abs(date.getTime() - now.getTime()) < 60_000) return 'now';
  const minutes = Math.abs(date.getTime() - now.getTime()) / 60_000;
  const [value, unit] =
    minutes < 90
      ? [minutes, 'minute']
      : minutes < 72 * 60
        ? [minutes / 60, 'hour']
        : [minutes / (24 * 60), 'day'];
  const text = count(Math.floor(value), unit);
  return date < now ? `${text} ago` : `in ${text}`;
}

/** `2027-01-07`; `unknown` when there is no date. */
export function dayText(date: Date | null): string {
  return isDate(date) ? date.toISOString().replace(/T.*/, '') : 'unknown';
}

/** `in 45 days`; empty when there is no date. */
export function whenText(date: Date | null, now: Date): string {
  return isDate(date) ? relative(date, now) : '';
}

function isDate(date: Date | null): date is Date {
  return date !== null && !Number.isNaN(date.getTime());
}

/** The first of `names`, and how many more there are. */
export function namesText(names: readonly string[]): string {
  const [first = ''] = names;
  return names.length > 1 ? `${first} +${(names.length - 1).toLocaleString('en')}` : first;
}

/** `2 errors, 1 notice`, most severe first; empty for none. */
export function severityCounts(counts: ReadonlyMap<Severity, number>): string {
  return severities
    .toReversed()
    .filter((severity) => (counts.get(severity) ?? 0) > 0)
    .map((severity) => severityCount(severity, counts.get(severity) ?? 0))
    .join(', ');
}

function severityCount(severity: Severity, number: number): string {
  return severity === 'critical' ? `${number.toLocaleString('en')} critical` : count(number, severity);
}

/** A verdict cut down to what a line shows. */
export interface VerdictText {
  readonly severity: Severity;
  /** What is wrong, the values compared, and the rule; hostile. */
  readonly text: string;
}

/** The texts of verdicts, most severe first; at most 1,200 characters each, whatever the details hold. */
export function verdictTexts(verdicts: readonly Verdict[]): readonly VerdictText[] {
  return verdicts
    .toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))
    .map(({ severity, rule, title, details }) => ({
      severity,
      text: clipText(sentenceOf(title, detailsText(details), rule), 1200),
    }));
}

/** `Certificate has expired: notAfter 2026-11-20T12:00:00.000Z [expired]` */
function sentenceOf(title: string, details: string, rule: string): string {
  return `${title}${details === '' ? '' : `: ${details}`} [${rule}]`;
}

/** One line per verdict: severity, then its text; escaped and fitted. */
export function verdictLines(verdicts: readonly VerdictText[], look: Look): readonly string[] {
  return verdicts.map(({ severity, text }) => {
    const head = `  ${severity.padEnd(8)}  `;
    const rest = printable(text, 1200);
    const fitted = look.width === null ? rest : fitWidth(rest, look.width - head.length);
    return paint(head, severityColour(severity), look) + fitted;
  });
}
