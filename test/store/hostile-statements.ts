/** A statement that a hostile reader might send, with a name for it. */
type Statement = readonly [name: string, sql: string];

const times = (text: string, count: number): string => text.repeat(count);
const many = (count: number, make: (index: number) => string, between: string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(between);

/** Statements whose reading or analysis grows with `n`: nesting, joins, aliases, types. */
function growing(n: number): readonly Statement[] {
  const lambdas = Math.min(n, 800);
  return [
    [`paren ${n}`, 'SELECT ' + times('(', n) + '1' + times(')', n)],
    [`open ${n}`, 'SELECT ' + times('(', n)],
    [`bracket ${n}`, 'SELECT ' + times('[', n) + '1' + times(']', n)],
    [`mixed ${n}`, 'SELECT ' + mixedBrackets(n)],
    [`mixedopen ${n}`, 'SELECT ' + times('([{', n)],
    [`mixedopen2 ${n}`, 'SELECT ' + times('[(', n)],
    [`brace ${n}`, 'SELECT ' + times('{', n) + times('}', n)],
    [`case ${n}`, 'SELECT ' + times('CASE WHEN 1 THEN ', n) + '1' + times(' END', n)],
    [`caseopen ${n}`, 'SELECT ' + times('CASE WHEN (', n)],
    [`not ${n}`, 'SELECT ' + times('NOT ', n) + '1'],
    [`minus ${n}`, 'SELECT ' + times('- ', n) + '1'],
    [`tern ${n}`, 'SELECT ' + times('1 ? ', n) + '1' + times(' : 1', n)],
    [`sub ${n}`, times('SELECT * FROM (', n) + 'SELECT 1' + times(')', n)],
    [`insub ${n}`, 'SELECT 1 WHERE ' + times('1 IN (SELECT 1 WHERE ', n) + '1' + times(')', n)],
    [`union ${n}`, times('SELECT 1 UNION ALL ', n) + 'SELECT 1'],
    [
      `join ${n}`,
      'SELECT count() FROM numbers(2) AS t0 ' +
        many(n, (i) => `JOIN numbers(2) AS t${i + 1} ON t${i}.number=t${i + 1}.number`, ' '),
    ],
    [`cross ${n}`, 'SELECT count() FROM numbers(9) AS t0' + many(n, (i) => `, numbers(9) AS t${i + 1}`, '')],
    [`and ${n}`, 'SELECT 1 WHERE ' + times('number=1 AND ', n) + '1'],
    [`or ${n}`, 'SELECT number FROM numbers(1) WHERE ' + times('number=1 OR ', n) + '1'],
    [`lambda ${n}`, 'SELECT ' + times('arrayMap(x -> ', lambdas) + '1' + times(', [1])', lambdas)],
    [
      `with ${n}`,
      'WITH ' + many(n, (i) => `${i ? `(x${i - 1}+x${i - 1})` : '1'} AS x${i}`, ', ') + ` SELECT x${n - 1}`,
    ],
    [
      `cte ${n}`,
      'WITH ' +
        many(
          n,
          (i) =>
            `c${i} AS (SELECT * FROM ${i ? `c${i - 1} UNION ALL SELECT * FROM c${i - 1}` : 'numbers(1)'})`,
          ', ',
        ) +
        ` SELECT count() FROM c${n - 1}`,
    ],
    [`inlist ${n}`, 'SELECT 1 IN (' + times('1,', n) + '1)'],
    [`interval ${n}`, 'SELECT ' + times('INTERVAL (', n)],
    [`cast ${n}`, 'SELECT ' + times('CAST(', n) + '1' + times(' AS UInt8)', n)],
    [`func ${n}`, 'SELECT ' + times('plus(', n) + '1' + times(',1)', n)],
    [`between ${n}`, 'SELECT ' + times('1 BETWEEN ', n) + '1'],
    [`alias ${n}`, 'SELECT ' + many(n, (i) => `(1 AS a${i})`, '+')],
    [`star ${n}`, 'SELECT ' + times('*,', n) + '* FROM numbers(1)'],
    [`comment ${n}`, 'SELECT ' + times('/* ', n) + '1'],
    [`quote ${n}`, "SELECT '" + times("\\'", n)],
    [`dollar ${n}`, 'SELECT ' + many(n, (i) => `$a${i}$`, '')],
    [`types ${n}`, 'SELECT CAST(NULL AS ' + times('Nullable(', n) + 'UInt8' + times(')', n) + ')'],
    [`array types ${n}`, 'SELECT CAST([] AS ' + times('Array(', n) + 'UInt8' + times(')', n) + ')'],
  ];
}

function mixedBrackets(n: number): string {
  return `${many(n, (i) => '([{'.charAt(i % 3), '')}1${many(n, (i) => ')]}'.charAt((n - 1 - i) % 3), '')}`;
}

/** Statements that are short, and long at work. */
const heavy: readonly Statement[] = [
  ['range', 'SELECT range(1000000000)'],
  ['repeat', "SELECT repeat('x', 1000000000)"],
  ['arrayjoin', 'SELECT arrayJoin(range(100000000))'],
  ['num', 'SELECT count() FROM numbers(100000000000) WHERE sipHash64(number)=1'],
  ['groupby', 'SELECT number, count() FROM numbers(100000000) GROUP BY number'],
  ['sort', 'SELECT number FROM numbers(100000000) ORDER BY sipHash64(number) LIMIT 1'],
  ['uniq', 'SELECT uniqExact(number) FROM numbers(100000000)'],
  ['join big', 'SELECT count() FROM numbers(10000000) a JOIN numbers(10000000) b USING number'],
  ['group array', 'SELECT length(groupArray(number)) FROM numbers(100000000)'],
  ['regex', "SELECT match(repeat('a',100000),'(a*)*b')"],
  ['regex2', "SELECT count() FROM numbers(100000) WHERE match(repeat('a',1000),'(a|a)*(a|a)*(a|a)*b')"],
  ['rand', 'SELECT groupArray(randomString(1000000)) FROM numbers(1000)'],
  ['hash', 'SELECT sum(cityHash64(repeat(toString(number),1000))) FROM numbers(100000000)'],
  [
    'recursive',
    'WITH RECURSIVE t AS (SELECT 1 AS x UNION ALL SELECT x+1 FROM t WHERE x<100000000) SELECT count() FROM t',
  ],
  [
    'window',
    'SELECT sum(number) OVER (ORDER BY number ROWS BETWEEN 100000 PRECEDING AND CURRENT ROW) FROM numbers(1000000)',
  ],
  ['fill', 'SELECT number FROM numbers(1) ORDER BY number WITH FILL FROM 0 TO 1000000000000'],
  ['limitby', 'SELECT number FROM numbers(100000000) LIMIT 1 BY number'],
  ['levenshtein', "SELECT editDistance(repeat('a',100000),repeat('b',100000))"],
  ['ngram', "SELECT ngramDistance(repeat('ab',10000000),'a')"],
  ['format', 'SELECT number FROM numbers(100000000) FORMAT JSON'],
  [
    'cube',
    'SELECT count() FROM numbers(100000) GROUP BY CUBE(number%2,number%3,number%5,number%7,number%11,number%13,number%17,number%19,number%23,number%29)',
  ],
];

/** Statements that cost a ClickHouse that lets them run seconds to minutes, gigabytes, or its life. */
export const hostileStatements: readonly Statement[] = [
  ...[10, 50, 200, 1_000, 5_000].flatMap(growing),
  ...heavy,
];
