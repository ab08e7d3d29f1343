import type { Severity } from '../model/severity.js';

/** How to write for one stream. */
export interface Look {
  /** Columns to stay within; null: as wide as the text needs (files, pipes). */
  readonly width: number | null;
  readonly colour: boolean;
}

/** Colours an escaped text may be given. */
export type Colour = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'magenta' | 'cyan';

const codes: Readonly<Record<Colour, number>> = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  magenta: 35,
  cyan: 36,
};

const severityColours: Readonly<Record<Severity, Colour>> = {
  critical: 'magenta',
  error: 'red',
  warning: 'yellow',
  notice: 'cyan',
};

/**
 * Fits the terminal behind `stream`; colours only there, and not where NO_COLOR (no-color.org) or TERM=dumb forbid it. CLICOLOR_FORCE
 * (bixense.com/clicolors) stands for a terminal, of COLUMNS columns.
 */
export function lookOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): Look {
  const isForced = !['', '0', 'false'].includes(environment['CLICOLOR_FORCE'] ?? '');
  if (stream.isTTY !== true && !isForced) return { width: null, colour: false };
  const plain = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  const columns = stream.columns ?? (Number(environment['COLUMNS'] ?? 80) || 80);
  return { width: Math.max(40, columns), colour: !plain };
}

/** `text` in a colour, where colours are wanted. */
export function paint(text: string, colour: Colour, look: Look): string {
  return look.colour && text !== '' ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text;
}

/** The colour a severity is shown in; unknown words stay plain-looking. */
export function severityColour(severity: string): Colour {
  return Object.hasOwn(severityColours, severity) ? severityColours[severity as Severity] : 'bold';
}
