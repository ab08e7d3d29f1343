import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { HeardRequest, Reply } from '../../support/http-service.js';
import { issueFor } from '../../support/pki.js';
import { testFaults, trial, type Script } from '../rest/trial.js';

/** Answers as https://learn.microsoft.com/rest/api/keyvault/certificates/ shows them (API version 7.4), read 2026-12-01. */
const clientSecret = 'azure~client~secret';
const web = issueFor('www.example.com');
const older = issueFor('www.example.com');
const api = issueFor('api.example.com');
const token = 'azure-access-token';

type Stock = Readonly<Record<string, readonly Buffer[]>>;
const usual: Stock = { web: [web.der, older.der], api: [api.der] };

function server(stock: Stock = usual, size = 1): Script {
  return ({ url, headers, body }: HeardRequest): Reply => {
    if (url.pathname === '/tenant-1/oauth2/v2.0/token') {
      const form = new URLSearchParams(body);
      const isGood = form.get('client_secret') === clientSecret || form.get('client_assertion') === 'a.b.c';
      return isGood && form.get('scope') === 'https://vault.azure.net/.default'
        ? { json: { token_type: 'Bearer', expires_in: 3599, access_token: token } }
        : { status: 401, text: '{"error":"invalid_client"}' };
    }
    if (url.pathname === '/metadata/identity/oauth2/token')
      return headers['metadata'] === 'true'
        ? { json: { access_token: token, expires_in: '86399' } }
        : { status: 400 };
    if (headers.authorization !== `Bearer ${token}`)
      return { status: 401, text: '{"error":{"code":"Unauthorized"}}' };
    const listed = (ids: readonly string[]): Reply => {
      const start = Number(url.searchParams.get('$skiptoken') ?? 0);
      const next = new URL(url);
      next.searchParams.set('$skiptoken', String(start + size));
      const value = ids.slice(start, start + size).map((id) => ({
        id: url.origin + id,
        attributes: { enabled: true, exp: 1 },
        tags: { team: 'web' },
        x5t: 'x',
      }));
      return { json: { value, nextLink: start + size < ids.length ? next.href : null } };
    };
    if (url.pathname === '/certificates')
      return listed(Object.keys(stock).map((name) => `/certificates/${name}`));
    const [, name = '', last = ''] = /^\/certificates\/([^/]+)\/(.+)$/.exec(url.pathname) ?? [];
    const versions = stock[name] ?? [];
    if (last === 'versions') return listed(versions.map((_, n) => `/certificates/${name}/v${n}`));
    const der = versions[Number(last.slice(1))];
    return der === undefined
      ? { status: 404 }
      : { json: { id: url.href, cer: der.toString('base64'), attributes: {} } };
  };
}
const auth = { method: 'client-secret', tenantId: 'tenant-1', clientId: 'client-1', clientSecret };
const configure = (url: string, more: object = {}): object => ({
  type: 'azure',
  vaults: [url],
  authority: url,
  auth,
  ...more,
});

describe('azure', () => {
  const folder = mkdtempSync(join(tmpdir(), 'certglass-azure-'));
  after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'token'), 'a.b.c\n');

  it('lists every version of every certificate, with its tags', async () => {
    const { items, errors, failure, requests } = await trial(configure, server());
    assert.deepEqual([errors, failure], [[], null]);
    assert.deepEqual(
      items.map(({ reference, sha256 }) => [new URL(reference).pathname, sha256]),
      [
        ['/certificates/web/v0', web.sha256],
        ['/certificates/web/v1', older.sha256],
        ['/certificates/api/v0', api.sha256],
      ],
    );
    assert.deepEqual([items[0]?.labels, items[0]?.status], [{ team: 'web' }, 'enabled']);
    assert.equal(requests.filter(({ url }) => url.pathname.endsWith('/token')).length, 1);
  });
  for (const [name, how] of [
    [
      'a federated token',
      { method: 'workload-identity', tenantId: 'tenant-1', clientId: 'c', tokenFile: join(folder, 'token') },
    ],
    ['a managed identity', { method: 'managed-identity' }],
  ] as const)
    it(`signs in by ${name}`, async () => {
      const { items, failure } = await trial((url) => configure(url, { auth: how, metadata: url }), server());
      assert.equal(failure, null);
      assert.equal(items.length, 3);
    });
  it('follows no link to another host', async () => {
    const right = server();
    const { failure } = await trial(configure, (request) =>
      request.url.pathname === '/certificates'
        ? { json: { value: [], nextLink: 'http://127.0.0.9/certificates' } }
        : right(request),
    );
    assert.match(failure?.message ?? '', /another host/);
  });
  it('says that signing in failed, without the secret', async () => {
    const wrong = { ...auth, clientSecret: 'wrong~client~secret' };
    const { failure } = await trial((url) => configure(url, { auth: wrong }), server());
    assert.match(
      failure?.message ?? '',
      /POST \/tenant-1\/oauth2\/v2\.0\/token: status 401: .*invalid_client/,
    );
    assert.ok(!failure?.message.includes('wrong~client~secret'));
  });
});

const names = Array.from({ length: 40 }, (_, n) => `c${n}`);
testFaults('azure', {
  configure,
  script: () => server(Object.fromEntries(names.map((name) => [name, [web.der]])), 7),
  expected: names.map((name) => `/certificates/${name}/v0`),
  referenceOf: (reference) => new URL(reference).pathname,
  secrets: [clientSecret],
  isLaterPage: ({ url }) => url.pathname === '/certificates' && url.searchParams.get('$skiptoken') === '14',
});
