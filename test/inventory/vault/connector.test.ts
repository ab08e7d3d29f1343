import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { HeardRequest, Reply } from '../../support/http-service.js';
import { issueFor, type Issued } from '../../support/pki.js';
import { testFaults, trial, type Script } from '../rest/trial.js';

/**
 * Answers as https://developer.hashicorp.com/vault/api-docs/secret/pki, .../api-docs/auth/approle, .../auth/kubernetes and
 * .../system/mounts show them, read 2026-12-01; OpenBao answers alike (https://openbao.org/api-docs/secret/pki/).
 */
const token = 'hvs.CAESIJsecrettoken';
const secretId = '84896a0c-1347-aa90-a4f6-aca8b7558780';
const issued = new Map<string, Issued>(
  ['4a:f0:01', '00:ff:02', '7b-03'].map((serial, n) => [serial, issueFor(`host-${n}.example.com`)]),
);

function server(more: { readonly certificates?: ReadonlyMap<string, string> } = {}): Script {
  const certificates = more.certificates ?? new Map([...issued].map(([serial, { pem }]) => [serial, pem]));
  return ({ url, headers, method, body }: HeardRequest): Reply => {
    const path = decodeURIComponent(url.pathname);
    if (path.endsWith('/login')) {
      const login = JSON.parse(body) as Record<string, string>;
      const good = method === 'POST' && (login['secret_id'] === secretId || login['jwt'] === 'a.b.c');
      return good
        ? { json: { auth: { client_token: token, lease_duration: 3600, policies: ['default'] } } }
        : { status: 400, text: '{"errors":["invalid secret id"]}' };
    }
    if (headers['x-vault-token'] !== token) return { status: 403, text: '{"errors":["permission denied"]}' };
    if (path === '/v1/sys/mounts')
      return {
        json: { data: { 'secret/': { type: 'kv' }, 'pki/': { type: 'pki' }, 'pki/int/': { type: 'pki' } } },
      };
    if (path === '/v1/pki/certs') return { json: { data: { keys: [...certificates.keys()] } } };
    if (path === '/v1/pki/certs/revoked') return { json: { data: { keys: ['00:ff:02'] } } };
    if (path === '/v1/pki/roles') return { json: { data: { keys: ['web', 'silent'] } } };
    if (path === '/v1/pki/roles/web') return { json: { data: { no_store: false } } };
    if (path === '/v1/pki/roles/silent') return { json: { data: { no_store: true } } };
    const certificate = certificates.get(path.replace('/v1/pki/cert/', ''));
    if (certificate === undefined) return { status: 404, text: '{"errors":[]}' };
    return { json: { data: { certificate, revocation_time: 0 } } };
  };
}

const byToken = (url: string): object => ({ type: 'vault', url, auth: { method: 'token', token } });

describe('vault', () => {
  const folder = mkdtempSync(join(tmpdir(), 'certglass-vault-'));
  after(() => rmSync(folder, { recursive: true }));

  it('lists what all PKI engines store, with whether it is revoked', async () => {
    const { items, errors, notes, failure } = await trial(byToken, server());
    assert.deepEqual([errors, failure], [[], null]);
    assert.deepEqual(
      items.map(({ reference, sha256, status, names }) => [reference, sha256, status, names]),
      [...issued].map(([serial, { sha256 }], n) => [
        `pki/cert/${serial}`,
        sha256,
        serial === '00:ff:02' ? 'revoked' : 'issued',
        [`host-${n}.example.com`],
      ]),
    );
    assert.deepEqual(notes, ['pki/roles/silent stores no certificates (no_store): they cannot be listed']);
  });
  it('reads the engines it is given only', async () => {
    const { requests } = await trial(
      (url) => ({ ...byToken(url), mounts: ['/pki/'], namespace: 'team' }),
      server(),
    );
    assert.ok(requests.every(({ url }) => !url.pathname.includes('sys/mounts')));
    assert.ok(requests.every(({ headers }) => headers['x-vault-namespace'] === 'team'));
  });
  it('asks for no certificate that it knows already', async () => {
    const first = await trial(byToken, server());
    const known = async () => new Map(first.items.slice(0, 2).map((item) => [item.reference, item]));
    const second = await trial(byToken, server(), { known });
    assert.deepEqual(second.items, first.items);
    assert.equal(second.requests.filter(({ url }) => url.pathname.includes('/cert/')).length, 1);
  });
  it('reports a certificate that it cannot read, and goes on; notes one that is gone', async () => {
    const certificates = new Map([
      ['01', 'nonsense'],
      ['02', issueFor('a.example.com').pem],
    ]);
    const script = server({ certificates });
    const { items, errors, notes } = await trial(byToken, (request) =>
      request.url.pathname === '/v1/pki/certs'
        ? { json: { data: { keys: ['01', '02', 'gone'] } } }
        : script(request),
    );
    assert.deepEqual(errors, ['pki/cert/01: its certificate is not readable']);
    assert.equal(items.length, 1);
    assert.ok(notes.includes('pki/cert/gone: is gone meanwhile'));
  });
  writeFileSync(join(folder, 'jwt'), 'a.b.c\n');
  for (const auth of [
    { method: 'approle', roleId: '7d2a1f52-role-id', secretId },
    { method: 'kubernetes', role: 'certglass', tokenFile: join(folder, 'jwt') },
    { method: 'jwt', role: 'certglass', tokenFile: join(folder, 'jwt'), mount: 'oidc' },
  ])
    it(`signs in by ${auth.method}, once a run`, async () => {
      const { items, failure, requests } = await trial((url) => ({ type: 'vault', url, auth }), server());
      assert.equal(failure, null);
      assert.equal(items.length, 3);
      const logins = requests.filter(({ url }) => url.pathname.endsWith('/login'));
      assert.equal(logins.length, 1);
      assert.equal(logins[0]?.url.pathname, `/v1/auth/${auth.mount ?? auth.method}/login`);
    });
  it('says that signing in failed, in the words of Vault, without the secret', async () => {
    const auth = { method: 'approle', roleId: '7d2a1f52-role-id', secretId: 'wrong-secret-id' };
    const { failure } = await trial((url) => ({ type: 'vault', url, auth }), server());
    assert.match(failure?.message ?? '', /POST \/v1\/auth\/approle\/login: status 400: .*invalid secret id/);
    assert.ok(!failure?.message.includes('wrong-secret-id'));
  });
});

const many = new Map(
  Array.from({ length: 120 }, (_, n) => [n.toString(16).padStart(4, '0'), issueFor(`h${n}.example.com`).pem]),
);
testFaults('vault', {
  configure: byToken,
  script: () => server({ certificates: many }),
  expected: [...many.keys()].map((serial) => `pki/cert/${serial}`),
  secrets: [token],
  isLaterPage: ({ url }) => url.pathname === '/v1/pki/certs',
});
