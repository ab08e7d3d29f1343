import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { PushedInventory } from '../../src/api/routes.js';
import { createPushes, type Pushes } from '../../src/service/inventory-push.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import { readCertificate } from '../../src/x509/read/read-certificate.js';
import { embeddedConfig, log, temporaryFolder } from '../store/sample.js';
import { issueCa, issueFor, toPem } from '../support/pki.js';

const ca = issueCa();
const leaf = issueFor('www.example.com', { issuer: ca });
const other = issueFor('shop.example.com', { issuer: ca });

describe('pushed certificates', () => {
  let store: OpenStore;
  let pushes: Pushes;
  let clock = new Date('2026-12-01T00:00:00Z');
  let evaluations = 0;
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
    pushes = createPushes({
      store,
      read: readCertificate,
      evaluate: async () => void (evaluations += 1),
      now: () => clock,
    });
  });
  after(() => store.close());

  const push = (content: string | Uint8Array, more: Partial<PushedInventory> = {}) =>
    pushes.take({
      source: 'ci',
      content: Buffer.from(content),
      replace: false,
      owner: null,
      environment: null,
      labels: {},
      tags: [],
      ...more,
    });
  const stored = async (source = 'push:ci') =>
    (await store.reader.listInventory({ source }, { limit: 100, cursor: null })).items;
  const index = () => store.inventoryIndex(new Date('2026-12-31T00:00:00Z'), 48, []);

  it('adds certificates to those pushed before, each once', async () => {
    assert.deepEqual(await push(leaf.pem, { owner: 'web', tags: ['pci'] }), {
      source: 'push:ci',
      accepted: 1,
      total: 1,
    });
    assert.deepEqual(await push(other.der), { source: 'push:ci', accepted: 1, total: 2 });
    assert.deepEqual(await push(leaf.pem, { owner: 'shop' }), { source: 'push:ci', accepted: 1, total: 2 });
    const items = await stored();
    assert.deepEqual(items.map(({ sha256 }) => sha256).sort(), [leaf.sha256, other.sha256].sort());
    const again = items.find(({ sha256 }) => sha256 === leaf.sha256);
    assert.deepEqual([again?.owner, again?.names, again?.tags], ['shop', ['www.example.com'], []]);
    assert.equal(evaluations, 3);
  });
  it('is managed at once, and is never stale', async () => {
    const { sha256, isWhole, staleSources } = await index();
    assert.ok(sha256.has(leaf.sha256) && sha256.has(other.sha256));
    assert.deepEqual([isWhole, staleSources], [true, []]);
  });
  it('takes pushes at the same time one after the other', async () => {
    const many = Array.from({ length: 8 }, (_, n) => issueFor(`host-${n}.example.com`));
    await Promise.all(many.map(({ pem }) => push(pem, { source: 'parallel' })));
    assert.equal((await stored('push:parallel')).length, 8);
  });
  it('takes fingerprints one a line, and JSON', async () => {
    const sha1 = readCertificate(other.der).sha1;
    assert.deepEqual(await push(`${leaf.sha256}\r\n${sha1.toUpperCase()}\n`, { source: 'prints' }), {
      source: 'push:prints',
      accepted: 2,
      total: 2,
    });
    const json = JSON.stringify([{ sha256: leaf.sha256, owner: 'web' }, { certificate: other.pem }]);
    assert.deepEqual(await push(json, { source: 'json', environment: 'prod' }), {
      source: 'push:json',
      accepted: 2,
      total: 2,
    });
    assert.deepEqual(
      (await stored('push:json')).map(({ owner, environment }) => [owner, environment]).sort(),
      [
        [null, 'prod'],
        ['web', 'prod'],
      ],
    );
  });
  it('replaces everything when asked to', async () => {
    assert.deepEqual(await push(ca.pem, { replace: true }), { source: 'push:ci', accepted: 1, total: 1 });
    assert.deepEqual(
      (await stored()).map(({ sha256 }) => sha256),
      [ca.sha256],
    );
  });
  for (const [name, content, sentence] of [
    ['nothing', '', /there is no certificate and no fingerprint in it/],
    ['a web page', '<html></html>', /there is no certificate/],
    ['a key', leaf.keyPem, /there is no certificate/],
    [
      'a broken certificate among good ones',
      leaf.pem + toPem(Buffer.alloc(300, 7)),
      /a certificate in it cannot be read/,
    ],
    ['a line that is no fingerprint', `${leaf.sha256}\nhello\n`, /there is no certificate/],
    ['a serial number without its issuer', '{"serial":"01"}', /it has a serial number, but its issuer/],
  ] as const)
    it(`takes nothing of ${name}, and says so`, async () => {
      assert.match(String(await push(content, { source: 'bad' })), sentence);
      assert.deepEqual(await stored('push:bad'), []);
    });

  it('are written again once a day, as they are, and no more often', async () => {
    const runs = async () =>
      (await store.reader.listInventoryRuns()).find(({ source }) => source === 'push:ci')?.startedAt;
    const [before, first] = [await stored(), await runs()];
    await pushes.renew();
    assert.deepEqual(await runs(), first);
    clock = new Date(clock.getTime() + 86_460_000);
    await pushes.renew();
    assert.ok(Number(await runs()) > Number(first));
    assert.deepEqual(await stored(), before);
  });
});
