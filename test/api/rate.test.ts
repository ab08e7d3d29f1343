import assert from 'node:assert/strict';
import { it } from 'node:test';
import { api } from './parts.js';

it('bounds the requests of an address, not those of others, and never health', async () => {
  const app = await api({ requestsPerSecond: 1 });
  const ask = async (remoteAddress: string, url = '/api/v1/rules') =>
    (await app.inject({ url, remoteAddress })).statusCode;
  const codes: number[] = [];
  for (let n = 0; n < 20; n += 1) codes.push(await ask('127.0.0.1'));
  assert.deepEqual(codes.slice(0, 2), [200, 200]);
  assert.ok(codes.includes(429));
  assert.equal(await ask('127.0.0.2'), 200);
  assert.equal(await ask('127.0.0.1', '/health/live'), 200);
  const refused = await app.inject({ url: '/api/v1/rules', remoteAddress: '127.0.0.1' });
  if (refused.statusCode === 429) assert.equal(refused.headers['retry-after'], '1');
  await app.close();
});
