import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import { storeConfig } from '../../src/store/config.js';
import { Database } from '../../src/store/database.js';

/** Settings that a query and an insert send in this mode. */
async function settingsSent(
  mode: 'server' | 'cluster',
): Promise<{ query: URLSearchParams; insert: URLSearchParams }> {
  const seen: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    seen.push(new URL(String(request.url), 'http://server').searchParams);
    request.resume().on('end', () => response.end('{"started":"1"}\n'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const database = new Database(
    storeConfig.parse({ mode, url, ...(mode === 'cluster' ? { cluster: 'main' } : {}) }),
    null,
  );
  try {
    await database.rows('SELECT 1');
    await database.insert({
      table: 't',
      columns: ['a'],
      rows: 1,
      pieces: [Buffer.from('x')],
      token: 'token',
    });
    const [query, insert] = [seen[0], seen.at(-1)];
    assert.ok(query && insert);
    return { query, insert };
  } finally {
    await database.close();
    server.close();
  }
}

it('asks a cluster so that subqueries reach all shards and inserts are answered when every shard has its rows', async () => {
  const { query, insert } = await settingsSent('cluster');
  for (const sent of [query, insert]) {
    assert.equal(sent.get('distributed_product_mode'), 'global');
    assert.equal(sent.get('distributed_foreground_insert'), '1');
  }
  assert.equal(insert.get('insert_quorum'), 'auto');
  assert.match(String(insert.get('insert_deduplication_token')), /^token /);
});

it('asks a single server without any of that', async () => {
  const { query, insert } = await settingsSent('server');
  for (const sent of [query, insert])
    for (const name of ['distributed_product_mode', 'distributed_foreground_insert', 'insert_quorum'])
      assert.equal(sent.get(name), null, name);
});
