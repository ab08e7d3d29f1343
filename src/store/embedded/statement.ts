/**
 * As much of ClickHouse's grammar as the embedded engine must know of a statement before it may run: where its tokens are, that
 * it is one statement, what kind, and where its `{name:Type}` parameters stand.
 */

/** A statement that may not run, with ClickHouse's code and name of the error. */
export class StatementError extends Error {
  readonly code: number;
  readonly type: string;
  constructor(code: number, type: string, message: string) {
    super(message);
    this.code = code;
    this.type = type;
  }
}

/** One token; comments and white space are left out. `text` of a word is in upper case. */
export interface Token {
  readonly kind: 'word' | 'string' | 'quoted' | 'number' | 'mark';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const space = /[\s\u00a0\ufeff]+/y;
const comment = /--[^\n]*|#[!\s][^\n]*|\/\*[\s\S]*?\*\//y;
const word = /[A-Za-z_][A-Za-z0-9_$]*/y;
const number = /\d[A-Za-z0-9_]*/y;
const string = /'(?:[^'\\]|\\[\s\S]|'')*'/y;
const quoted = /"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`\\]|\\[\s\S]|``)*`/y;
const heredoc = /\$([A-Za-z0-9_]*)\$[\s\S]*?\$\1\$/y;
const kinds = [
  ['string', string],
  ['string', heredoc],
  ['quoted', quoted],
  ['word', word],
  ['number', number],
] as const;

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** Tokens of a statement. Throws {@link StatementError} on text that has no reading: an open string or comment, a typographic quote. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length;) {
    const skipped = matchAt(space, sql, at) ?? matchAt(comment, sql, at);
    if (skipped !== null) {
      at += skipped.length;
      continue;
    }
    const token = tokenAt(sql, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function tokenAt(sql: string, start: number): Token {
  for (const [kind, pattern] of kinds) {
    const text = matchAt(pattern, sql, start);
    if (text !== null)
      return { kind, text: kind === 'word' ? text.toUpperCase() : text, start, end: start + text.length };
  }
  const mark = sql.charAt(start);
  if (/['"`$\u2018\u2019\u201c\u201d\u2212\0]/.test(mark) || sql.startsWith('/*', start))
    throw new StatementError(62, 'SYNTAX_ERROR', `Syntax error: failed at position ${start + 1}`);
  return { kind: 'mark', text: mark, start, end: start + 1 };
}

/** What a statement does, as far as it decides where it may run. */
export type StatementKind = 'read' | 'insert' | 'change' | 'define';

const reads = new Set(['SELECT', 'WITH', 'SHOW', 'DESC', 'DESCRIBE', 'EXPLAIN', 'EXISTS', '(']);
const changes = new Set(['ALTER', 'DELETE', 'UPDATE', 'OPTIMIZE']);

/**
 * Kind of the one statement in these tokens; a `;` may stand at its end only. Refuses several statements, `INTO OUTFILE` and
 * `FROM INFILE`, which would read and write files of this machine.
 */
export function statementKind(tokens: readonly Token[]): StatementKind {
  tokens.forEach((token, index) => {
    if (token.kind === 'mark' && token.text === ';' && index !== tokens.length - 1)
      throw new StatementError(62, 'SYNTAX_ERROR', 'Multi-statements are not allowed');
    const next = tokens[index + 1];
    if (token.kind !== 'word' || next?.kind !== 'word') return;
    const pair = `${token.text} ${next.text}`;
    if (pair === 'INTO OUTFILE' || pair === 'FROM INFILE')
      throw new StatementError(344, 'SUPPORT_IS_DISABLED', `${pair} is not allowed`);
  });
  const first = tokens[0];
  if (first === undefined || first.text === ';') throw new StatementError(62, 'SYNTAX_ERROR', 'Empty query');
  if (reads.has(first.text)) return 'read';
  if (first.text === 'INSERT') return 'insert';
  return changes.has(first.text) ? 'change' : 'define';
}

/** Target of an insert whose rows come as data. */
export interface DataInsert {
  /** Database, where it is named, and table. */
  readonly table: readonly string[];
  readonly columns: readonly string[] | null;
  readonly format: string;
}

/** Reads `INSERT INTO [TABLE] name [(columns)] FORMAT name`; null when the statement has another form. */
export function dataInsert(sql: string, tokens: readonly Token[]): DataInsert | null {
  let at = 1;
  const isWord = (text: string): boolean => tokens[at]?.kind === 'word' && tokens[at]?.text === text;
  const isMark = (text: string): boolean => tokens[at]?.kind === 'mark' && tokens[at]?.text === text;
  const name = (): string | null => {
    const token = tokens[at];
    if (token?.kind !== 'word' && token?.kind !== 'quoted') return null;
    at += 1;
    const text = sql.slice(token.start, token.end);
    return token.kind === 'word' ? text : text.slice(1, -1);
  };
  if (!isWord('INTO')) return null;
  at += 1;
  if (isWord('TABLE')) at += 1;
  const parts = [name()];
  if (isMark('.')) {
    at += 1;
    parts.push(name());
  }
  const columns: (string | null)[] = [];
  if (isMark('(')) {
    do {
      at += 1;
      columns.push(name());
    } while (isMark(','));
    if (!isMark(')')) return null;
    at += 1;
  }
  if (!isWord('FORMAT')) return null;
  at += 1;
  const format = name();
  if (isMark(';')) at += 1;
  if (format === null || at !== tokens.length || parts.includes(null) || columns.includes(null)) return null;
  return {
    table: parts.map(String),
    columns: columns.length === 0 ? null : columns.map(String),
    format,
  };
}

/** True when the statement names its output format, as `... FORMAT JSONEachRow [SETTINGS ...]`; the name is then `format`. */
export function outputFormat(sql: string, tokens: readonly Token[]): string | null {
  let depth = 0;
  let format: string | null = null;
  tokens.forEach((token, index) => {
    if (token.kind === 'mark' && token.text === '(') depth += 1;
    if (token.kind === 'mark' && token.text === ')') depth -= 1;
    const next = tokens[index + 1];
    if (depth === 0 && token.kind === 'word' && token.text === 'FORMAT' && next?.kind === 'word')
      format = sql.slice(next.start, next.end);
  });
  return format;
}
