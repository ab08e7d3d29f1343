import { isMap, visit, type Document, type LineCounter, type YAMLError } from 'yaml';

/** One mistake in the form of a YAML text. */
export interface YamlFault {
  readonly line: number;
  /** What is wrong and what to write. */
  readonly sentence: string;
}

/** Everything that keeps a YAML text from being read: the first mistake of each line, and names that begin with `*`. */
export function yamlFaults(document: Document, text: string, lines: LineCounter): readonly YamlFault[] {
  const rows = text.split('\n');
  const faults = new Map<number, YamlFault>();
  for (const error of document.errors) {
    const { line, col } = lines.linePos(error.pos[0]);
    const row = rows[line - 1] ?? '';
    if (!faults.has(line)) faults.set(line, { line, sentence: sentenceOf(error, row, row.slice(col - 1)) });
    // What follows a broken line is mostly broken by it.
    if (error.code === 'UNEXPECTED_TOKEN' || error.code === 'MISSING_CHAR') break;
  }
  if (faults.size === 0) {
    visit(document, {
      Alias(_key, node) {
        if (node.resolve(document) !== undefined) return;
        const line = lines.linePos(node.range?.[0] ?? 0).line;
        const value = JSON.stringify(`*${node.source}`);
        faults.set(line, { line, sentence: `put ${value} in quotes; a value cannot begin with *` });
      },
      Pair(_key, { key }) {
        if (!isMap(key)) return;
        const line = lines.linePos(key.range?.[0] ?? 0).line;
        faults.set(line, {
          line,
          sentence:
            'braces within braces look like a template that was not filled in; put the value in quotes',
        });
      },
    });
  }
  return [...faults.values()];
}

/** The value that begins where the mistake is. */
function valueAt(rest: string): string {
  return /^[^\s,\]}]*/.exec(rest)?.[0] ?? '';
}

/** `row` is the line of the mistake, `rest` what of it follows its place. */
function sentenceOf(error: YAMLError, row: string, rest: string): string {
  switch (error.code) {
    case 'BAD_SCALAR_START':
      return `put ${JSON.stringify(valueAt(rest))} in quotes; a value cannot begin with ${rest[0] ?? ''}`;
    case 'TAB_AS_INDENT':
      return 'the line is indented with a tab; indent with spaces';
    case 'DUPLICATE_KEY':
      return `the key ${row.trim().split(':', 1)[0] ?? ''} stands here a second time; join the two`;
    case 'MULTIPLE_DOCS':
      return '--- begins a second document; a configuration is one: take the line out';
    case 'BAD_DQ_ESCAPE':
      return `a backslash within double quotes needs a second one, or write the value in single quotes`;
    case 'MULTILINE_IMPLICIT_KEY':
      return /^\s*[\w-]+:\S/.test(row)
        ? `write a space after the colon: ${row.trim().replace(/^([\w-]+):/, '$1: ')}`
        : 'this is no "key: value" line, or the next line is indented differently; align the keys of one section';
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'BLOCK_IN_FLOW':
      return 'a value with ": " in it needs quotes, as in key: "a: b"';
    case 'BAD_INDENT':
      return /[\]}]$/.test(error.message)
        ? `a list or section that was opened with ${error.message.endsWith(']') ? '[' : '{'} before this line is not closed`
        : 'the line is indented differently from the other keys of its section; align it with them';
    case 'MISSING_CHAR':
      return error.message.includes('quote')
        ? 'a quote that was opened before is not closed'
        : 'the line is neither an item ("- ...") nor aligned with the keys of the item before';
    default:
      return row.includes("'")
        ? "a single quote within single quotes is written twice, as in 'it''s'"
        : `this cannot be read (${error.message.split('\n', 1)[0] ?? ''}); check quotes and indentation of this line and the one before`;
  }
}
