import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { z } from 'zod';
import { createTokenSource } from '../../../src/lib/http/access-token.js';
import { BlockedAddressError, HostUnwellError, HttpStatusError } from '../../../src/lib/http/errors.js';
import { createGuardedClient } from '../../../src/lib/http/guarded-client.js';
import { createRestClient, type RestOptions } from '../../../src/lib/http/rest-client.js';
import { startHttpService, type HttpService } from '../../support/http-service.js';

const client = createGuardedClient({ allowPrivate: true, allow: [], ports: null, ca: null });
const open: { close(): Promise<void> }[] = [client];
after(() => Promise.all(open.map((one) => one.close())));
const { signal } = new AbortController();
const shape = z.object({ items: z.array(z.number()) });
const secret = 's3cr3t-t0k3n';

async function start(answer: Parameters<typeof startHttpService>[0], more: Partial<RestOptions> = {}) {
  const service: HttpService = await startHttpService(answer);
  open.push(service);
  const retries = { attempts: 3, baseMs: 1, maxWaitMs: 10_000, wait: async () => undefined };
  return {
    service,
    rest: createRestClient({ baseUrl: service.url, client, retries, secrets: [secret], ...more }),
  };
}

describe('createRestClient', () => {
  it('sends what is asked and reads the answer', async () => {
    const { service, rest } = await start(() => ({ json: { items: [1, 2], more: true } }), {});
    const got = await rest.json(
      shape,
      { method: 'POST', path: '/v1/search', query: { limit: 10, after: 'a b', none: null }, json: { q: 1 } },
      signal,
    );
    assert.deepEqual(got, { items: [1, 2] });
    const [heard] = service.requests;
    assert.equal(
      `${heard?.method} ${heard?.url.pathname}${heard?.url.search}`,
      'POST /v1/search?limit=10&after=a+b',
    );
    assert.equal(heard?.body, '{"q":1}');
    assert.equal(heard?.headers['content-type'], 'application/json');
    assert.equal(heard?.headers['user-agent'], 'certglass');
  });
  it('keeps the path of the base address', async () => {
    const { service } = await start(() => ({ json: { items: [] } }));
    const rest = createRestClient({ baseUrl: `${service.url}/ejbca/rest/`, client });
    await rest.json(shape, { path: '/v1/ca' }, signal);
    assert.equal(service.requests[0]?.url.pathname, '/ejbca/rest/v1/ca');
  });
  it('follows whole addresses on its origin only', async () => {
    const { service, rest } = await start(() => ({ json: { items: [] } }));
    await rest.json(shape, { path: `${service.url}/next?page=2` }, signal);
    await assert.rejects(rest.json(shape, { path: 'http://127.0.0.4:1/next' }, signal), BlockedAddressError);
    assert.equal(service.requests.length, 1);
  });

  for (const [name, reply, message] of [
    [
      'a login page with 200',
      { status: 200, text: '<html>Sign in</html>' },
      /answered a web page instead of JSON/,
    ],
    ['an empty answer', { status: 200, text: '' }, /answered nothing instead of JSON/],
    ['JSON of another shape', { json: { items: ['x'] } }, /items\.0 is not as expected/],
    ['a body cut off', 'cut', /after 3 tries/],
    ['a reset connection', 'reset', /after 3 tries/],
    ['500 for ever', { status: 500, text: 'oops' }, /status 500 after 3 tries/],
  ] as const)
    it(`calls the host unwell for ${name}`, async () => {
      const { rest, service } = await start(() => reply);
      await assert.rejects(
        rest.json(shape, { path: '/v1/list', query: { token: secret } }, signal),
        (error: Error) => {
          assert.ok(error instanceof HostUnwellError, error.message);
          assert.match(error.message, message);
          assert.match(error.message, new RegExp(`^127\\.0\\.0\\.1:${service.port}: GET /v1/list: `));
          assert.ok(!error.message.includes(secret));
          return true;
        },
      );
    });
  it('gets over passing faults', async () => {
    const script = [
      'cut',
      { status: 429, headers: { 'retry-after': '1' } },
      { json: { items: [7] } },
    ] as const;
    const { rest } = await start((_request, turn) => script[turn - 1]!);
    assert.deepEqual(await rest.json(shape, { path: '/' }, signal), { items: [7] });
  });
  it('does not send a POST twice unless it only reads', async () => {
    const { rest, service } = await start(() => ({ status: 503 }));
    await assert.rejects(rest.send({ method: 'POST', path: '/' }, signal), HostUnwellError);
    assert.equal(service.requests.length, 1);
    await assert.rejects(
      rest.send({ method: 'POST', path: '/', isRepeatable: true }, signal),
      HostUnwellError,
    );
    assert.equal(service.requests.length, 4);
  });
  it('gives a refusal with the words of the API, without the secret', async () => {
    const { rest } = await start(() => ({
      status: 403,
      text: `{"errors":["permission denied for ${secret}"]}`,
    }));
    await assert.rejects(rest.json(shape, { path: '/x' }, signal), (error: Error) => {
      assert.ok(error instanceof HttpStatusError);
      assert.equal(error.status, 403);
      assert.match(error.message, /status 403: \{"errors":\["permission denied for \*\*\*"\]\}/);
      return true;
    });
  });
  it('returns other statuses when asked to', async () => {
    const { rest } = await start(() => ({ status: 404 }));
    assert.equal((await rest.send({ path: '/x', accept: [404] }, signal)).status, 404);
  });
  it('renews a refused token once', async () => {
    let issued = 0;
    const tokens = createTokenSource(async () => ({ value: `t${(issued += 1)}`, expiresAt: null }));
    const authorization = {
      headers: async () => ({ authorization: `Bearer ${await tokens.get(signal)}` }),
      refused: ({ authorization = '' }: Readonly<Record<string, string>>) =>
        tokens.refused(authorization.slice(7)),
    };
    const { rest, service } = await start(
      ({ headers }) => (headers.authorization === 'Bearer t1' ? { status: 401 } : { json: { items: [] } }),
      { authorization },
    );
    await rest.json(shape, { path: '/' }, signal);
    assert.equal(service.requests.length, 2);
    const never = await start(() => ({ status: 401 }), { authorization });
    await assert.rejects(never.rest.json(shape, { path: '/' }, signal), HttpStatusError);
    assert.equal(never.service.requests.length, 2);
  });
  it('passes the abort of the caller through', async () => {
    const { rest } = await start(() => new Promise(() => undefined));
    const abort = new AbortController();
    const pending = rest.json(shape, { path: '/' }, abort.signal);
    abort.abort(new Error('shutting down'));
    await assert.rejects(pending, /shutting down/);
  });
});
