/** Colours of a terminal, by the code of the escape sequence; `text` and `ground` for what has none. */
export interface Palette {
  readonly text: string;
  readonly ground: string;
  readonly codes: Readonly<Record<number, string>>;
}

/** Dark text on a light ground; every colour has a contrast of 4.5 at least. */
export const light: Palette = {
  text: '#1f2328',
  ground: '#ffffff',
  codes: { 2: '#656d76', 31: '#b3261e', 32: '#1a7f37', 33: '#8a5a00', 35: '#8a2bb8', 36: '#0b6e8a' },
};

/** Light text on a dark ground. */
export const dark: Palette = {
  text: '#e6edf3',
  ground: '#0d1117',
  codes: { 2: '#8b949e', 31: '#ff7b72', 32: '#56d364', 33: '#e3b341', 35: '#d2a8ff', 36: '#76e3ea' },
};

const cell = { width: 8.4, height: 18 };
const margin = 14;

/** What a terminal of so many columns shows, as a picture: `text` with the escape sequences of colours that Certglass writes. */
export function terminalSvg(text: string, columns: number, { text: usual, ground, codes }: Palette): string {
  const lines = text.trimEnd().split('\n');
  const [width, height] = [columns * cell.width + 2 * margin, lines.length * cell.height + 2 * margin];
  const rows = lines.map((line, row) => {
    const y = margin + row * cell.height + 13;
    return `<text x="${margin}" y="${y}" xml:space="preserve">${spans(line, codes)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${height}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" fill="${usual}">
<rect width="100%" height="100%" rx="8" fill="${ground}"/>
${rows.join('\n')}
</svg>
`;
}

/** One line: each run of text in its colour, at its column, whatever the width of the font that is there. */
function spans(line: string, codes: Palette['codes']): string {
  let code = 0;
  let column = 0;
  const parts: string[] = [];
  for (const piece of line.split(/(\u001b\[\d+m)/)) {
    const [, set] = /^\u001b\[(\d+)m$/.exec(piece) ?? [];
    if (set !== undefined) code = Number(set);
    else if (piece !== '') {
      const length = [...piece].length;
      const style =
        code === 1 ? ' font-weight="bold"' : codes[code] === undefined ? '' : ` fill="${codes[code]}"`;
      const x = (margin + column * cell.width).toFixed(1);
      if (piece.trim() !== '')
        parts.push(
          `<tspan x="${x}" textLength="${(length * cell.width).toFixed(1)}"${style}>${escaped(piece)}</tspan>`,
        );
      column += length;
    }
  }
  return parts.join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
