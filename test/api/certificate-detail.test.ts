import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Api } from '../../src/api/server.js';
import type { OpenStore } from '../../src/store/index.js';
import { lone, old, openWorld, twin, young } from '../store/console-world.js';
import { hash, noon } from '../store/sample.js';
import { api, noInsight } from './parts.js';

describe('certificates over the API', () => {
  let store: OpenStore;
  let app: Api;
  const examined: unknown[] = [];
  before(async () => {
    store = await openWorld();
    app = await api(
      {},
      {
        reader: store.reader,
        now: () => noon,
        insight: {
          ...noInsight,
          async examine(certificate, now) {
            examined.push([Buffer.from(certificate.der).toString(), certificate.host]);
            return noInsight.examine(certificate, now);
          },
          bytes: (hashes) => store.certificates(hashes),
        },
      },
    );
  });
  after(async () => {
    await app.close();
    await store.close();
  });
  const get = async (path: string) => {
    const answer = await app.inject(`/api/v1${path}`);
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };

  it('lists one row an issuance', async () => {
    const { items, total } = await get(
      '/certificates?group=issuance&hostSuffix=shop.example.com&sort=-notAfter',
    );
    assert.deepEqual(
      items.map((row: Record<string, unknown>) => [
        row['sha256'],
        row['servedCount'],
        row['logged'],
        row['owner'],
        row['nameCount'],
      ]),
      [
        [young.sha256, 1, true, null, 2],
        [old.sha256, 1, false, 'team-a', 2],
      ],
    );
    assert.ok(total >= 2);
  });

  for (const [query, expected] of [
    ['q=lone', [lone.sha256]],
    ['everServed=false&isCa=false&hostSuffix=example.org', [lone.sha256]],
    ['owner=team-a', [old.sha256]],
    ['q=shop&sort=notAfter&fields=sha256', [old.sha256, young.sha256]],
  ] as const)
    it(`finds ${query}`, async () => {
      const { items } = await get(`/certificates?${query}`);
      assert.deepEqual(
        items.map(({ sha256 }: { sha256: string }) => sha256),
        expected,
      );
    });

  it('shows a certificate with its relatives and what is said of it', async () => {
    const body = await get(`/certificates/${old.sha256}`);
    assert.equal(body.successor.sha256, young.sha256);
    assert.equal(body.predecessor, null);
    assert.deepEqual(
      body.sameKey.map(({ sha256 }: { sha256: string }) => sha256),
      [twin.sha256],
    );
    assert.deepEqual(body.examination.trust, []);
    assert.deepEqual(examined, [['der of old', 'b.shop.example.com']]);
  });

  it('shows the gap between what was issued and what is installed', async () => {
    const body = await get(`/issuances/${young.tbsSha256}`);
    assert.deepEqual(body.serving, { this: 1, predecessor: 1, successor: 0 });
    assert.equal(body.outageAt, old.notAfter?.toISOString());
    assert.equal(body.renewedBeforeDays, 15);
    assert.equal(body.endpoints.length, 2);
    assert.equal(body.spans.length, 2);
    const before = await get(`/issuances/${old.tbsSha256}`);
    assert.deepEqual([before.serving.this, before.outageAt], [1, old.notAfter?.toISOString()]);
    assert.equal((await app.inject(`/api/v1/issuances/${hash('none')}`)).statusCode, 404);
  });

  it('compares two', async () => {
    const body = await get(`/certificates/compare?a=${old.sha256}&b=${twin.sha256}`);
    assert.ok(body.differences.includes('notAfter') && !body.differences.includes('spkiSha256'));
    assert.deepEqual([body.namesOnlyInA.length, body.namesOnlyInB], [2, ['twin.example.net']]);
    assert.equal(
      (await app.inject(`/api/v1/certificates/compare?a=${old.sha256}&b=${hash('x')}`)).statusCode,
      404,
    );
  });

  it('gives files, the chain included where asked', async () => {
    const pem = await app.inject(`/api/v1/certificates/${young.sha256}.pem?chain=true`);
    assert.equal(pem.body.match(/BEGIN CERTIFICATE/g)?.length, 1);
    assert.match(String(pem.headers['content-disposition']), /-chain\.pem"$/);
    const text = await app.inject(`/api/v1/certificates/${young.sha256}.txt`);
    assert.deepEqual([text.body, text.headers['content-type']], ['text', 'text/plain; charset=utf-8']);
    const der = await app.inject(`/api/v1/certificates/${young.sha256}.der`);
    assert.equal(der.rawPayload.toString(), 'der of young');
  });
});
