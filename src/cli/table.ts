import { displayWidth, fitWidth } from '../lib/display-width.js';
import { printable } from '../lib/printable.js';
import { paint, type Colour, type Look } from './look.js';

/** One column of a table over rows of type `Row`. */
export interface Column<Row> {
  readonly title: string;
  /** The cell's text, hostile or not: the table escapes it. */
  text(row: Row): string;
  /** Never made narrower than this many columns; what does not fit ends with an ellipsis. Default 8. */
  readonly minWidth?: number;
  /** Left out where all its cells are empty, or where the terminal is too narrow: then the rightmost goes first. */
  readonly optional?: boolean;
  colour?(row: Row): Colour | null;
}

const gap = 2;
const maxPadded = 48;

/**
 * Rows under a heading, columns two spaces apart, no line wider than the look allows. `below` gives whole lines (escaped, fitted)
 * to stand under a row. Ends with a newline; without rows it is empty.
 */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  look: Look,
  below: (row: Row) => readonly string[] = () => [],
): string {
  if (rows.length === 0) return '';
  const said = columns.filter(
    ({ optional, text }) => optional !== true || rows.some((row) => text(row) !== ''),
  );
  const shown = fitting(said, look);
  const cells = rows.map((row) => shown.map((column) => printable(column.text(row))));
  const widths = fitWidths(shown, cells, look);
  // Without a terminal nothing is cut, and one long cell does not widen all rows.
  const padded = (index: number): number => Math.min(widths[index] ?? 0, look.width ?? maxPadded);
  const line = (texts: readonly string[], colours: readonly (Colour | null)[]): string =>
    texts
      .map((text, index) => {
        const fitted = fitWidth(text, widths[index] ?? 0);
        const padding = ' '.repeat(Math.max(0, padded(index) - displayWidth(fitted)) + gap);
        const colour = colours[index] ?? null;
        return `${colour === null ? fitted : paint(fitted, colour, look)}${index === texts.length - 1 ? '' : padding}`;
      })
      .join('')
      .trimEnd();
  const heading = line(
    shown.map(({ title }) => title),
    shown.map(() => 'dim' as const),
  );
  const body = rows.flatMap((row, index) => [
    line(
      cells[index] ?? [],
      shown.map((column) => column.colour?.(row) ?? null),
    ),
    ...below(row),
  ]);
  return `${[heading, ...body].join('\n')}\n`;
}

/** The columns whose least widths fit beside each other. */
function fitting<Row>(columns: readonly Column<Row>[], look: Look): readonly Column<Row>[] {
  const least = columns.reduce((sum, column) => sum + minWidth(column) + gap, -gap);
  const last = columns.findLastIndex(({ optional }) => optional === true);
  if (look.width === null || least <= look.width || last < 0) return columns;
  return fitting(columns.toSpliced(last, 1), look);
}

function fitWidths<Row>(
  columns: readonly Column<Row>[],
  cells: readonly (readonly string[])[],
  look: Look,
): readonly number[] {
  const widths = columns.map(({ title }, index) =>
    cells.reduce((widest, row) => Math.max(widest, displayWidth(row[index] ?? '')), displayWidth(title)),
  );
  const room = (look.width ?? Infinity) - gap * (columns.length - 1);
  while (widths.reduce((sum, width) => sum + width, 0) > room) {
    const slack = widths.map((width, index) => width - (columns[index] ? minWidth(columns[index]) : 0));
    const widest = widths.reduce(
      (best, width, index) =>
        (slack[index] ?? 0) > 0 && (best < 0 || width > (widths[best] ?? 0)) ? index : best,
      -1,
    );
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function minWidth<Row>(column: Column<Row>): number {
  return column.minWidth ?? 8;
}
