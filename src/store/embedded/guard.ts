import { StatementError, type Token } from './statement.js';

/**
 * Which functions a reader may call. `readonly = 1` is not enough: the scalar function `file` reads any file of the machine, others
 * call out over HTTP or run SQL given as text. So everything is refused that is not known to compute only: by the engine's own
 * categories, which leave out Other, AI, Introspection, Dictionary and Machine Learning, and a list of harmless ones of Other.
 */
const categories = [
  'Aggregate Functions',
  'Arithmetic',
  'Arrays',
  'Bit',
  'Bitmap',
  'Comparison',
  'Conditional',
  'Dates and Times',
  'Distance',
  'Encoding',
  'Hash',
  'IP Address',
  'JSON',
  'Logical',
  'Map',
  'Mathematical',
  'Null',
  'Random Number',
  'Rounding',
  'String',
  'String Replacement',
  'String Search',
  'String Splitting',
  'Time Series',
  'Time Window',
  'Tuple',
  'Type Conversion',
  'URL',
  'UUID',
];
const harmless = [
  'bar',
  'byteSize',
  'countDigits',
  'connectionId',
  'currentDatabase',
  'currentProfiles',
  'currentRoles',
  'currentSchemas',
  'currentUser',
  'defaultRoles',
  'enabledRoles',
  'displayName',
  'finalizeAggregation',
  'formatReadableDecimalSize',
  'formatReadableQuantity',
  'formatReadableSize',
  'formatReadableTimeDelta',
  'hostName',
  'identity',
  'initialQueryID',
  'ignore',
  'isConstant',
  'materialize',
  'neighbor',
  'queryID',
  'revision',
  'rowNumberInAllBlocks',
  'runningDifference',
  'serverTimezone',
  'tcpPort',
  'throwIf',
  'timezone',
  'toColumnTypeName',
  'toTypeName',
  'transform',
  'uptime',
  'version',
];
/** Table functions that make rows out of nothing. */
const tableFunctions = [
  'generate_series',
  'generateSeries',
  'null',
  'numbers',
  'numbers_mt',
  'values',
  'zeros',
  'zeros_mt',
];

/** Words of the grammar that may stand before a bracket. */
const keywords = new Set(
  (
    'ALL AND ANY APPLY ARRAY AS ASC ASOF BETWEEN BY CASE COLUMNS CROSS CUBE DESC DISTINCT ELSE END EXCEPT EXISTS FILL FILTER FINAL ' +
    'FROM FULL GLOBAL GROUP GROUPING HAVING ILIKE IN INNER INTERPOLATE INTERSECT INTERVAL IS JOIN LEFT LIKE LIMIT NOT OFFSET ON OR ' +
    'ORDER OUTER OVER PARTITION PREWHERE QUALIFY RECURSIVE REPLACE RIGHT ROLLUP SELECT SEMI SETS STEP THEN TIES TO TOTALS UNION USING ' +
    'VALUES WHEN WHERE WINDOW WITH EXPLAIN DESCRIBE'
  ).split(' '),
);

/** A query, its answer TabSeparatedRaw. */
type Ask = (sql: string) => string;

/** Names of the functions that readers may call, in lower case. */
export function allowedFunctions(ask: Ask): ReadonlySet<string> {
  const list = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
  const known = `(is_aggregate OR categories IN (${list(categories)}) OR name IN (${list(harmless)}))`;
  const names = ask(
    `SELECT DISTINCT lower(name) FROM system.functions
     WHERE ${known} OR (alias_to != '' AND alias_to IN (SELECT name FROM system.functions WHERE ${known}))`,
  );
  const forbidden = ['formatrow', 'formatrownonewline'];
  const allowed = new Set([...names.trim().split('\n'), ...tableFunctions.map((name) => name.toLowerCase())]);
  for (const name of forbidden) allowed.delete(name);
  return allowed;
}

/** Refuses a statement that calls a function outside `allowed`; aggregate functions may carry combinators such as `If` and `State`. */
export function refuseOtherFunctions(tokens: readonly Token[], allowed: ReadonlySet<string>): void {
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    if (next?.kind !== 'mark' || next.text !== '(' || (token.kind !== 'word' && token.kind !== 'quoted'))
      return;
    if (token.kind === 'word' && keywords.has(token.text)) return;
    const name = (token.kind === 'word' ? token.text : token.text.slice(1, -1)).toLowerCase();
    if (allowed.has(name) || allowed.has(name.replace(combinators, ''))) return;
    throw new StatementError(
      497,
      'ACCESS_DENIED',
      `Not enough privileges: the function ${name} may not be called`,
    );
  });
}

const combinators =
  /(if|array|map|state|simplestate|merge|mergestate|foreach|distinct|ordefault|ornull|resample|argmin|argmax)+$/;
