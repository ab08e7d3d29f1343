import { StatementError, type Token } from './statement.js';

const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  r: '\r',
  n: '\n',
  t: '\t',
  '0': '\0',
  a: '\x07',
  v: '\v',
  e: '\x1b',
};

/** A string literal of ClickHouse's SQL. */
export function quoteString(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\0', '\\0')}'`;
}

/** A quoted identifier of ClickHouse's SQL. */
export function quoteIdentifier(text: string): string {
  return `\`${text.replace(/[\\`]/g, '\\$&').replaceAll('\0', '\\0')}\``;
}

/** Undoes the escaping in which values of HTTP parameters travel (format TabSeparated). */
function unescape(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, character: string) => escapes[character] ?? character);
}

function literal(value: string, type: string): string {
  if (type === 'Identifier') return quoteIdentifier(unescape(value));
  if (value === '\\N') return `CAST(NULL, ${quoteString(type)})`;
  // Arrays, tuples and maps have quotes and escapes of their own and are parsed as they stand.
  const text = /^(Array|Tuple|Map|Nested)\b/.test(type) ? value : unescape(value);
  return type === 'String' ? quoteString(text) : `CAST(${quoteString(text)}, ${quoteString(type)})`;
}

/**
 * Puts the values of HTTP parameters (`param_name`) in place of `{name:Type}`, as literals of that type. The engine's own
 * binding is not used: it runs one statement of the whole process at a time.
 */
export function bindParameters(
  sql: string,
  tokens: readonly Token[],
  parameters: ReadonlyMap<string, string>,
): string {
  let bound = '';
  let copied = 0;
  tokens.forEach((token, index) => {
    const [name, colon] = [tokens[index + 1], tokens[index + 2]];
    if (token.text !== '{' || token.kind !== 'mark' || name?.kind !== 'word' || colon?.text !== ':') return;
    const close = tokens.slice(index + 3).find((candidate) => candidate.text === '}');
    if (close === undefined) return;
    const key = sql.slice(name.start, name.end);
    const value = parameters.get(key);
    if (value === undefined)
      throw new StatementError(456, 'UNKNOWN_QUERY_PARAMETER', `Substitution \`${key}\` is not set`);
    bound += sql.slice(copied, token.start) + literal(value, sql.slice(colon.end, close.start).trim());
    copied = close.end;
  });
  return bound + sql.slice(copied);
}
