import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { refuseExcess } from '../../../src/store/embedded/reader-limits.js';
import { tokenize } from '../../../src/store/embedded/statement.js';
import type { EngineProcess } from '../../../src/store/embedded/process.js';
import { openEngine } from '../engine.js';
import { hostileStatements } from '../hostile-statements.js';
import { temporaryFolder } from '../sample.js';

const nested = (levels: number): string =>
  `${'SELECT * FROM ('.repeat(levels - 1)}SELECT 1${')'.repeat(levels - 1)}`;
const tables = (count: number, between: string): string =>
  `SELECT 1 FROM ${Array.from({ length: count }, (_, index) => `t${index}`).join(between)}`;

const cases: readonly (readonly [name: string, sql: string, refused: RegExp | null])[] = [
  ['a short statement', 'SELECT 1', null],
  ['24 brackets', `SELECT ${'('.repeat(24)}1${')'.repeat(24)}`, null],
  ['25 brackets', `SELECT ${'('.repeat(25)}1${')'.repeat(25)}`, /24 brackets/],
  ['brackets of three kinds', `SELECT ${'([{'.repeat(9)}`, /24 brackets/],
  ['brackets that only close', `SELECT ${')'.repeat(100)}`, null],
  ['brackets inside a string', `SELECT '${'('.repeat(100)}'`, null],
  ['8 SELECTs inside one another', nested(8), null],
  ['9 SELECTs inside one another', nested(9), /8 SELECTs inside one another/],
  ['24 SELECTs beside one another', Array.from({ length: 24 }, () => 'SELECT 1').join(' UNION ALL '), null],
  ['25 SELECTs', Array.from({ length: 25 }, () => 'SELECT 1').join(' UNION ALL '), /24 SELECTs/],
  ['12 joins', tables(13, ' JOIN '), null],
  ['13 joins', tables(14, ' JOIN '), /12 joins/],
  ['12 commas between tables', tables(13, ', '), null],
  ['13 commas between tables', tables(14, ', '), /12 joins/],
  ['commas elsewhere', `SELECT ${'1, '.repeat(50)}1 FROM t GROUP BY ${'1, '.repeat(50)}1`, null],
  ['commas inside a call in FROM', `SELECT 1 FROM values(${'1, '.repeat(50)}1)`, null],
  ['5,000 words and marks', `SELECT ${'1,'.repeat(2_499)}1`, null],
  ['5,002 words and marks', `SELECT ${'1,'.repeat(2_500)}1`, /5000 words/],
  ['32,768 characters', `SELECT '${'x'.repeat(32_759)}'`, null],
  ['32,769 characters', `SELECT '${'x'.repeat(32_760)}'`, /32768 characters/],
];
for (const [name, sql, refused] of cases) {
  it(`${refused === null ? 'lets' : 'refuses'} ${name}`, () => {
    const check = (): void => refuseExcess(sql, () => tokenize(sql));
    if (refused === null) check();
    else assert.throws(check, refused);
  });
}

describe('an engine with hostile readers', () => {
  let engine: EngineProcess;
  let url: string;
  before(async () => {
    engine = await openEngine(temporaryFolder(), { readerCpuMs: 300 });
    ({ url } = await engine.address());
  });
  after(() => engine.close());

  async function ask(sql: string): Promise<{ readonly status: number; readonly text: string }> {
    const headers = { 'x-clickhouse-user': 'reader', 'x-clickhouse-key': 'reader-password' };
    const answer = await fetch(url, { method: 'POST', body: sql, headers });
    return { status: answer.status, text: await answer.text() };
  }

  it('answers every statement with its own error or result, and lives', { timeout: 120_000 }, async () => {
    const { pid } = engine;
    for (const [name, sql] of hostileStatements) {
      const { status, text } = await ask(sql);
      assert.ok(status === 200 || /^Code: \d+\. DB::Exception: /.test(text), `${name}: ${status} ${text}`);
      assert.doesNotMatch(text, /fatal error/, name);
    }
    assert.equal((await ask('SELECT 1')).text, '1\n');
    assert.equal(engine.pid, pid);
  });

  for (const [name, sql] of [
    ['computes', 'SELECT count() FROM numbers(100000000000) WHERE sipHash64(number) = 1'],
    ['joins', tables(7, ', ').replaceAll(/t\d/g, 'numbers(99) AS $&').replace('1', 'count()')],
    [
      'works long inside one operator',
      'SELECT sum(number) OVER (ORDER BY number ROWS BETWEEN 100000 PRECEDING AND CURRENT ROW) FROM numbers(1000000)',
    ],
  ] as const) {
    it(`stops a statement that ${name} for more than its processor time`, async () => {
      assert.match((await ask(sql)).text, /^Code: 159\. .*more than 300 ms of processor time/);
    });
  }
});
