import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { storeConfig } from '../../src/store/config.js';
import { Database } from '../../src/store/database.js';

/** A server that answers every request with the next of these, the last one over and over. */
async function answering(t: TestContext, ...bodies: readonly string[]) {
  let asked = 0;
  const server = createServer((request, response) => {
    const body = bodies[Math.min(asked, bodies.length - 1)] ?? '';
    asked += 1;
    request.resume();
    const code = /^Code: (\d+)/.exec(body)?.[1];
    if (code !== undefined) response.writeHead(500, { 'x-clickhouse-exception-code': code });
    response.end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const database = new Database(storeConfig.parse({ mode: 'server', url }), null);
  t.after(async () => {
    await database.close();
    server.close();
  });
  return { database, asked: () => asked };
}

describe('an answer of the database', () => {
  const full =
    'Code: 241. DB::Exception: (total) memory limit exceeded: would use 902.11 MiB. (MEMORY_LIMIT_EXCEEDED)';

  it('that all of its memory is in use at the moment is followed by another try', async (t) => {
    const server = await answering(t, full, '{"n":1}\n{"n":2}\n');
    assert.deepEqual(await server.database.rows('SELECT n'), [{ n: 1 }, { n: 2 }]);
    assert.equal(server.asked(), 2);
  });

  it('that the query itself takes too much is final', async (t) => {
    const server = await answering(t, full.replace('(total)', 'Query'), '');
    await assert.rejects(server.database.rows('SELECT n'), /memory limit exceeded/);
    assert.equal(server.asked(), 1);
  });

  it('that ends within a row is not taken for fewer rows', async (t) => {
    const server = await answering(t, '{"n":1}\n{"n":', '{"n":1}\n{"n":2}\n');
    assert.equal((await server.database.rows('SELECT n')).length, 2);
  });
});

describe('a database that answers a byte at a time', () => {
  it('is given up when its time is over, though its answer never stands still', async () => {
    const ends: Promise<unknown>[] = [];
    const server = createServer((request, response) => {
      ends.push(once(response, 'close'));
      request.resume();
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(drip));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const config = storeConfig.parse({
      mode: 'server',
      url,
      requestTimeoutMs: 1_000,
      query: { maxSeconds: 1 },
    });
    const database = new Database(config, null);
    const late = /no answer within [12] s/;
    await assert.rejects(database.rows('SELECT 1'), late);
    const batch = { table: 't', columns: ['a'], rows: 1, pieces: [Buffer.from('x')], token: 'token' };
    await assert.rejects(database.insert(batch), late);
    await Promise.all(ends);
    await database.close();
    server.close();
  });
});
