import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { temporaryFolder } from '../store/sample.js';
import { api, bearer, secrets, tokens } from './parts.js';

const page = `<!doctype html><title>Certglass</title>${' '.repeat(2_000)}`;

function builtConsole(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), page);
  writeFileSync(join(folder, 'assets', 'index-Ab12_cd9.js'), 'console.log(1)');
  writeFileSync(join(folder, 'secret.pem'), 'no type, never served');
  return folder;
}

const asPerson = { accept: 'text/html,application/xhtml+xml' };

describe('the console', () => {
  for (const url of ['/', '/findings?state=open', '/certificates/abc', '/sign-in'])
    it(`answers ${url} with the page, without a credential`, async () => {
      const app = await api({ tokens }, { consoleDir: builtConsole() });
      const answer = await app.inject({ url, headers: asPerson });
      assert.equal(answer.statusCode, 200);
      assert.equal(answer.body, page);
      assert.match(String(answer.headers['content-security-policy']), /^default-src 'self'; /);
      assert.doesNotMatch(String(answer.headers['content-security-policy']), /unsafe|\*/);
      assert.equal(answer.headers['cache-control'], 'no-cache');
      await app.close();
    });

  for (const [name, request, status] of [
    ['an unknown path of the API', { url: '/api/nothing', headers: asPerson }, 404],
    ['an unknown path that a program asks for', { url: '/findings' }, 404],
    ['a file that is not there', { url: '/assets/other.js' }, 404],
    ['a file of an unknown type', { url: '/secret.pem' }, 404],
    ['a path out of the folder', { url: '/../package.json' }, 404],
    ['an encoded path out of the folder', { url: '/%2e%2e/package.json' }, 404],
    ['a write to a page', { method: 'POST', url: '/findings', headers: asPerson, payload: {} }, 404],
  ] as const)
    it(`answers ${status} as a problem to ${name}`, async () => {
      const app = await api({}, { consoleDir: builtConsole() });
      const answer = await app.inject({ ...request });
      assert.equal(answer.statusCode, status);
      assert.match(String(answer.headers['content-type']), /problem\+json/);
      await app.close();
    });

  it('lets hashed files be kept for ever, and the page be asked for anew', async () => {
    const app = await api({}, { consoleDir: builtConsole() });
    const file = await app.inject('/assets/index-Ab12_cd9.js');
    assert.match(String(file.headers['cache-control']), /immutable/);
    assert.match(String(file.headers['content-type']), /^text\/javascript/);
    const { etag } = (await app.inject({ url: '/', headers: asPerson })).headers;
    const again = await app.inject({ url: '/', headers: { ...asPerson, 'if-none-match': String(etag) } });
    assert.deepEqual([again.statusCode, again.body], [304, '']);
    await app.close();
  });

  for (const [accepted, coding, decode] of [
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
    ['identity', undefined, (bytes: Buffer) => bytes],
  ] as const)
    it(`sends it as ${coding ?? 'it is'} to who accepts ${accepted}`, async () => {
      const app = await api({}, { consoleDir: builtConsole() });
      const answer = await app.inject({ url: '/', headers: { ...asPerson, 'accept-encoding': accepted } });
      assert.equal(answer.headers['content-encoding'], coding);
      assert.equal(decode(answer.rawPayload).toString(), page);
      await app.close();
    });

  it('says where to go while none is built', async () => {
    const app = await api();
    const answer = await app.inject({ url: '/', headers: asPerson });
    assert.deepEqual([answer.statusCode, answer.body], [404, 'No page here. API documentation: /api/docs']);
    await app.close();
  });
});

describe('answers of the API', () => {
  const rules = Array.from({ length: 30 }, (_, n) => ({
    id: `rule-${n}`,
    title: 'A rule',
    kind: 'certificate',
    severity: 'error' as const,
    citation: 'RFC 5280',
    remediation: 'Repair it.',
  }));

  it('are compressed for who accepts that, and marked so that an unchanged one costs nothing', async () => {
    const app = await api({ tokens }, { rules });
    const headers = { ...bearer(secrets.reader), 'accept-encoding': 'gzip' };
    const first = await app.inject({ url: '/api/v1/rules', headers });
    assert.equal(first.headers['content-encoding'], 'gzip');
    assert.equal(JSON.parse(gunzipSync(first.rawPayload).toString()).items.length, 30);
    const etag = String(first.headers.etag);
    const again = await app.inject({ url: '/api/v1/rules', headers: { ...headers, 'if-none-match': etag } });
    assert.deepEqual([again.statusCode, again.body], [304, '']);
    const other = await app.inject({
      url: '/api/v1/rules?limit=3',
      headers: { ...headers, 'if-none-match': etag },
    });
    assert.equal(other.statusCode, 200);
    await app.close();
  });

  for (const [method, url, allow] of [
    ['DELETE', '/api/v1/rules', /GET/],
    ['PUT', '/api/v1/scans', /POST/],
    ['GET', `/api/v1/findings/${'a'.repeat(32)}/silence`, /^POST$/],
  ] as const)
    it(`405: ${method} ${url}`, async () => {
      const app = await api();
      const answer = await app.inject({ method, url });
      assert.equal(answer.statusCode, 405);
      assert.match(String(answer.headers.allow), allow);
      await app.close();
    });
});
