import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { openCredentials } from '../../src/api/access/credentials.js';
import { createTokenOf, createUser, listTokens, revokeToken } from '../../src/cli/access.js';
import { api, bearer } from '../api/parts.js';
import { temporaryFolder } from '../store/sample.js';

/** A data folder, its configuration, and what a command prints on standard output. */
function setUp() {
  const dataDir = temporaryFolder();
  const config = join(dataDir, 'certglass.yaml');
  writeFileSync(config, `store:\n  dataDir: ${dataDir}\napi:\n  publicUrl: https://certglass.example.com\n`);
  const printed = async (
    context: TestContext,
    run: () => Promise<number>,
  ): Promise<{ code: number; text: string }> => {
    let text = '';
    const mock = context.mock.method(process.stdout, 'write', (chunk: string) => {
      text += chunk;
      return true;
    });
    const quiet = context.mock.method(process.stderr, 'write', () => true);
    const code = await run();
    mock.mock.restore();
    quiet.mock.restore();
    return { code, text };
  };
  return { dataDir, config, printed };
}

describe('certglass token', () => {
  it('makes a token that a running service takes at once, lists it without its secret, and revokes it', async (context) => {
    const { dataDir, config, printed } = setUp();
    const app = await api({}, { dataDir, now: () => new Date() });
    const wish = { config, role: 'operator', expires: '90d', domain: ['Web.example.com'] } as const;
    const { text: secret } = await printed(context, () => createTokenOf('ci', wish));
    assert.match(secret, /^cgl_[\w-]{43}\n$/);
    const me = (await app.inject({ url: '/api/v1/me', headers: bearer(secret.trim()) })).json();
    assert.deepEqual([me.name, me.role, me.scope.domains], ['ci', 'operator', ['web.example.com']]);
    assert.equal((await app.inject('/api/v1/me')).statusCode, 401);
    const { text: list } = await printed(context, () => listTokens({ config }));
    assert.match(list, /^ci {2}operator {2}only web\.example\.com {2}expires 20.*last used 20/);
    assert.ok(!list.includes(secret.trim()));
    const { text: json } = await printed(context, () => listTokens({ config, json: true }));
    assert.equal(JSON.parse(json).name, 'ci');
    assert.equal((await printed(context, () => revokeToken('ci', { config }))).code, 0);
    assert.equal((await app.inject({ url: '/api/v1/me', headers: bearer(secret.trim()) })).statusCode, 401);
    assert.equal((await printed(context, () => revokeToken('ci', { config }))).code, 1);
    await app.close();
  });

  for (const [name, options, message] of [
    ['a/b', { role: 'reader' }, /1 to 64 letters/],
    ['x', { role: 'reader', expires: 'soon' }, /number of days such as 90d/],
    ['x', { role: 'reader', expires: '2001-01-01' }, /has passed/],
    ['x', { role: 'reader', domain: ['*.example.com'] }, /write example\.com/],
  ] as const)
    it(`refuses ${name} with ${JSON.stringify(options)}`, () => {
      const { config } = setUp();
      assert.throws(() => createTokenOf(name, { config, ...options }), message);
    });

  it('refuses a second one of the same name', async (context) => {
    const { config, printed } = setUp();
    await printed(context, () => createTokenOf('a', { config, role: 'reader' }));
    assert.throws(() => createTokenOf('a', { config, role: 'reader' }), /there is a token called a/);
  });
});

describe('certglass user', () => {
  it('prints a link by which the password is chosen, and a new one for a forgotten password', async (context) => {
    const { dataDir, config, printed } = setUp();
    const app = await api({}, { dataDir, now: () => new Date() });
    const link = async (): Promise<string> =>
      (await printed(context, () => createUser('uma', { config, role: 'admin' }))).text;
    const choose = (text: string) =>
      app.inject({
        method: 'POST',
        url: '/api/v1/session/setup',
        payload: { secret: text.trim().split('/setup#')[1], password: 'correct horse battery' },
        headers: { host: 'certglass.example.com' },
      });
    const first = await link();
    assert.match(first, /^https:\/\/certglass\.example\.com\/setup#[\w-]{43}\n$/);
    assert.equal((await choose(first)).statusCode, 204);
    assert.equal((await choose(first)).statusCode, 401);
    assert.equal((await choose(await link())).statusCode, 204);
    assert.equal(openCredentials(dataDir, assert.fail).users.all().size, 1);
    await app.close();
  });
});
