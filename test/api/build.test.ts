import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { apiConfig } from '../../src/api/config.js';
import { listen } from '../../src/api/listen.js';
import type { Api } from '../../src/api/server.js';
import { api, untouched } from './parts.js';

describe('the server', () => {
  let app: Api;
  before(async () => {
    app = await api();
  });
  after(() => app.close());

  it('answers what it cannot do as problem details (RFC 9457)', async () => {
    const answer = await app.inject('/api/v1/nothing');
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
    const { instance, ...problem } = answer.json();
    assert.deepEqual(problem, {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'no such resource; API documentation: /api/docs',
      errors: [],
    });
    assert.match(instance, /^urn:certglass:request:[0-9a-f-]{36}$/);
  });

  for (const [name, url, path, message] of [
    ['an unknown filter', '/api/v1/findings?sorted=1', '/', /Unrecognized key/],
    ['a limit of 0', '/api/v1/findings?limit=0', '/limit', />=1/],
    ['a limit of 1,001', '/api/v1/findings?limit=1001', '/limit', /<=1000/],
    ['a limit that is no number', '/api/v1/findings?limit=x', '/limit', /number/],
    ['a state that there is not', '/api/v1/findings?state=broken', '/state/0', /"open"\|"acknowledged"/],
    ['a short substring', '/api/v1/names?hostContains=ab', '/hostContains', />=3/],
    ['a bad hash', '/api/v1/certificates/abc', '/sha256', /64 digits/],
    ['a bad date', '/api/v1/certificates?expiresBefore=tomorrow', '/expiresBefore', /Invalid/],
    ['a bad address', '/api/v1/endpoints?address=1.2.3', '/address', /Invalid/],
    ['a cursor given twice', '/api/v1/names?cursor=a&cursor=b', '/cursor', /string/],
  ] as const)
    it(`refuses ${name}, says where and what`, async () => {
      const answer = await app.inject(url);
      assert.equal(answer.statusCode, 400);
      const [error] = answer.json().errors;
      assert.equal(error.path, path);
      assert.match(error.message, message);
    });

  for (const [name, headers, payload, status] of [
    ['text', { 'content-type': 'text/plain' }, '{"targets":["localhost"]}', 415],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'targets=localhost', 415],
    ['broken JSON', { 'content-type': 'application/json' }, '{"targets":', 400],
    ['a prototype', { 'content-type': 'application/json' }, '{"targets":["a"],"__proto__":{"x":1}}', 400],
    [
      'two megabytes',
      { 'content-type': 'application/json' },
      `{"targets":["${'a'.repeat(2_000_000)}"]}`,
      413,
    ],
    ['nothing', {}, undefined, 400],
    ['a file to read targets from (S4)', {}, { targets: ['@/etc/passwd'] }, 400],
    ['standard input as targets', {}, { targets: ['-'] }, 400],
    ['no targets', {}, { targets: [] }, 400],
    ['targets that the service refuses', {}, { targets: ['0.0.0.0/0'] }, 422],
  ] as const)
    it(`answers ${status} to a scan asked for with ${name}`, async () => {
      const request = { method: 'POST', url: '/api/v1/scans', headers } as const;
      const answer = await app.inject(
        payload === undefined ? request : { ...request, payload: payload as string },
      );
      assert.equal(answer.statusCode, status);
      assert.equal(answer.json().status, status);
    });

  it('says nothing of what went wrong inside, but logs it under the request id', async () => {
    const logged: string[] = [];
    const inner = await api({}, { reader: untouched }, logged);
    const answer = await inner.inject('/api/v1/findings');
    assert.equal(answer.statusCode, 500);
    assert.doesNotMatch(answer.body, /store was asked/);
    const id = answer.json().instance.replace('urn:certglass:request:', '');
    assert.ok(
      logged.some((line) => line.includes(id) && line.includes('the store was asked for listFindings')),
    );
    await inner.close();
  });

  it('answers 503 when a query was too expensive', async () => {
    const tooSlow = Object.assign(new Error('Timeout exceeded'), { code: '159' });
    const reader = { ...untouched, listFindings: () => Promise.reject(tooSlow) };
    const inner = await api({}, { reader });
    const answer = await inner.inject('/api/v1/findings');
    assert.equal(answer.statusCode, 503);
    assert.match(answer.json().detail, /narrow the filters/);
    await inner.close();
  });

  it('S3: turns requests away above the limit, health apart, and takes them again afterwards', async () => {
    let release = (): void => undefined;
    const page = new Promise<{ items: []; nextCursor: null }>((resolve) => {
      release = () => resolve({ items: [], nextCursor: null });
    });
    const inner = await api(
      { maxConcurrentRequests: 2 },
      { reader: { ...untouched, listFindings: () => page } },
    );
    const waiting = [inner.inject('/api/v1/findings'), inner.inject('/api/v1/findings')];
    await inner.ready();
    while ((await inner.inject('/api/v1/rules')).statusCode !== 503) await new Promise(setImmediate);
    assert.equal((await inner.inject('/health/live')).statusCode, 200);
    release();
    assert.deepEqual(
      (await Promise.all(waiting)).map(({ statusCode }) => statusCode),
      [200, 200],
    );
    while ((await inner.inject('/api/v1/rules')).statusCode !== 200) await new Promise(setImmediate);
    await inner.close();
  });

  it('sends headers that keep browsers from guessing, framing and keeping', async () => {
    for (const url of ['/api/v1/rules', '/api/v1/nothing', '/health/live', '/metrics']) {
      const { headers } = await app.inject(url);
      assert.equal(headers['x-content-type-options'], 'nosniff', url);
      assert.equal(headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'");
      assert.equal(headers['cache-control'], 'private, no-cache');
      assert.equal(headers['access-control-allow-origin'], undefined);
    }
  });

  it('counts requests by route pattern, never by what was asked', async () => {
    await app.inject(`/api/v1/certificates/${'e'.repeat(64)}`);
    await app.inject('/secret.example.com');
    const metrics = await app.inject('/metrics');
    assert.match(
      metrics.body,
      /certglass_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/certificates\/:sha256",status="500"\} 1/,
    );
    assert.match(metrics.body, /route="none",status="404"/);
    assert.doesNotMatch(metrics.body, /eeee|secret\.example/);
  });
});

describe('what cannot be read', () => {
  for (const [name, url, status] of [
    ['a path that is too long', `/api/v1/endpoints/${'a'.repeat(1_100)}`, 414],
    ['a path that is escaped wrongly', '/api/v1/endpoints/%zz', 400],
    ['a query that is not escaped', '/api/v1/findings?q=\u00fc', 200],
  ] as const)
    it(`is answered as a problem: ${name}`, async () => {
      const reader = { ...untouched, listFindings: async () => ({ items: [], nextCursor: null }) };
      const app = await api({}, { reader });
      const answer = await app.inject(url);
      assert.equal(answer.statusCode, status, answer.body);
      if (status !== 200) assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
      await app.close();
    });

  for (const [name, text, status] of [
    [
      'a header that is too large',
      `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`,
      431,
    ],
    ['what is no HTTP', 'hello\r\n\r\n', 400],
    [
      'bytes in the address that are no ASCII',
      'GET /api/v1/findings?q=\u00fc HTTP/1.1\r\nhost: localhost\r\n\r\n',
      null,
    ],
  ] as const)
    it(`is answered as a problem on the wire: ${name}`, async () => {
      const app = await api();
      const { port } = new URL(await listen(app, apiConfig.parse({ port: 0 })));
      const socket = connect(Number(port), '127.0.0.1');
      let answer = '';
      socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
      socket.write(text);
      if (status === null) socket.end();
      await once(socket, 'close');
      if (status !== null) assert.ok(answer.startsWith(`HTTP/1.1 ${status} `), answer);
      assert.match(answer, /content-type: application\/problem\+json/);
      assert.match(answer, /"instance":"urn:certglass:request:/);
      await app.close();
    });
});

describe('OpenAPI', () => {
  it('has a page for people that names every route and loads nothing', async () => {
    const app = await api();
    const { body, headers } = await app.inject('/api/docs');
    assert.match(String(headers['content-type']), /^text\/html/);
    for (const path of expectedPaths) assert.ok(body.includes(` ${path}</code>`), path);
    assert.match(
      body,
      /<code>hostSuffix<\/code> \(query\)<\/dt><dd>This domain and everything under it\.<\/dd>/,
    );
    assert.doesNotMatch(body, /<script|src=|https?:/);
    await app.close();
  });

  it('is a 3.1 document in which every reference leads somewhere and every operation says what it does', async () => {
    const app = await api();
    const document = (await app.inject('/api/openapi.json')).json();
    assert.equal(document.openapi, '3.1.0');
    const text = JSON.stringify(document);
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g))
      assert.ok(document.components.schemas[name!], name);
    const paths = Object.keys(document.paths).sort();
    assert.deepEqual(
      expectedPaths.filter((path) => !paths.includes(path)),
      [],
    );
    for (const [path, operations] of Object.entries<Record<string, { summary?: string; tags?: string[] }>>(
      document.paths,
    ))
      for (const operation of Object.values(operations)) {
        assert.ok(operation.summary, path);
        assert.equal(operation.tags?.length, 1, path);
      }
    assert.equal(document.components.schemas.Finding.properties.openedAt.format, 'date-time');
    const problem = document.paths['/api/v1/findings'].get.responses['400'].content;
    assert.deepEqual(Object.keys(problem), ['application/problem+json']);
    assert.ok(
      document.paths['/api/v1/findings'].get.parameters.some(
        (one: { name: string }) => one.name === 'hostSuffix',
      ),
    );
    await app.close();
  });
});

/** Of the first release; more were added since, and none may go. */
const expectedPaths = [
  '/api/v1/certificates',
  '/api/v1/certificates/{sha256}',
  '/api/v1/certificates/{sha256}.der',
  '/api/v1/certificates/{sha256}.pem',
  '/api/v1/ct/logs',
  '/api/v1/deliveries',
  '/api/v1/deliveries/{id}/send-again',
  '/api/v1/endpoints',
  '/api/v1/findings',
  '/api/v1/findings/{id}',
  '/api/v1/findings/{id}/acknowledge',
  '/api/v1/findings/{id}/reopen',
  '/api/v1/findings/{id}/silence',
  '/api/v1/inventory',
  '/api/v1/inventory/runs',
  '/api/v1/names',
  '/api/v1/observations',
  '/api/v1/rules',
  '/api/v1/scans',
  '/health/live',
  '/health/ready',
  '/metrics',
];
