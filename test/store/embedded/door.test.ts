import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { EngineAddress, EngineProcess } from '../../../src/store/embedded/process.js';
import { cityHash128 } from '../../../src/store/embedded/city-hash.js';
import { openEngine } from '../engine.js';
import { temporaryFolder } from '../sample.js';

describe('the door of the embedded engine', () => {
  let engine: EngineProcess;
  let address: EngineAddress;
  const folder = temporaryFolder();
  before(async () => {
    engine = await openEngine(folder);
    address = await engine.address();
    const made = await ask(
      `CREATE TABLE plain (a UInt64, b String, c Array(String), d DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY a`,
      address.username,
      address.password,
    );
    assert.equal(made.status, 200, made.text);
  });
  after(() => engine.close());

  async function ask(
    sql: string,
    user = 'reader',
    password = 'reader-password',
    search = '',
  ): Promise<{ status: number; code: string | null; text: string }> {
    const response = await fetch(`${address.url}/?${search}`, {
      method: 'POST',
      body: sql,
      headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
    });
    return {
      status: response.status,
      code: response.headers.get('x-clickhouse-exception-code'),
      text: await response.text(),
    };
  }

  const readerHeaders = { 'x-clickhouse-user': 'reader', 'x-clickhouse-key': 'reader-password' };

  const forbidden: readonly string[] = [
    `SELECT * FROM file('/etc/passwd', LineAsString)`,
    `SELECT file('/etc/passwd')`,
    "SELECT `file`('/etc/passwd')",
    `SELECT "file" ('/etc/passwd')`,
    `SELECT /* */ FiLe /* */ ('/etc/passwd')`,
    `SELECT x FROM (WITH file('/etc/passwd') AS x SELECT x)`,
    `SELECT arrayMap(f -> file(f), ['/etc/passwd'])`,
    `DESCRIBE TABLE file('/etc/passwd')`,
    `SELECT catboostEvaluate('/tmp/x', 1)`,
    `SELECT aiGenerate('x', 'y')`,
    `SELECT chdb('SELECT 1')`,
    `SELECT * FROM eval('SELECT 1')`,
    `SELECT * FROM merge('system', 'one')`,
    `SELECT * FROM cluster('default', system.one)`,
    `SELECT * FROM clusterAllReplicas('default', system.one)`,
    `SELECT sleep(3)`,
    `SELECT getClientHTTPHeader('a')`,
    `SELECT * FROM url('http://127.0.0.1:1/', LineAsString)`,
    `SELECT * FROM remote('127.0.0.1:1', system.one)`,
    `SELECT * FROM s3('http://127.0.0.1:1/b/x', 'CSV', 'a String')`,
    `SELECT * FROM sqlite('/tmp/x.db', 't')`,
    `SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')`,
    `SELECT * FROM postgresql('127.0.0.1:1', 'a', 'b', 'c', 'd')`,
    `SELECT * FROM mongodb('127.0.0.1:1', 'a', 'b', 'c', 'd', 'x String')`,
    `SELECT * FROM executable('id', 'TabSeparated', 'a String')`,
    `SELECT 1 INTO OUTFILE '/tmp/certglass-outfile'`,
    `SELECT 1 INTO OUTFILE '/tmp/certglass-outfile' TRUNCATE FORMAT CSV`,
    `SELECT 1 INTO/**/OUTFILE '/tmp/certglass-outfile'`,
    `SELECT * FROM (SELECT 1) INTO OUTFILE '/tmp/certglass-outfile' --`,
    `SELECT 1 iNtO\n oUtFiLe '/tmp/certglass-outfile'`,
    `INSERT INTO plain FROM INFILE '/etc/passwd' FORMAT LineAsString`,
    `INSERT INTO plain (a) VALUES (1)`,
    `INSERT INTO FUNCTION file('/tmp/certglass-outfile') SELECT 1`,
    `CREATE TABLE r (a UInt8) ENGINE = Memory`,
    `CREATE TEMPORARY TABLE r (a UInt8)`,
    `ALTER TABLE plain DELETE WHERE 1`,
    `DROP TABLE plain`,
    `TRUNCATE TABLE plain`,
    `SET readonly = 0`,
    `SELECT 1 SETTINGS readonly = 0`,
    `SELECT 1 SETTINGS max_memory_usage = 0`,
    `SYSTEM SHUTDOWN`,
    `KILL QUERY WHERE 1`,
    `USE system`,
    `BACKUP TABLE plain TO File('/tmp/certglass-outfile')`,
    `ATTACH TABLE plain`,
    `SELECT 1; DROP TABLE plain`,
    `SELECT 1 -- \n; DROP TABLE plain`,
    `EXPLAIN AST DROP TABLE plain; DROP TABLE plain`,
  ];
  for (const sql of forbidden) {
    it(`refuses readers: ${sql.replaceAll('\n', '\\n')}`, async () => {
      const { status, code, text } = await ask(sql);
      assert.ok(status >= 400, `${status} ${text}`);
      assert.notEqual(code, null);
      assert.match(text, /^Code: \d+\. DB::Exception: /);
      assert.ok(!text.includes('root:'));
      assert.ok(!existsSync('/tmp/certglass-outfile'));
    });
  }

  const own: readonly string[] = [
    `SELECT 1 INTO OUTFILE '/tmp/certglass-outfile'`,
    `INSERT INTO plain FROM INFILE '/etc/passwd' FORMAT LineAsString`,
    `SELECT 1; SELECT 2`,
  ];
  for (const sql of own) {
    it(`refuses the product itself: ${sql}`, async () => {
      const { status } = await ask(sql, address.username, address.password);
      assert.ok(status >= 400);
      assert.ok(!existsSync('/tmp/certglass-outfile'));
    });
  }

  it('lets readers ask what Grafana asks, settings it sends included', async () => {
    for (const sql of [
      'SELECT 1',
      'SHOW DATABASES',
      'SHOW TABLES FROM certglass',
      'DESC TABLE plain',
      'DESCRIBE TABLE certglass.plain',
      'SELECT name FROM system.columns LIMIT 1',
      'SELECT name FROM system.functions LIMIT 1',
      '/* grafana */ SELECT count() FROM plain -- end',
      'WITH 1 AS x SELECT x',
      'EXPLAIN SELECT 1',
      'SELECT toStartOfInterval(d, INTERVAL 5 minute) AS t, countIf(a > 1), uniqExactIf(b, a IN (1, 2)), quantile(0.5)(a) FROM plain GROUP BY t ORDER BY t',
      'SELECT count(*) OVER (PARTITION BY a ORDER BY b) FROM plain WHERE (a, b) IN (SELECT a, b FROM plain) AND NOT (a = 1)',
      "SELECT multiIf(a > 1, 'x', 'y'), if(a = 1, 2, 3), CASE WHEN (a = 1) THEN (2) ELSE (3) END, splitByChar('.', b)[1] FROM plain",
      "SELECT * FROM numbers(3) AS n INNER JOIN (SELECT 1 AS x) AS y ON (n.number = y.x) WHERE match(toString(number), '^[0-9]+$')",
      "SELECT toUnixTimestamp64Milli(d), fromUnixTimestamp(1), reverse(b), formatDateTime(d, '%F'), dateDiff('day', d, now()) FROM plain",
      '(SELECT 1)',
      'SELECT 1;',
    ]) {
      const { status, text } = await ask(
        sql,
        'reader',
        'reader-password',
        'database=certglass&max_execution_time=60&limit=1000',
      );
      assert.equal(status, 200, `${sql}: ${text}`);
    }
  });

  const strangers: readonly (readonly [string, string])[] = [
    ['reader', 'wrong'],
    ['reader', ''],
    ['certglass', 'reader-password'],
    ['default', ''],
    ['', ''],
  ];
  for (const [user, password] of strangers) {
    it(`refuses ${JSON.stringify(user)} with password ${JSON.stringify(password)}`, async () => {
      const { status, code } = await ask('SELECT 1', user, password);
      assert.deepEqual([status, code], [401, '516']);
    });
  }

  it('refuses other databases, roles and strange settings', async () => {
    const searches = ['database=system', 'role=admin', 'a-b=1', 'x%20y=1', 'no_such_setting=1'];
    for (const search of searches) {
      const { status } = await ask('SELECT 1', address.username, address.password, search);
      assert.ok(status >= 400, search);
    }
  });

  it('ignores a session, since nothing outlives a request', async () => {
    const search = 'session_id=1&session_check=0&session_timeout=60';
    for (let asked = 0; asked < 2; asked += 1)
      assert.equal((await ask('SELECT 1', 'reader', 'reader-password', search)).text, '1\n');
  });

  it('lets readers ask who and where they are, as drivers do', async () => {
    const { status, text } = await ask("SELECT currentUser(), timezone(), version() != '', queryID() != ''");
    assert.equal(status, 200, text);
    assert.match(text, /^\w+\tUTC\t1\t1\n$/);
  });

  const formats = [
    [
      'a statement names its format',
      'SELECT 1 AS a FORMAT CSVWithNames',
      'default_format=TSV',
      'JSON',
      '"a"\n1\n',
    ],
    ['the URL names it', 'SELECT 1 AS a', 'default_format=CSVWithNames', 'JSON', '"a"\n1\n'],
    ['a header names it', 'SELECT 1 AS a', '', 'CSVWithNames', '"a"\n1\n'],
  ] as const;
  for (const [name, sql, search, format, expected] of formats) {
    it(`answers in the right format when ${name}`, async () => {
      const headers = { ...readerHeaders, 'x-clickhouse-format': format };
      const answer = await fetch(`${address.url}/?${search}`, { method: 'POST', body: sql, headers });
      assert.equal(await answer.text(), expected);
    });
  }

  for (const rows of [1, 400_000]) {
    it(`answers ${rows} rows in checksummed blocks`, async () => {
      for (const search of ['compress=1', 'compress=1&wait_end_of_query=0']) {
        const sql = `SELECT number FROM numbers(${rows}) FORMAT TabSeparated`;
        const answer = await fetch(`${address.url}/?${search}`, {
          method: 'POST',
          body: sql,
          headers: readerHeaders,
        });
        const text = readBlocks(Buffer.from(await answer.arrayBuffer())).toString();
        assert.equal(text, Array.from({ length: rows }, (_, row) => `${row}\n`).join(''));
      }
    });
  }

  it('answers an error as text, whatever packing was asked for', async () => {
    const { status, text } = await ask('SELECT nonsense', 'reader', 'reader-password', 'compress=1');
    assert.equal(status, 500);
    assert.match(text, /^Code: 47\. DB::Exception: /);
  });

  it('refuses too long a statement, too much data and bombs, and serves the next request', async () => {
    const { status } = await ask(`SELECT '${'x'.repeat(5_000_000)}'`, address.username, address.password);
    assert.equal(status, 413);
    const bomb = await fetch(`${address.url}/?query=INSERT+INTO+plain+FORMAT+TSV`, {
      method: 'POST',
      body: gzipSync(Buffer.alloc(100_000_000)),
      headers: {
        'content-encoding': 'gzip',
        'x-clickhouse-user': address.username,
        'x-clickhouse-key': address.password,
      },
    });
    assert.equal(bomb.status, 413);
    const broken = await fetch(`${address.url}/?query=INSERT+INTO+plain+FORMAT+TSV`, {
      method: 'POST',
      body: 'no gzip at all',
      headers: {
        'content-encoding': 'gzip',
        'x-clickhouse-user': address.username,
        'x-clickhouse-key': address.password,
      },
    });
    assert.ok(broken.status >= 400);
    assert.equal((await ask('SELECT 1')).text, '1\n');
  });

  it('leaves no upload behind', async () => {
    assert.deepEqual(readdirSync(join(folder, 'engine', 'uploads')), []);
  });
});

/** Undoes ClickHouse's compressed blocks: checksum, method, sizes, one LZ4 sequence of literals. */
function readBlocks(bytes: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = bytes.readUInt32LE(at + 17);
    const body = bytes.subarray(at + 16, at + 16 + size);
    assert.deepEqual(cityHash128(body), [bytes.readBigUInt64LE(at), bytes.readBigUInt64LE(at + 8)]);
    assert.equal(body[0], 0x82);
    const length = body.readUInt32LE(5);
    pieces.push(body.subarray(body.length - length));
    assert.equal(lz4Literals(body.subarray(9)), length);
    at += 16 + size;
  }
  return Buffer.concat(pieces);
}

/** Length of the literals that a sequence announces (LZ4 block format, "Compressed block format"). */
function lz4Literals(data: Buffer): number {
  let length = (data[0] ?? 0) >> 4;
  for (let at = 1; length >= 15 && at < data.length; at += 1) {
    length += data[at] ?? 0;
    if (data[at] !== 255) break;
  }
  return length;
}
