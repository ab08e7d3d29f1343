import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Api } from '../../src/api/server.js';
import { apiConfig } from '../../src/api/config.js';
import { listen } from '../../src/api/listen.js';
import { jwt, scriptedProvider, type ScriptedProvider } from '../support/identity-provider.js';
import { api } from './parts.js';

const settings = (issuer: string) => ({
  oidc: {
    issuer,
    clientId: 'certglass',
    clientSecret: 'a-secret-of-this-test',
    roles: { ops: 'operator', admins: 'admin', all: 'reader' },
  },
});
const inAnHour = (): number => Math.floor(Date.now() / 1_000) + 3_600;
const start = '/api/v1/session/oidc';

describe('signing in through a provider', () => {
  let provider: ScriptedProvider;
  let app: Api;
  before(async () => {
    provider = await scriptedProvider();
    app = await api(settings(provider.issuer), { now: () => new Date() });
  });
  after(async () => {
    await app.close();
    await provider.close();
  });

  const cookieOf = (header: string | string[] | undefined): string =>
    [header ?? []]
      .flat()
      .map((text) => text.split(';')[0])
      .join('; ');

  /** Goes to the provider and comes back with an ID token of these claims. */
  async function come(
    claims: object,
    change: { alg?: string; state?: string; cookie?: string; next?: string } = {},
  ) {
    const begun = await app.inject({
      url: `${start}?next=${encodeURIComponent(change.next ?? '/findings')}`,
      headers: { host: 'localhost:8450' },
    });
    assert.equal(begun.statusCode, 302, begun.body);
    const asked = provider.authorize(String(begun.headers.location));
    provider.answer(() =>
      jwt(
        {
          iss: asked.issuer,
          aud: 'certglass',
          sub: 'u1',
          iat: Math.floor(Date.now() / 1_000),
          exp: inAnHour(),
          nonce: asked.nonce,
          ...claims,
        },
        change.alg,
      ),
    );
    return app.inject({
      url: `${start}/callback?code=abc&state=${change.state ?? asked.state}`,
      headers: { host: 'localhost:8450', cookie: change.cookie ?? cookieOf(begun.headers['set-cookie']) },
    });
  }

  it('closes the API, and opens it with the role of the groups, the highest of several', async () => {
    assert.equal((await app.inject('/api/v1/me')).statusCode, 401);
    const answer = await come({ preferred_username: 'uma', groups: ['all', 'ops', 'others'] });
    assert.equal(answer.statusCode, 200, answer.body);
    assert.match(answer.body, /url=\/findings"/);
    const cookies = [answer.headers['set-cookie'] ?? []].flat();
    assert.ok(cookies.some((text) => /^certglass=.*SameSite=Strict/.test(text)));
    const me = (
      await app.inject({
        url: '/api/v1/me',
        headers: { cookie: cookieOf(cookies.filter((text) => text.startsWith('certglass='))) },
      })
    ).json();
    assert.deepEqual([me.name, me.role, me.via], ['uma', 'operator', 'oidc']);
  });

  for (const [name, claims, change, status] of [
    ['no groups', { preferred_username: 'eve' }, {}, 403],
    ['groups without a role', { groups: ['guests', '__proto__', 'constructor'] }, {}, 403],
    ['another audience', { groups: ['admins'], aud: 'other' }, {}, 401],
    ['another issuer', { groups: ['admins'], iss: 'https://evil.example' }, {}, 401],
    ['another nonce', { groups: ['admins'], nonce: 'x' }, {}, 401],
    ['an expired token', { groups: ['admins'], exp: 1_000 }, {}, 401],
    ['no signature', { groups: ['admins'] }, { alg: 'none' }, 401],
    ['a wrong state', { groups: ['admins'] }, { state: 'x' }, 401],
    ['a flow of another browser', { groups: ['admins'] }, { cookie: 'certglass-oidc=x' }, 401],
    ['no flow', { groups: ['admins'] }, { cookie: '' }, 401],
  ] as const)
    it(`refuses ${name}`, async () => {
      const answer = await come(claims, change);
      assert.equal(answer.statusCode, status, answer.body);
      assert.ok(![answer.headers['set-cookie'] ?? []].flat().some((text) => text.startsWith('certglass=')));
    });

  for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)'])
    it(`goes to the start page instead of ${next}`, async () => {
      const answer = await come({ groups: ['all'] }, { next });
      assert.match(answer.body, /url=\/"/);
    });

  it('says that a provider does not answer', async () => {
    const away = await api(settings('http://127.0.0.1:1'));
    assert.equal((await away.inject(start)).statusCode, 503);
    await away.close();
  });

  it('is not there unless configured', async () => {
    const plain = await api();
    assert.equal((await plain.inject(start)).statusCode, 404);
    await plain.close();
  });
});

/** Follows redirects with the cookies of each origin, as a browser would. */
class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  async go(url: string, form?: Record<string, string>): Promise<{ url: string; body: string }> {
    for (let next = url, body = form; ;) {
      const { origin } = new URL(next);
      const jar = this.#cookies.get(origin) ?? new Map<string, string>();
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(next, {
        redirect: 'manual',
        headers: { cookie },
        ...(body === undefined ? {} : { method: 'POST', body: new URLSearchParams(body) }),
      });
      for (const text of answer.headers.getSetCookie()) {
        const [pair = ''] = text.split(';');
        const at = pair.indexOf('=');
        jar.set(pair.slice(0, at), pair.slice(at + 1));
      }
      this.#cookies.set(origin, jar);
      const location = answer.headers.get('location');
      if (location === null) return { url: next, body: await answer.text() };
      next = new URL(location, next).href;
      body = undefined;
    }
  }
}

it('works with a provider that others wrote (oidc-provider)', async () => {
  // Its types are a package of their own; a name that the compiler does not know needs none.
  const packageName: string = 'oidc-provider';
  const { Provider } = (await import(packageName)) as {
    Provider: new (issuer: string, settings: object) => { callback(): RequestListener };
  };
  let handler: RequestListener = (_request, response) => void response.end();
  const server = createServer((request, response) => handler(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const app = await api(settings(issuer), { now: () => new Date() });
  const url = await listen(app, apiConfig.parse({ port: 0 }));
  handler = new Provider(issuer, {
    clients: [
      {
        client_id: 'certglass',
        client_secret: 'a-secret-of-this-test',
        redirect_uris: [`${url}/api/v1/session/oidc/callback`],
      },
    ],
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'], email: [] },
    conformIdTokenClaims: false,
    cookies: { keys: ['a key of this test'] },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id, groups: ['admins'] }),
    }),
  }).callback();
  const browser = new Browser();
  let at = await browser.go(`${url}${start}?next=/certificates`);
  for (const form of [{ prompt: 'login', login: 'ada', password: 'any' }, { prompt: 'consent' }])
    if (at.url.includes('/interaction/')) at = await browser.go(at.url, form);
  assert.ok(at.url.startsWith(`${url}/api/v1/session/oidc/callback`), at.url);
  assert.match(at.body, /url=\/certificates"/);
  const me = JSON.parse((await browser.go(`${url}/api/v1/me`)).body) as { name: string; role: string };
  assert.deepEqual([me.name, me.role], ['ada', 'admin']);
  await app.close();
  server.close();
  server.closeAllConnections();
});
