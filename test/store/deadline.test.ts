import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { storeConfig } from '../../src/store/config.js';
import { Database } from '../../src/store/database.js';

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
