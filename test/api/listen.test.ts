import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { apiConfig, defaultPort, isLoopbackHost } from '../../src/api/config.js';
import { listen } from '../../src/api/listen.js';
import { api, secrets, tokens } from './parts.js';

describe('listening', () => {
  it('returns the address it answers on', async () => {
    const app = await api();
    const url = await listen(app, apiConfig.parse({ port: 0 }));
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal((await fetch(`${url}/health/live`)).status, 200);
    await app.close();
  });

  it('takes the next free port when the default one is taken', async () => {
    const blocker = createServer().listen(defaultPort, '127.0.0.1');
    await Promise.race([once(blocker, 'listening'), once(blocker, 'error')]);
    const app = await api();
    const url = await listen(app, apiConfig.parse({}));
    assert.ok(Number(new URL(url).port) > defaultPort, url);
    await app.close();
    blocker.close();
  });

  it('says what to do when a chosen port is taken', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as AddressInfo;
    const app = await api();
    await assert.rejects(
      listen(app, apiConfig.parse({ port })),
      /something else does; choose another api\.port/,
    );
    await app.close();
    blocker.close();
  });

  it('S1: refuses to listen beyond loopback without a token', async () => {
    const app = await api();
    for (const host of ['0.0.0.0', '::', 'example.internal'])
      await assert.rejects(listen(app, { ...apiConfig.parse({}), host }), /without a token/, host);
    await app.close();
  });

  it('ends a connection that sends its request too slowly, and finishes what is under way when closing', async () => {
    const app = await api();
    assert.equal(app.server.requestTimeout, 30_000);
    assert.equal(app.server.headersTimeout, 10_000);
    await app.close();
  });
});

describe('API configuration', () => {
  for (const [name, settings] of [
    ['a short token', { tokens: [{ name: 'a', token: 'short' }] }],
    ['a token with a space', { tokens: [{ name: 'a', token: `${secrets.admin} x` }] }],
    ['an unknown role', { tokens: [{ name: 'a', token: secrets.admin, role: 'root' }] }],
    ['two tokens of one name', { tokens: [tokens[0], tokens[0]] }],
    ['a name that could forge a log line', { tokens: [{ name: 'a\nb', token: secrets.admin }] }],
    ['an unknown key', { cors: true }],
    ['a port above 65,535', { port: 65_536 }],
  ] as const)
    it(`refuses ${name}`, () => assert.equal(apiConfig.safeParse(settings).success, false));

  it('needs nothing: loopback, no token', () => {
    const { host, port, tokens: none } = apiConfig.parse({});
    assert.deepEqual([host, port, none], ['127.0.0.1', 8450, []]);
    assert.ok(apiConfig.safeParse({ host: '0.0.0.0', tokens }).success);
  });

  for (const [host, expected] of [
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['localhost', true],
    ['::1', true],
    ['[::1]', true],
    ['0.0.0.0', false],
    ['::', false],
    ['127.0.0.1.example.com', false],
    ['localhost.example.com', false],
    ['10.0.0.1', false],
  ] as const)
    it(`calls ${host} ${expected ? '' : 'not '}loopback`, () => assert.equal(isLoopbackHost(host), expected));
});
