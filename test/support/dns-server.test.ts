import assert from 'node:assert/strict';
import { Resolver } from 'node:dns/promises';
import { it } from 'node:test';
import { startDnsServer } from './dns-server.js';

it('answers for the names it knows, and says that others do not exist', async () => {
  const server = await startDnsServer({ 'www.example.test': ['127.0.0.1', '127.0.0.2', '::1'] });
  const resolver = new Resolver();
  resolver.setServers([server.address]);
  assert.deepEqual(await resolver.resolve4('www.example.test'), ['127.0.0.1', '127.0.0.2']);
  assert.deepEqual(await resolver.resolve6('WWW.example.test'), ['::1']);
  await assert.rejects(resolver.resolve4('nowhere.test'), { code: 'ENOTFOUND' });
  await server.close();
});
