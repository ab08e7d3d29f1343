import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createToken, openCredentials } from '../../src/api/access/credentials.js';
import type { Api } from '../../src/api/server.js';
import { temporaryFolder } from '../store/sample.js';
import { api, bearer, now, secrets, tokens } from './parts.js';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
interface Operation {
  readonly operationId: string;
  readonly responses: Record<string, unknown>;
}

const unsigned =
  ['{"alg":"none"}', '{"role":"admin"}'].map((text) => Buffer.from(text).toString('base64url')).join('.') +
  '.';
/** Whoever may use these has nothing yet to show. */
const open = new Set([
  '/health/live',
  '/health/ready',
  '/api/v1/session',
  '/api/v1/session/setup',
  '/api/v1/session/oidc',
  '/api/v1/session/oidc/callback',
]);
const samples: Readonly<Record<string, string>> = {
  sha256: 'a'.repeat(64),
  tbsSha256: 'a'.repeat(64),
  id: 'b'.repeat(32),
};

describe('every route', () => {
  const dataDir = temporaryFolder();
  let app: Api;
  let routes: { method: Method; url: string; operation: Operation }[] = [];
  const make = (
    name: string,
    scope: { domains: string[]; tags: string[] } | null,
    revokedAt: Date | null = null,
  ): string => {
    const credentials = openCredentials(dataDir, assert.fail);
    const { id, secret, record } = createToken(
      credentials,
      { name, role: 'admin', scope, expiresAt: null, createdBy: 'test' },
      now,
    );
    credentials.tokens.put(id, { ...record, revokedAt });
    return secret;
  };
  const limited = make('limited', { domains: ['example.com'], tags: [] });
  const revoked = make('revoked', null, now);

  before(async () => {
    app = await api(
      { tokens, allowedHosts: ['certglass.example.com'], requestsPerSecond: 100_000 },
      { dataDir },
    );
    await app.ready();
    routes = Object.entries(app.swagger().paths ?? {}).flatMap(([path, operations]) =>
      Object.entries(operations ?? {}).map(([method, operation]) => ({
        method: method.toUpperCase() as Method,
        url: path.replace(/\{(\w+)\}/g, (_, name: string) => samples[name] ?? 'x'),
        operation: operation as Operation,
      })),
    );
  });
  after(() => app.close());

  let address = 0;
  const ask = ({ method, url }: { method: Method; url: string }, headers: Record<string, string>) => {
    address += 1;
    const remoteAddress = `127.1.${address >> 8}.${address & 255}`;
    return app.inject({
      method,
      url,
      remoteAddress,
      headers: { host: 'localhost', ...headers },
      ...(method === 'GET' ? {} : { payload: {} }),
    });
  };

  it('is one of many, and names itself once', () => {
    assert.ok(routes.length > 50, String(routes.length));
    const ids = routes.map(({ operation }) => operation.operationId);
    assert.ok(
      ids.every((id) => /^[a-z][A-Za-z]+$/.test(id ?? '')),
      ids.join(' '),
    );
    assert.equal(new Set(ids).size, ids.length);
  });

  for (const [name, headers, status] of [
    ['no credential', {}, 401],
    ['a wrong token', bearer('x'.repeat(40)), 401],
    ['an expired token', bearer(secrets.expired), 401],
    ['a revoked token', bearer(revoked), 401],
    ['an unsigned JWT', bearer(unsigned), 401],
    [
      'another scheme',
      { authorization: `Basic ${Buffer.from(`ada:${secrets.admin}`).toString('base64')}` },
      401,
    ],
    ['the cookie of nobody', { cookie: 'certglass=x; __Host-certglass=x' }, 401],
    ['a host that is not ours', { ...bearer(secrets.admin), host: 'rebind.evil.example' }, 421],
    [
      'a host that begins like ours',
      { ...bearer(secrets.admin), host: 'certglass.example.com.evil.example' },
      421,
    ],
  ] as const)
    it(`refuses ${name}`, async () => {
      for (const one of routes) {
        if (open.has(one.url) && status === 401) continue;
        const answer = await ask(one, headers);
        assert.equal(answer.statusCode, status, `${one.method} ${one.url}`);
        assert.ok(String(status) in one.operation.responses, `${one.url} documents ${status}`);
      }
    });

  it('that writes refuses a reader', async () => {
    for (const one of routes.filter(({ method, url }) => method !== 'GET' && !open.has(url))) {
      const answer = await ask(one, bearer(secrets.reader));
      assert.equal(answer.statusCode, 403, `${one.method} ${one.url}`);
    }
  });

  it('that writes refuses a session without proof, and every request of another site', async () => {
    const begun = await app.inject({
      method: 'POST',
      url: '/api/v1/session',
      headers: { host: 'localhost' },
      payload: { token: secrets.admin },
    });
    const cookie = String(begun.headers['set-cookie']).split(';')[0] ?? '';
    for (const one of routes.filter(({ method }) => method !== 'GET')) {
      const foreign = await ask(one, { cookie, origin: 'https://evil.example' });
      assert.equal(foreign.statusCode, 403, `${one.method} ${one.url}`);
      if (!open.has(one.url))
        assert.equal((await ask(one, { cookie })).statusCode, 403, `${one.method} ${one.url}`);
    }
  });

  it('refuses a limited credential, or says that its answers are limited alike', async () => {
    const refused = new Set<string>();
    for (const one of routes.filter(({ url }) => !open.has(url) && url !== '/api/v1/events')) {
      const answer = await ask(one, bearer(limited));
      if (answer.statusCode === 403 && /limited to example\.com/.test(answer.body)) refused.add(one.url);
    }
    for (const url of [
      '/api/v1/overview',
      '/api/v1/audit',
      '/api/v1/tokens',
      '/api/v1/config',
      '/api/v1/deliveries',
      '/metrics',
    ])
      assert.ok(refused.has(url), url);
    for (const url of [
      '/api/v1/findings',
      '/api/v1/certificates',
      '/api/v1/endpoints',
      '/api/v1/names',
      '/api/v1/me',
    ])
      assert.ok(!refused.has(url), url);
  });

  it('shares no schema with another one that only has its name', () => {
    const answers = new Map<string, string>();
    for (const { url, operation } of routes) {
      const [ok] = Object.entries(operation.responses).filter(([status]) => status === '200');
      const ref = /"\$ref":"#\/components\/schemas\/(\w+)"/.exec(JSON.stringify(ok?.[1] ?? null))?.[1];
      if (ref !== undefined) answers.set(ref, `${answers.get(ref) ?? ''} ${url}`);
    }
    assert.ok(answers.size > 20);
    for (const [name, urls] of [
      ['Recall', '/api/v1/recall'],
      ['CtRecall', '/api/v1/ct/recall'],
    ] as const)
      assert.equal(answers.get(name)?.trim(), urls);
  });

  it('documents what it answers to nonsense', async () => {
    for (const one of routes) {
      const answer = await app.inject({
        method: one.method,
        url: `${one.url}?nonsense=%FF%00&limit=-1`,
        headers: { host: 'localhost', ...bearer(secrets.admin) },
        ...(one.method === 'GET' ? {} : { payload: { nonsense: '\u0000' } }),
      });
      assert.ok(
        String(answer.statusCode) in one.operation.responses,
        `${one.method} ${one.url} ${answer.statusCode}`,
      );
    }
  });
});
