import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Api } from '../../src/api/server.js';
import { createToken, digestOf, openCredentials } from '../../src/api/access/credentials.js';
import type { AuditEntry } from '../../src/model/audit-entry.js';
import { temporaryFolder } from '../store/sample.js';
import { api, bearer, now, secrets, tokens } from './parts.js';

const json = { 'content-type': 'application/json' };

async function signIn(app: Api, payload: object, headers: Record<string, string> = {}) {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers: { ...json, ...headers },
    payload,
  });
  const cookies = [answer.headers['set-cookie'] ?? []].flat();
  return { answer, cookies, cookie: cookies.map((text) => text.split(';')[0]).join('; ') };
}

const me = (app: Api, headers: Record<string, string>) => app.inject({ url: '/api/v1/me', headers });

describe('a session', () => {
  it('begins with a token, holds its role and ends with sign-out', async () => {
    const app = await api({ tokens });
    const { answer, cookie, cookies } = await signIn(app, { token: secrets.operator });
    assert.equal(answer.statusCode, 204);
    assert.match(
      cookies[0] ?? '',
      /^certglass=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    const who = (await me(app, { cookie })).json();
    assert.deepEqual([who.name, who.role, who.via], ['otto', 'operator', 'token']);
    const end = await app.inject({
      method: 'DELETE',
      url: '/api/v1/session',
      headers: { cookie, 'x-csrf-token': who.csrfToken },
    });
    assert.equal(end.statusCode, 204);
    assert.match(String(end.headers['set-cookie']), /Max-Age=0/);
    assert.equal((await me(app, { cookie })).statusCode, 401);
    await app.close();
  });

  it('does not outlive its token', async () => {
    let time = now.getTime();
    const settings = [{ name: 'short', token: secrets.admin, expiresAt: '2026-11-23T13:00:00Z' }];
    const app = await api({ tokens: settings }, { now: () => new Date(time) });
    const { cookie, cookies } = await signIn(app, { token: secrets.admin });
    assert.match(cookies[0] ?? '', /Max-Age=3600$/);
    time += 3_600_000;
    assert.equal((await me(app, { cookie })).statusCode, 401);
    await app.close();
  });

  it('is over when its token is revoked, and follows its role', async () => {
    const dataDir = temporaryFolder();
    const credentials = openCredentials(dataDir, assert.fail);
    const app = await api({}, { dataDir });
    const wish = { name: 'nina', role: 'admin', scope: null, expiresAt: null, createdBy: 'test' } as const;
    const { id, secret, record } = createToken(credentials, wish, now);
    const { cookie } = await signIn(app, { token: secret });
    assert.equal((await me(app, { cookie })).json().role, 'admin');
    credentials.tokens.put(id, { ...record, role: 'reader' });
    assert.equal((await me(app, { cookie })).json().role, 'reader');
    credentials.tokens.put(id, { ...record, revokedAt: now });
    assert.equal((await me(app, { cookie })).statusCode, 401);
    assert.equal((await me(app, bearer(secret))).statusCode, 401);
    await app.close();
  });

  for (const [name, headers, status] of [
    ['without the token of its page', {}, 403],
    ['with a wrong token of the page', { 'x-csrf-token': 'x' }, 403],
    ['from another site', { origin: 'https://evil.example' }, 403],
    ['from a sandboxed page', { origin: 'null' }, 403],
    ['that another site made the browser send', { 'sec-fetch-site': 'cross-site' }, 403],
  ] as const)
    it(`may not write ${name}`, async () => {
      const app = await api({ tokens });
      const { cookie } = await signIn(app, { token: secrets.admin });
      const { csrfToken } = (await me(app, { cookie })).json();
      const proof =
        'x-csrf-token' in headers || name.startsWith('without') ? {} : { 'x-csrf-token': csrfToken };
      const answer = await app.inject({
        method: 'POST',
        url: '/api/v1/scans',
        headers: { cookie, ...proof, ...headers },
        payload: { targets: ['localhost'] },
      });
      assert.equal(answer.statusCode, status);
      await app.close();
    });

  it('may not begin at the wish of another site', async () => {
    const app = await api({ tokens });
    const { answer } = await signIn(app, { token: secrets.admin }, { origin: 'https://evil.example' });
    assert.equal(answer.statusCode, 403);
    await app.close();
  });

  it('has a cookie for this host over HTTPS alone where a proxy speaks HTTPS', async () => {
    const app = await api({ tokens, trustProxy: ['127.0.0.1'] });
    const https = { 'x-forwarded-proto': 'https' };
    const { cookie, cookies } = await signIn(app, { token: secrets.reader }, https);
    assert.match(cookies[0] ?? '', /^__Host-certglass=.*; Secure$/);
    assert.equal((await me(app, { cookie, ...https })).statusCode, 200);
    await app.close();
  });

  it('is kept over a restart, as a hash', async () => {
    const dataDir = temporaryFolder();
    const first = await api({ tokens }, { dataDir });
    const { cookie } = await signIn(first, { token: secrets.reader });
    await first.close();
    const second = await api({ tokens }, { dataDir });
    assert.equal((await me(second, { cookie })).json().name, 'rita');
    const sessions = openCredentials(dataDir, assert.fail).sessions.all();
    assert.deepEqual([...sessions.keys()], [digestOf(cookie.split('=')[1] ?? '')]);
    assert.ok(!JSON.stringify([...sessions]).includes(cookie.split('=')[1] ?? ''));
    await second.close();
  });
});

describe('a password', () => {
  function withUser() {
    const dataDir = temporaryFolder();
    const credentials = openCredentials(dataDir, assert.fail);
    const setup = { digest: digestOf('link'), expiresAt: new Date(now.getTime() + 1_000) };
    const user = { name: 'uma', role: 'operator', scope: null, createdAt: now, createdBy: 'test' } as const;
    credentials.users.put('uma', { ...user, password: null, setup, removedAt: null });
    return { dataDir, credentials };
  }
  const password = 'correct horse battery staple';
  const choose = (app: Api, secret: string, chosen = password) =>
    app.inject({ method: 'POST', url: '/api/v1/session/setup', payload: { secret, password: chosen } });

  it('is chosen once, through a link that expires, and then lets in', async () => {
    const { dataDir } = withUser();
    const app = await api({}, { dataDir });
    assert.equal((await choose(app, 'other')).statusCode, 401);
    assert.equal((await choose(app, 'link', 'short')).statusCode, 400);
    assert.equal((await choose(app, 'link')).statusCode, 204);
    assert.equal((await choose(app, 'link')).statusCode, 401);
    assert.equal((await signIn(app, { user: 'uma', password: 'wrong' })).answer.statusCode, 401);
    assert.equal((await signIn(app, { user: 'nobody', password })).answer.statusCode, 401);
    const { answer, cookie } = await signIn(app, { user: 'uma', password });
    assert.equal(answer.statusCode, 204);
    const who = (await me(app, { cookie })).json();
    assert.deepEqual([who.name, who.role, who.via], ['uma', 'operator', 'password']);
    await app.close();
  });

  it('cannot be chosen through an expired link', async () => {
    const { dataDir } = withUser();
    const app = await api({}, { dataDir, now: () => new Date(now.getTime() + 1_000) });
    assert.equal((await choose(app, 'link')).statusCode, 401);
    await app.close();
  });

  it('guessed at is locked for that address and user alone, never for a browser that was let in before', async () => {
    const { dataDir } = withUser();
    const app = await api({}, { dataDir });
    const device = [(await choose(app, 'link')).headers['set-cookie'] ?? []]
      .flat()
      .map((text) => text.split(';')[0]);
    const guess = (remoteAddress: string, user = 'uma', headers: Record<string, string> = {}) =>
      app.inject({
        method: 'POST',
        url: '/api/v1/session',
        remoteAddress,
        headers,
        payload: { user, password: 'wrong password' },
      });
    for (let n = 0; n < 20; n += 1) assert.equal((await guess('192.0.2.1')).statusCode, 401);
    const locked = await guess('192.0.2.1');
    assert.equal(locked.statusCode, 429);
    assert.ok(Number(locked.headers['retry-after']) > 0);
    assert.equal((await guess('192.0.2.1', 'other')).statusCode, 401);
    assert.equal((await guess('192.0.2.2')).statusCode, 401);
    const known = { cookie: device.join('; ') };
    assert.equal((await guess('192.0.2.1', 'uma', known)).statusCode, 401);
    await app.close();
  });

  it('ends with its user', async () => {
    const { dataDir, credentials } = withUser();
    const app = await api({}, { dataDir });
    await choose(app, 'link');
    const { cookie } = await signIn(app, { user: 'uma', password });
    const [record] = credentials.users.all().values();
    assert.ok(record !== undefined);
    credentials.users.put('uma', { ...record, removedAt: now });
    assert.equal((await me(app, { cookie })).statusCode, 401);
    assert.equal((await signIn(app, { user: 'uma', password })).answer.statusCode, 401);
    await app.close();
  });
});

describe('the audit trail', () => {
  it('notes every sign-in, failed ones too, and every write with its outcome', async () => {
    const dataDir = temporaryFolder();
    const entries: AuditEntry[] = [];
    const app = await api({ tokens }, { dataDir, writeAudit: async (entry) => void entries.push(entry) });
    await signIn(app, { token: secrets.reader });
    await signIn(app, { user: 'uma', password: 'wrong password' });
    for (const secret of [secrets.reader, secrets.operator])
      await app.inject({
        method: 'POST',
        url: '/api/v1/scans',
        headers: bearer(secret),
        payload: { targets: ['localhost'] },
      });
    await app.inject({ url: '/api/v1/rules', headers: bearer(secrets.reader) });
    assert.deepEqual(
      entries.map(({ actor, action, details }) => [actor, action, details['status']]),
      [
        ['rita', 'session.create', 204],
        ['uma', 'session.create', 401],
        ['rita', 'scan.start', 403],
        ['otto', 'scan.start', 422],
      ],
    );
    assert.ok(!JSON.stringify(entries).includes('secret-canary'));
    await app.close();
  });
});
