import { StatementError, type Token } from './statement.js';

/** What a reader's statement may hold. Dashboards stay far below; what is above can cost the engine minutes before it runs. */
const limits = {
  /** UTF-16 units of the statement as it came. */
  characters: 32_768,
  tokens: 5_000,
  /** Brackets inside one another. */
  depth: 24,
  /** SELECTs, subqueries included: analysis of nested ones grows exponentially. */
  selects: 24,
  /** Levels of `IN (SELECT ...)` and of subqueries in FROM. */
  nestedSelects: 8,
  /** JOINs, and commas between tables. */
  joins: 12,
};

/** Refuses a statement that is too long or too deep to be worth parsing. */
export function refuseExcess(sql: string, tokens: () => readonly Token[]): void {
  if (sql.length > limits.characters) throw tooBig(`more than ${limits.characters} characters`);
  const all = tokens();
  if (all.length > limits.tokens) throw tooBig(`more than ${limits.tokens} words and marks`);
  const { depth, selects, nestedSelects, joins } = measure(all);
  if (depth > limits.depth) throw tooBig(`more than ${limits.depth} brackets inside one another`);
  if (selects > limits.selects) throw tooBig(`more than ${limits.selects} SELECTs`);
  if (nestedSelects > limits.nestedSelects)
    throw tooBig(`more than ${limits.nestedSelects} SELECTs inside one another`);
  if (joins > limits.joins) throw tooBig(`more than ${limits.joins} joins`);
}

function tooBig(what: string): StatementError {
  return new StatementError(168, 'TOO_BIG_AST', `The statement has ${what}; readers may not send it`);
}

/** Clauses that end the list of tables behind FROM. */
const afterTables = new Set(
  'WHERE PREWHERE GROUP ORDER HAVING LIMIT UNION INTERSECT EXCEPT WINDOW QUALIFY SETTINGS FORMAT SELECT'.split(
    ' ',
  ),
);

interface Level {
  hasSelect: boolean;
  inTables: boolean;
}

function measure(tokens: readonly Token[]): Record<'depth' | 'selects' | 'nestedSelects' | 'joins', number> {
  const counts = { depth: 0, selects: 0, nestedSelects: 0, joins: 0 };
  const levels: Level[] = [{ hasSelect: false, inTables: false }];
  for (const { kind, text } of tokens) {
    const level = levels.at(-1) ?? { hasSelect: false, inTables: false };
    if (kind === 'mark' && /[([{]/.test(text)) {
      levels.push({ hasSelect: false, inTables: false });
      counts.depth = Math.max(counts.depth, levels.length - 1);
    } else if (kind === 'mark' && /[)\]}]/.test(text)) {
      if (levels.length > 1) levels.pop();
    } else if (kind === 'mark' && text === ',' && level.inTables) counts.joins += 1;
    else if (kind === 'word') noteWord(text, level, counts);
    if (level.hasSelect)
      counts.nestedSelects = Math.max(counts.nestedSelects, levels.filter((one) => one.hasSelect).length);
  }
  return counts;
}

function noteWord(word: string, level: Level, counts: { selects: number; joins: number }): void {
  if (word === 'JOIN') counts.joins += 1;
  if (word === 'FROM') level.inTables = true;
  if (afterTables.has(word)) level.inTables = false;
  if (word !== 'SELECT') return;
  counts.selects += 1;
  level.hasSelect = true;
}
