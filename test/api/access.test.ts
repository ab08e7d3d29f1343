import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InjectOptions } from 'fastify';
import { api, bearer, secrets, tokens, noActions } from './parts.js';

type Method = 'GET' | 'POST' | 'DELETE';

/** Every documented route, and the undocumented ones, with its parameters filled in. */
async function routes(): Promise<{ method: Method; url: string }[]> {
  const app = await api();
  await app.ready();
  const found = Object.entries(app.swagger().paths ?? {}).flatMap(([path, operations]) =>
    Object.keys(operations ?? {}).map((method) => ({
      method: method.toUpperCase() as Method,
      url: path.replace('{sha256}', 'a'.repeat(64)).replace('{id}', 'b'.repeat(32)),
    })),
  );
  await app.close();
  return [...found, { method: 'GET', url: '/api/openapi.json' }, { method: 'GET', url: '/api/docs' }];
}

const everyRoute = routes();
const open = new Set([
  '/health/live',
  '/health/ready',
  '/api/v1/session',
  '/api/v1/session/setup',
  '/api/v1/session/oidc',
  '/api/v1/session/oidc/callback',
]);
const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"role":"admin"}').toString('base64url')}.`;

describe('S1: without the right token', () => {
  const cases: readonly [string, InjectOptions][] = [
    ['no token', {}],
    ['an unknown token', { headers: bearer('x'.repeat(30)) }],
    ['a token cut short', { headers: bearer(secrets.admin.slice(0, -1)) }],
    ['a token with more behind it', { headers: bearer(`${secrets.admin}x`) }],
    ['an expired token', { headers: bearer(secrets.expired) }],
    ['an unsigned JWT', { headers: bearer(unsigned) }],
    ['another scheme', { headers: { authorization: `Basic ${secrets.admin}` } }],
    ['a token in the URL', { query: { access_token: secrets.admin, token: secrets.admin } }],
    ['a token in a cookie', { headers: { cookie: `token=${secrets.admin}` } }],
    ['two tokens', { headers: { authorization: `Bearer ${secrets.admin} ${secrets.admin}` } }],
  ];
  for (const [name, request] of cases) {
    it(`no route answers to ${name}`, async () => {
      const app = await api({ tokens });
      const all = await everyRoute;
      assert.ok(all.length > 20);
      for (const [index, { method, url }] of all.entries()) {
        if (open.has(url)) continue;
        const remoteAddress = `192.0.2.${index}`;
        const answer = await app.inject({ method, url, remoteAddress, ...request });
        assert.equal(answer.statusCode, 401, `${method} ${url}`);
        assert.match(String(answer.headers['www-authenticate']), /^Bearer realm="certglass"/);
        assert.equal(answer.json().status, 401);
      }
      await app.close();
    });
  }

  it('unknown paths do not tell that they are unknown', async () => {
    const app = await api({ tokens });
    for (const url of ['/api', '/api/v2/findings', '/api/v1/../../etc/passwd', '/metrics/x'])
      assert.equal((await app.inject(url)).statusCode, 401, url);
    assert.equal((await app.inject({ url: '/api/v2', headers: bearer(secrets.reader) })).statusCode, 404);
    await app.close();
  });

  it('health answers, and says nothing of the inside', async () => {
    const health = async () => ({
      ok: false,
      detail: 'connect ECONNREFUSED 10.1.2.3:8123',
      spooledBytes: 0,
      blocked: false,
    });
    const app = await api({ tokens }, { health });
    assert.deepEqual((await app.inject('/health/live')).json(), { status: 'ok', version: '0.0.0-test' });
    const ready = await app.inject('/health/ready');
    assert.equal(ready.statusCode, 503);
    assert.deepEqual(ready.json(), { status: 'unavailable', version: '0.0.0-test' });
    await app.close();
  });
});

describe('S1: roles', () => {
  it('a reader may do nothing but read', async () => {
    const app = await api({ tokens });
    for (const { method, url } of await everyRoute) {
      if (method !== 'POST' || open.has(url)) continue;
      const answer = await app.inject({ method, url, headers: bearer(secrets.reader), payload: {} });
      assert.equal(answer.statusCode, 403, url);
      assert.match(
        answer.json().detail,
        /needs the role (operator|admin); the token rita has the role reader/,
      );
    }
    await app.close();
  });

  for (const role of ['operator', 'admin'] as const)
    it(`${role} may start a scan, under the token's name`, async () => {
      let actor = '';
      const actions = {
        ...noActions,
        changeFinding: async () => null,
        sendAgain: async () => null,
        pushInventory: async () => 'nothing is pushed in this test',
        startScan: async (_scan: unknown, name: string) => {
          actor = name;
          return 'no';
        },
      };
      const app = await api({ tokens }, { actions });
      const request = { method: 'POST', url: '/api/v1/scans', payload: { targets: ['localhost'] } } as const;
      assert.equal((await app.inject({ ...request, headers: bearer(secrets[role]) })).statusCode, 422);
      assert.equal(actor, role === 'operator' ? 'otto' : 'ada');
      await app.close();
    });
});

describe('S7: guessing', () => {
  it('refuses wrong tokens alone, for a minute, after 20 of them from an address', async () => {
    let time = Date.parse('2026-11-23T11:00:00Z');
    const app = await api({ tokens }, { now: () => new Date(time) });
    const ask = async (token: string, remoteAddress = '192.0.2.1') =>
      app.inject({ url: '/api/v1/rules', headers: bearer(token), remoteAddress });
    for (let n = 0; n < 20; n += 1) assert.equal((await ask(`${'x'.repeat(30)}${n}`)).statusCode, 401);
    const locked = await ask('y'.repeat(30));
    assert.equal(locked.statusCode, 429);
    assert.equal(locked.headers['retry-after'], '60');
    assert.equal((await ask(secrets.admin)).statusCode, 200);
    assert.equal((await ask('y'.repeat(30), '192.0.2.2')).statusCode, 401);
    time += 60_000;
    assert.equal((await ask('y'.repeat(30))).statusCode, 401);
    await app.close();
  });
});

describe('without tokens', () => {
  for (const [name, headers, status] of [
    ['localhost', { host: 'localhost:8450' }, 200],
    ['a loopback address', { host: '127.0.0.1:8450' }, 200],
    ['IPv6 loopback', { host: '[::1]:8450' }, 200],
    ['a configured name', { host: 'certglass.internal' }, 200],
    ['a name that resolves to loopback (DNS rebinding)', { host: 'rebind.evil.example:8450' }, 421],
    ['a name that looks like loopback', { host: '127.0.0.1.evil.example' }, 421],
    ['a name that begins like localhost', { host: 'localhost.evil.example' }, 421],
    ['another address', { host: '192.0.2.1:8450' }, 421],
    ['nonsense', { host: 'a b' }, 421],
    ['the console itself', { host: 'localhost:8450', origin: 'http://localhost:8450' }, 200],
    ['a page from elsewhere', { host: 'localhost:8450', origin: 'https://evil.example' }, 403],
    ['a page on another port', { host: 'localhost:8450', origin: 'http://localhost:3000' }, 403],
    ['a sandboxed page', { host: 'localhost:8450', origin: 'null' }, 403],
    ['a form from elsewhere', { host: 'localhost:8450', 'sec-fetch-site': 'cross-site' }, 403],
  ] as const)
    it(`answers ${status} to ${name}`, async () => {
      const app = await api({ allowedHosts: ['certglass.internal'] });
      assert.equal((await app.inject({ url: '/api/v1/rules', headers })).statusCode, status);
      await app.close();
    });

  it('with tokens any Host is served, for a proxy may stand before it', async () => {
    const app = await api({ tokens });
    const headers = { host: 'certglass.example.com', ...bearer(secrets.reader) };
    assert.equal((await app.inject({ url: '/api/v1/rules', headers })).statusCode, 200);
    await app.close();
  });
});

describe('S6: secrets', () => {
  it('no token stands in any answer or log line', async () => {
    const logged: string[] = [];
    const app = await api({ tokens }, {}, logged);
    const answers: string[] = [];
    // Events never end; test/api/live.test.ts reads them.
    const ending = (await everyRoute).filter(({ url }) => url !== '/api/v1/events');
    for (const { method, url } of ending)
      for (const token of Object.values(secrets))
        for (const query of [{}, { token }, { limit: token }]) {
          const answer = await app.inject({
            method,
            url,
            headers: bearer(token),
            query,
            payload: { note: 1 },
          });
          answers.push(answer.body, JSON.stringify(answer.headers));
        }
    assert.ok(logged.some((line) => line.includes('request failed')));
    for (const secret of Object.values(secrets)) {
      assert.ok(!logged.join('').includes(secret));
      assert.ok(!answers.join('').includes(secret));
    }
    await app.close();
  });
});
