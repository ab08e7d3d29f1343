import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ClickHouseError,
  ClickHouseLogLevel,
  createClient,
  type ClickHouseClient,
  type ClickHouseSettings,
} from '@clickhouse/client';
import { noServer } from './server.js';
import { elsewhere, embedded, real, type Served } from './served.js';

/**
 * What Certglass relies on in ClickHouse's HTTP protocol, run against the embedded engine and a server of the same version or, with
 * CERTGLASS_TEST_CLICKHOUSE_URL=http://user:password@host:8123, against that one (it makes and drops a database there).
 */
const outside = process.env['CERTGLASS_TEST_CLICKHOUSE_URL'];
if (outside === undefined) {
  describe('the HTTP protocol of the embedded engine', () => contract('certglass', embedded));
  describe('the HTTP protocol of a server', { skip: noServer }, () => contract('contract', real));
} else {
  describe('the HTTP protocol of the server', () =>
    contract(`certglass_contract_${process.pid}`, () => Promise.resolve(elsewhere(outside))));
}

function contract(database: string, start: () => Promise<Served>): void {
  let address: Served;
  let client: ClickHouseClient;

  function connect(change: object = {}): ClickHouseClient {
    const { url, username, password } = address;
    return createClient({
      url,
      username,
      password,
      database,
      max_open_connections: 8,
      use_multipart_params_auto: true,
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
      ...change,
    });
  }

  before(async () => {
    address = await start();
    const first = connect({ database: 'default' });
    await first.command({ query: `CREATE DATABASE IF NOT EXISTS ${database} ENGINE = Atomic` });
    await first.close();
    client = connect();
  });
  after(async () => {
    await client.command({ query: `DROP DATABASE ${database} SYNC` });
    await client.close();
    await address.stop();
  });

  async function rows<T = Record<string, unknown>>(
    query: string,
    parameters: Record<string, unknown> = {},
  ): Promise<T[]> {
    const result = await client.query({ query, query_params: parameters, format: 'JSONEachRow' });
    return result.json<T>();
  }

  async function table(
    name: string,
    columns: string,
    tail = 'ENGINE = MergeTree ORDER BY tuple()',
  ): Promise<void> {
    await client.command({ query: `CREATE TABLE ${name} (${columns}) ${tail}` });
  }

  async function failure(promise: Promise<unknown>): Promise<ClickHouseError> {
    const error = await promise.then(
      () => assert.fail('should have been refused'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof ClickHouseError, String(error));
    return error;
  }

  it('answers a ping', async () => {
    assert.deepEqual((await client.ping()).success, true);
  });

  const values: readonly (readonly [type: string, value: unknown, answer?: unknown])[] = [
    ['String', 'plain'],
    ['String', ''],
    ['String', '\\N'],
    ['String', `nul \0 tab \t new \n line \r quote ' " \` backslash \\ brace {x:String} 🙂 é`],
    ['String', "'; DROP TABLE x; --"],
    ['Nullable(String)', null],
    ['Nullable(String)', "it's"],
    ['UInt64', '18446744073709551615'],
    ['Int64', '-9223372036854775808'],
    ['UInt32', 4_294_967_295],
    ['Float64', 0.5],
    ['Bool', true],
    ['Array(String)', []],
    ['Array(String)', ["it's", 'a,b', '[x]', '\\', '\t', '\0', '', '🙂']],
    ['Array(UInt64)', [1, 2], ['1', '2']],
    ['Array(Array(String))', [['a'], [], ["b'"]]],
    ['DateTime64(3)', new Date('2026-11-23T12:00:00.123Z'), '2026-11-23 12:00:00.123'],
    ['DateTime64(3)', new Date('1999-01-01T00:00:00.000Z'), '1999-01-01 00:00:00.000'],
  ];
  for (const [type, value, answer] of values) {
    it(`binds a ${type} parameter: ${JSON.stringify(value)}`, async () => {
      const [row] = await rows<{ value: unknown; type: string }>(
        `SELECT {value:${type}} AS value, toTypeName(value) AS type SETTINGS session_timezone = 'UTC'`,
        { value },
      );
      assert.deepEqual(row?.value, answer ?? value);
      assert.equal(row?.type, type);
    });
  }

  it('takes an identifier as a parameter, and leaves braces in strings and comments alone', async () => {
    const [row] = await rows(
      `SELECT '{a:String}' AS text, /* {b:String} */ {c:String} AS bound, name -- {d:String}
       FROM (SELECT 1 AS name) ORDER BY {e:Identifier}`,
      { c: 'yes', e: 'name' },
    );
    assert.deepEqual(row, { text: '{a:String}', bound: 'yes', name: 1 });
  });

  it('takes a list of ten thousand values', async () => {
    const list = Array.from({ length: 10_000 }, (_, index) => `value ${index}`);
    const [row] = await rows(
      `SELECT length({list:Array(String)}) AS n, 'value 77' IN {list:Array(String)} AS found`,
      {
        list,
      },
    );
    assert.deepEqual(row, { n: '10000', found: 1 });
  });

  it('answers UInt64 exactly', async () => {
    assert.deepEqual(await rows('SELECT 18446744073709551615 AS n'), [{ n: '18446744073709551615' }]);
  });

  it('lets no setting of one query reach another', async () => {
    const value = async (settings: ClickHouseSettings): Promise<unknown> => {
      const result = await client.query({
        query: `SELECT toString(getSetting('max_block_size')) AS size`,
        format: 'JSONEachRow',
        clickhouse_settings: settings,
      });
      return (await result.json<{ size: string }>())[0]?.size;
    };
    const usual = await value({});
    assert.equal(await value({ max_block_size: '777' }), '777');
    for (let query = 0; query < 10; query += 1) assert.equal(await value({}), usual);
    await value({ readonly: '1' }).catch(() => undefined);
    await table('settings_do_not_stay', 'a UInt8');
  });

  const refusals: readonly (readonly [query: string, code: string, type: string])[] = [
    ['SELECT FROM WHERE', '62', 'SYNTAX_ERROR'],
    ['SELECT * FROM no_such_table', '60', 'UNKNOWN_TABLE'],
    ['SELECT no_such_column', '47', 'UNKNOWN_IDENTIFIER'],
    ['SELECT {absent:String}', '456', 'UNKNOWN_QUERY_PARAMETER'],
    ['SELECT 1; SELECT 2', '62', 'SYNTAX_ERROR'],
    ['SELECT 1; DROP DATABASE system', '62', 'SYNTAX_ERROR'],
    ['SELECT throwIf(number = 3) FROM numbers(5)', '395', 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO'],
    ['SELECT toUInt8({bad:UInt8})', '457', 'BAD_QUERY_PARAMETER'],
  ];
  for (const [query, code, type] of refusals) {
    it(`answers ${JSON.stringify(query)} with ${type}`, async () => {
      const error = await failure(
        client.exec({ query, query_params: { bad: 'not a number' } }).then(({ stream }) => stream.toArray()),
      );
      if (type === 'BAD_QUERY_PARAMETER') assert.match(error.code, /^(6|32|72|457)$/);
      else assert.deepEqual([error.code, error.type], [code, type]);
    });
  }

  it('inserts objects and arrays, with defaults', async () => {
    await table('plain', `a UInt64, b String DEFAULT 'x', c Array(String), d DateTime64(3, 'UTC')`);
    await client.insert({
      table: 'plain',
      format: 'JSONEachRow',
      values: [{ a: '1', c: ["it's"], d: '2026-11-23 12:00:00.5' }],
    });
    await client.insert({
      table: 'plain',
      format: 'JSONCompactEachRow',
      columns: ['a', 'b'],
      values: [
        ['18446744073709551615', 'second \n\n line'],
        ['3', '🙂'],
      ],
    });
    assert.deepEqual(await rows('SELECT a, b, c, toString(d) AS d FROM plain ORDER BY a'), [
      { a: '1', b: 'x', c: ["it's"], d: '2026-11-23 12:00:00.500' },
      { a: '3', b: '🙂', c: [], d: '1970-01-01 00:00:00.000' },
      { a: '18446744073709551615', b: 'second \n\n line', c: [], d: '1970-01-01 00:00:00.000' },
    ]);
  });

  it('takes rows that stand in the statement', async () => {
    await table('in_place', 'a UInt8, b String');
    await client.command({ query: `INSERT INTO in_place (a, b) VALUES (1, 'VALUES ('), (2, ')')` });
    assert.deepEqual(await rows('SELECT * FROM in_place ORDER BY a'), [
      { a: 1, b: 'VALUES (' },
      { a: 2, b: ')' },
    ]);
  });

  it('keeps UTF-8 whole however the body is cut', async () => {
    await table('pieces', 'a String');
    const line = Buffer.from(`${JSON.stringify({ a: 'é🙂日本語'.repeat(50) })}\n`);
    const body = new PassThrough();
    const sent = client.exec({ query: 'INSERT INTO pieces (a) FORMAT JSONEachRow', values: body });
    for (let at = 0; at < line.length; at += 7) {
      body.write(line.subarray(at, at + 7));
      if (at % 70 === 0) await delay(1);
    }
    body.end();
    (await sent).stream.resume();
    assert.deepEqual(await rows('SELECT a FROM pieces'), [{ a: 'é🙂日本語'.repeat(50) }]);
  });

  it('takes binary rows, every byte value included, and gives them back', async () => {
    await table('binary', 'a String');
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const value = Buffer.concat([bytes, Buffer.from('\n\n;\n'), bytes]);
    const native = Buffer.concat([
      Buffer.from([1, 2, 1, 97, 6]),
      Buffer.from('String'),
      ...[0, 1].flatMap(() => [Buffer.from([(value.length & 127) | 128, value.length >> 7]), value]),
    ]);
    const { stream } = await client.exec({
      query: 'INSERT INTO binary (a) FORMAT Native',
      values: Readable.from([native]),
    });
    await stream.toArray();
    assert.deepEqual(await rows('SELECT lower(hex(a)) AS a, count() AS n FROM binary GROUP BY a'), [
      { a: value.toString('hex'), n: '2' },
    ]);
    const out = await client.exec({ query: 'SELECT a FROM binary LIMIT 1 FORMAT RowBinary' });
    assert.deepEqual(Buffer.concat(await out.stream.toArray()).subarray(2), value);
  });

  it('stores a batch with the same token once, in its materialized views as well', async () => {
    const dedup = 'non_replicated_deduplication_window = 100';
    await table('tokens', 'a UInt64', `ENGINE = MergeTree ORDER BY a SETTINGS ${dedup}`);
    await table('tokens_fed', 'a UInt64', `ENGINE = MergeTree ORDER BY a SETTINGS ${dedup}`);
    await client.command({
      query: 'CREATE MATERIALIZED VIEW tokens_feed TO tokens_fed AS SELECT a FROM tokens',
    });
    const native = Buffer.concat([Buffer.from([1, 1, 1, 97, 6]), Buffer.from('UInt64'), Buffer.alloc(8, 1)]);
    for (const token of ['one', 'one', 'two', 'one']) {
      const { stream } = await client.exec({
        query: 'INSERT INTO tokens (a) FORMAT Native',
        values: Readable.from([native]),
        clickhouse_settings: {
          insert_deduplication_token: token,
          deduplicate_blocks_in_dependent_materialized_views: 1,
          async_insert: 0,
        },
      });
      await stream.toArray();
    }
    assert.deepEqual(
      await rows('SELECT (SELECT count() FROM tokens) AS a, (SELECT count() FROM tokens_fed) AS b'),
      [{ a: '2', b: '2' }],
    );
  });

  it('gives nothing of a failed query to the next one', async () => {
    for (const format of ['JSON', 'JSONEachRow', 'TabSeparated'] as const) {
      for (let round = 0; round < 12; round += 1) {
        const query = 'SELECT number, throwIf(number = 90000) FROM numbers(100000)';
        await failure(
          client
            .query({ query, format, clickhouse_settings: { max_block_size: '1000', wait_end_of_query: 1 } })
            .then((result) => result.text()),
        );
        assert.deepEqual(await rows('SELECT 1 AS a'), [{ a: 1 }]);
      }
    }
  });

  it('says what is wrong with rows it cannot take, and takes none of them', async () => {
    await table('strict', 'a UInt8');
    const insert = (text: string): Promise<unknown> =>
      client
        .exec({
          query: 'INSERT INTO strict (a) FORMAT JSONEachRow',
          values: Readable.from([Buffer.from(text)]),
        })
        .then(({ stream }) => stream.toArray());
    const error = await failure(insert('{"a":1}\n{"a":"no number"}\n'));
    assert.notEqual(error.code, '');
    assert.deepEqual(await rows('SELECT count() AS n FROM strict'), [{ n: '0' }]);
    await insert('');
    assert.deepEqual(await rows('SELECT count() AS n FROM strict'), [{ n: '0' }]);
  });

  it('compresses both ways when asked to', async () => {
    await table('compressed', 'a String');
    const compressing = connect({ compression: { request: true, response: true } });
    try {
      await compressing.insert({
        table: 'compressed',
        format: 'JSONEachRow',
        values: [{ a: 'é'.repeat(100_000) }],
      });
      const result = await compressing.query({ query: 'SELECT a FROM compressed', format: 'JSONEachRow' });
      assert.deepEqual(await result.json(), [{ a: 'é'.repeat(100_000) }]);
    } finally {
      await compressing.close();
    }
  });

  it('streams a long answer without holding it', async () => {
    const result = await client.query({
      query: `SELECT number, repeat('x', 200) AS text FROM numbers(300000)`,
      format: 'JSONEachRow',
      clickhouse_settings: { wait_end_of_query: 0, max_block_size: '8192' },
    });
    let count = 0;
    for await (const some of result.stream()) count += some.length;
    assert.equal(count, 300_000);
  });

  it('stops the work when the client goes away', async () => {
    const abort = new AbortController();
    const heavy = 'SELECT count() FROM numbers(200000000000) WHERE sipHash64(number) = 1';
    const running = client
      .query({
        query: heavy,
        abort_signal: abort.signal,
        clickhouse_settings: { readonly: '2', cancel_http_readonly_queries_on_client_close: 1 },
      })
      .catch(() => undefined);
    const inEngine = async (): Promise<number> =>
      (
        await rows(
          `SELECT query FROM system.processes WHERE query LIKE '%200000000000%' AND query NOT LIKE '%processes%'`,
        )
      ).length;
    while ((await inEngine()) === 0) await delay(10);
    abort.abort();
    await running;
    const deadline = Date.now() + 5_000;
    while ((await inEngine()) > 0) {
      assert.ok(Date.now() < deadline, 'the query still runs 5 seconds later');
      await delay(10);
    }
  });

  it('runs light queries at once while heavy ones are at work', async () => {
    const abort = new AbortController();
    const heavy = [1, 2].map(() =>
      client
        .query({
          query: 'SELECT count() FROM numbers(200000000000) WHERE sipHash64({x:UInt64} + number) = 1',
          query_params: { x: 1 },
          abort_signal: abort.signal,
          clickhouse_settings: { max_threads: 1 },
        })
        .catch(() => undefined),
    );
    await delay(50);
    const start = Date.now();
    assert.deepEqual(await rows('SELECT {a:UInt8} AS a', { a: 1 }), [{ a: 1 }]);
    assert.ok(Date.now() - start < 3_000);
    abort.abort();
    await Promise.all(heavy);
  });

  it('holds limits of time, memory and rows, each with its code', async () => {
    const limited = (query: string, settings: ClickHouseSettings): Promise<ClickHouseError> =>
      failure(client.query({ query, clickhouse_settings: settings }).then((result) => result.text()));
    const slow = await limited('SELECT count() FROM numbers(100000000000) WHERE sipHash64(number) = 1', {
      max_execution_time: 1,
    });
    assert.equal(slow.code, '159');
    const large = await limited('SELECT groupArray(repeat(toString(number), 100)) FROM numbers(10000000)', {
      max_memory_usage: '50000000',
    });
    assert.equal(large.code, '241');
    const long = await limited('SELECT * FROM numbers(1000000)', {
      max_result_rows: '10',
      wait_end_of_query: 1,
      max_block_size: '5',
    });
    assert.equal(long.code, '396');
  });
}
