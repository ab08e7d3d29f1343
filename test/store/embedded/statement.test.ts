import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bindParameters, quoteString } from '../../../src/store/embedded/parameters.js';
import {
  dataInsert,
  outputFormat,
  statementKind,
  StatementError,
  tokenize,
} from '../../../src/store/embedded/statement.js';

describe('reading a statement', () => {
  const kinds: readonly (readonly [sql: string, kind: string])[] = [
    ['SELECT 1', 'read'],
    [' /* x */ -- y\n select 1', 'read'],
    ['(SELECT 1)', 'read'],
    ['WITH 1 AS x SELECT x;', 'read'],
    ['show tables', 'read'],
    ["SELECT ';' AS a, `;` AS b", 'read'],
    ["SELECT 'it''s ; \\' ;'", 'read'],
    ['SELECT $tag$ ; INTO OUTFILE $tag$', 'read'],
    ['SELECT 1 -- ; DROP', 'read'],
    ['INSERT INTO t VALUES (1)', 'insert'],
    ['ALTER TABLE t DELETE WHERE 1', 'change'],
    ['CREATE TABLE t (a UInt8)', 'define'],
    ['KILL QUERY WHERE 1', 'define'],
  ];
  for (const [sql, kind] of kinds) {
    it(`${JSON.stringify(sql)} is of kind ${kind}`, () => {
      assert.equal(statementKind(tokenize(sql)), kind);
    });
  }

  const refused: readonly string[] = [
    '',
    ';',
    '-- nothing',
    'SELECT 1; SELECT 2',
    'SELECT 1;;',
    "SELECT 'open",
    'SELECT `open',
    'SELECT /* open',
    'SELECT $a$ open',
    'SELECT \u2018x\u2019',
    'SELECT \0',
    "SELECT 1 INTO OUTFILE 'x'",
    "SELECT 1 into/**/outfile 'x'",
    "INSERT INTO t FROM INFILE 'x'",
  ];
  for (const sql of refused) {
    it(`refuses ${JSON.stringify(sql)}`, () => {
      assert.throws(() => statementKind(tokenize(sql)), StatementError);
    });
  }

  const inserts: readonly (readonly [sql: string, insert: unknown])[] = [
    ['INSERT INTO t FORMAT Native', { table: ['t'], columns: null, format: 'Native' }],
    [
      'insert into table d.t (a, `b c`) format CSV ;',
      { table: ['d', 't'], columns: ['a', 'b c'], format: 'CSV' },
    ],
    ['INSERT INTO t (a) VALUES (1)', null],
    ['INSERT INTO t SELECT 1', null],
    ["INSERT INTO FUNCTION file('x') FORMAT CSV", null],
    ['INSERT INTO t (a FORMAT CSV', null],
    ['INSERT INTO t FORMAT CSV extra', null],
  ];
  for (const [sql, insert] of inserts) {
    it(`${insert === null ? 'sees no data in' : 'finds table, columns and format of'} ${sql}`, () => {
      assert.deepEqual(dataInsert(sql, tokenize(sql)), insert);
    });
  }

  const formats: readonly (readonly [sql: string, format: string | null])[] = [
    ['SELECT 1', null],
    ['SELECT 1 FORMAT JSON', 'JSON'],
    ['SELECT 1 format JSONEachRow settings max_threads = 1', 'JSONEachRow'],
    ["SELECT format('{}', 1)", null],
    ["SELECT 'FORMAT JSON'", null],
  ];
  for (const [sql, format] of formats) {
    it(`the output format of ${sql} is ${format}`, () => {
      assert.equal(outputFormat(sql, tokenize(sql)), format);
    });
  }

  it('ends, with tokens or our error, on whatever text', () => {
    const pieces = [
      "'",
      '"',
      '`',
      '\\',
      '/*',
      '*/',
      '--',
      '\n',
      ';',
      '$',
      '{',
      '}',
      'a',
      'OUTFILE',
      ' ',
      '0x1',
      '\u2019',
      '\0',
      '🙂',
    ];
    let seed = 42;
    const random = (below: number): number =>
      (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    for (let round = 0; round < 20_000; round += 1) {
      const text = Array.from({ length: random(30) }, () => pieces[random(pieces.length)]).join('');
      try {
        const tokens = tokenize(text);
        for (const token of tokens) assert.ok(token.end > token.start && token.end <= text.length);
      } catch (error) {
        assert.ok(error instanceof StatementError, String(error));
      }
    }
  });

  it('takes a megabyte of nested quotes in no time', () => {
    const start = performance.now();
    for (const text of [
      "'".repeat(1_000_001),
      "'\\".repeat(500_000),
      '/*'.repeat(500_000),
      '$a$'.repeat(300_001),
    ]) {
      try {
        tokenize(text);
      } catch (error) {
        assert.ok(error instanceof StatementError || error instanceof RangeError, String(error));
      }
    }
    assert.ok(performance.now() - start < 5_000);
  });
});

describe('binding parameters', () => {
  const bound = (sql: string, values: Record<string, string>): string =>
    bindParameters(sql, tokenize(sql), new Map(Object.entries(values)));

  const cases: readonly (readonly [sql: string, values: Record<string, string>, result: string])[] = [
    ['SELECT {a:String}', { a: "it's" }, "SELECT 'it\\'s'"],
    ['SELECT {a:UInt8}', { a: '1' }, "SELECT CAST('1', 'UInt8')"],
    ['SELECT { a : Nullable(String) }', { a: '\\N' }, "SELECT CAST(NULL, 'Nullable(String)')"],
    ['SELECT {a:Array(String)}', { a: "['x\\'']" }, "SELECT CAST('[\\'x\\\\\\'\\']', 'Array(String)')"],
    ['SELECT {a:String}', { a: 'tab\\tback\\\\' }, "SELECT 'tab\tback\\\\'"],
    ['SELECT {a:Identifier}', { a: 'x`y' }, 'SELECT `x\\`y`'],
    ["SELECT '{a:String}', {a:String}", { a: 'v' }, "SELECT '{a:String}', 'v'"],
    ["SELECT {'a': 1}", {}, "SELECT {'a': 1}"],
    ['SELECT {a:String}, {b:String}', { a: '{b:String}', b: 'x' }, "SELECT '{b:String}', 'x'"],
  ];
  for (const [sql, values, result] of cases) {
    it(`${sql} with ${JSON.stringify(values)}`, () => {
      assert.equal(bound(sql, values), result);
    });
  }

  it('refuses a parameter that has no value', () => {
    assert.throws(() => bound('SELECT {a:String}', {}), /`a` is not set/);
  });

  it('lets no value out of its quotes', () => {
    for (const value of ["'", "\\'", "\\\\'", "'; DROP", '\0', "\\\\\\'"]) {
      const tokens = tokenize(`SELECT ${quoteString(value)}`);
      assert.deepEqual(
        tokens.map((token) => token.kind),
        ['word', 'string'],
      );
    }
  });
});
