import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { endpointKey } from '../../src/model/target.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import {
  BadCursorError,
  type CertificateFilter,
  type EndpointFilter,
  type FindingFilter,
} from '../../src/store/reader.js';
import type { Page, PageRequest } from '../../src/store/store.js';
import { fill, hosts } from './filled.js';
import {
  certificate,
  embeddedConfig,
  finding,
  hash,
  log,
  minutes,
  noon,
  observation,
  position,
  temporaryFolder,
} from './sample.js';

/** Every item of a list, read in pages of two. */
async function all<T>(list: (page: PageRequest) => Promise<Page<T>>, limit = 2): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 200; pages += 1) {
    const page: Page<T> = await list({ limit, cursor });
    assert.ok(page.items.length <= limit);
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === null) return items;
  }
  return assert.fail('the list does not end');
}

describe('what the API reads', () => {
  let store: OpenStore;
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
    await fill(store);
  });
  after(() => store.close());

  const endpointFilters: readonly (readonly [
    name: string,
    filter: EndpointFilter,
    hosts: readonly string[],
  ])[] = [
    [
      'none',
      {},
      [
        'a.example.com',
        'a.example.com',
        'b.example.com',
        'badexample.com',
        'c.example.org',
        'example.com',
        'xn--bcher-kva.example',
      ],
    ],
    ['a host', { host: 'B.example.com' }, ['b.example.com']],
    [
      'a domain',
      { hostSuffix: 'example.com' },
      ['a.example.com', 'a.example.com', 'b.example.com', 'example.com'],
    ],
    [
      'a domain with a dot before it',
      { hostSuffix: '.Example.com' },
      ['a.example.com', 'a.example.com', 'b.example.com', 'example.com'],
    ],
    ['a part', { hostContains: 'DEXAM' }, ['badexample.com']],
    ['a part with wildcards of SQL in it', { hostContains: 'a_e%' }, []],
    ['an address', { address: '2001:db8::1' }, ['a.example.com']],
    ['a port', { port: 8443 }, ['a.example.com']],
    ['an outcome', { outcome: 'refused' }, ['a.example.com']],
    ['a certificate', { certificateSha256: certificate('b.example.com').sha256 }, ['b.example.com']],
    ['a key', { key: endpointKey(observation('c.example.org').target) }, ['c.example.org']],
    ['a quote', { host: "'; DROP TABLE endpoints; --" }, []],
  ];
  for (const [name, filter, expected] of endpointFilters) {
    it(`lists endpoints by ${name}`, async () => {
      const items = await all((page) => store.reader.listEndpoints(filter, page));
      assert.deepEqual(items.map((item) => item.target.host).sort(), expected);
      assert.equal(new Set(items.map((item) => item.key)).size, items.length);
    });
  }

  it('lists observations of an endpoint newest first', async () => {
    const key = endpointKey(observation('b.example.com').target);
    const items = await all((page) => store.reader.listObservations({ endpointKey: key }, page), 1);
    assert.deepEqual(
      items.map((item) => item.observedAt),
      [minutes(61), minutes(1)],
    );
    assert.deepEqual(items[0]?.target, observation('b.example.com').target);
    assert.equal(items[0].tls?.cipher, 'TLS_AES_128_GCM_SHA256');
  });

  const observationFilters = [
    ['nothing', {}, 13],
    ['scan', { scanId: 'scan-2' }, 6],
    ['domain', { hostSuffix: 'example.com' }, 7],
    ['certificate', { certificateSha256: certificate('example.com').sha256 }, 2],
    ['time', { from: minutes(60), to: minutes(63) }, 3],
    ['outcome', { outcome: 'refused' as const }, 1],
    ['unknown host', { host: 'nowhere.example' }, 0],
  ] as const;
  for (const [name, filter, expected] of observationFilters) {
    it(`lists observations by ${name}`, async () => {
      const items = await all((page) => store.reader.listObservations(filter, page), 5);
      assert.equal(items.length, expected);
    });
  }

  const leafOf = (name: string): ReturnType<typeof certificate> => certificate(name);
  const certificateFilters: readonly (readonly [
    name: string,
    filter: CertificateFilter,
    seeds: readonly string[],
  ])[] = [
    ['a name', { host: 'example.com' }, ['example.com']],
    [
      'a domain',
      { hostSuffix: 'example.com' },
      ['a.example.com', 'b.example.com', 'example.com', 'logged.example.com'],
    ],
    ['a part of a name', { hostContains: 'bcher' }, ['xn--bcher-kva.example']],
    ['sha1', { sha1: leafOf('a.example.com').sha1 }, ['a.example.com']],
    ['key', { spkiSha256: String(leafOf('a.example.com').spkiSha256) }, ['a.example.com']],
    ['issuance', { tbsSha256: String(leafOf('b.example.com').tbsSha256) }, ['b.example.com']],
    [
      'serial and issuer',
      { serialNumber: leafOf('b.example.com').serialNumber, issuerSha256: hash('issuer') },
      ['b.example.com'],
    ],
    [
      'serial and another issuer',
      { serialNumber: leafOf('b.example.com').serialNumber, issuerSha256: hash('x') },
      [],
    ],
    ['part of the issuer, served', { issuer: 'test ca', served: true }, [...hosts]],
    ['not served', { served: false }, ['Test CA', 'logged.example.com']],
    ['key type', { keyType: 'DSA' }, []],
    ['expiry', { expiresBefore: minutes(100_000) }, []],
  ];
  for (const [name, filter, seeds] of certificateFilters) {
    it(`lists certificates by ${name}`, async () => {
      const items = await all((page) => store.reader.listCertificates(filter, page));
      assert.deepEqual(items.map((item) => item.commonNames[0]).sort(), [...seeds].sort());
    });
  }

  it('lists a certificate once, however many of its names pass', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `n${index}.many.example.net`);
    const many = certificate('many', { names });
    await store.writeObservations([observation('many.example.net', { certificate: many, chain: [many] })]);
    const items = await all((page) =>
      store.reader.listCertificates({ hostSuffix: 'many.example.net' }, page),
    );
    assert.deepEqual(
      items.map((item) => item.sha256),
      [many.sha256],
    );
    assert.equal(
      (await all((page) => store.reader.listNames({ hostSuffix: 'many.example.net' }, page), 7)).length,
      30,
    );
  });

  it('lists names with their certificates', async () => {
    const items = await all((page) => store.reader.listNames({ hostContains: 'example.c' }, page));
    assert.deepEqual(items.map((item) => item.name).sort(), [
      'a.example.com',
      'b.example.com',
      'badexample.com',
      'example.com',
      'logged.example.com',
    ]);
    assert.deepEqual(
      items.find((item) => item.name === 'a.example.com'),
      {
        name: 'a.example.com',
        certificates: 1,
        sha256: leafOf('a.example.com').sha256,
        notAfter: minutes(100_000),
      },
    );
  });

  const findingFilters: readonly (readonly [name: string, filter: FindingFilter, count: number])[] = [
    ['nothing', {}, 8],
    ['state', { states: ['open', 'acknowledged'] }, 7],
    ['no state at all', { states: [] }, 0],
    ['severity', { severities: ['notice'] }, 1],
    ['rule', { rule: 'weak-key' }, 1],
    ['domain', { hostSuffix: 'example.com' }, 3],
    ['part of the host', { hostContains: 'example' }, 6],
    ['certificate', { certificateSha256: leafOf('example.com').sha256 }, 1],
    ['subject', { subjectKinds: ['endpoint'], subjectKey: 'weak|192.0.2.1|443|weak|' }, 1],
    ['id', { id: finding('weak').id }, 1],
  ];
  for (const [name, filter, count] of findingFilters) {
    it(`lists findings by ${name}, latest opened first`, async () => {
      const items = await all((page) => store.reader.listFindings(filter, page));
      assert.equal(items.length, count);
      const times = items.map((item) => item.openedAt.getTime());
      assert.deepEqual(
        times,
        [...times].sort((a, b) => b - a),
      );
      assert.equal(new Set(items.map((item) => item.id)).size, count);
    });
  }

  it('lists deliveries, scans and inventory page by page', async () => {
    assert.equal((await all((page) => store.reader.listDeliveries({}, page), 1)).length, 4);
    assert.equal(
      (await all((page) => store.reader.listDeliveries({ channel: 'email', state: 'pending' }, page), 1))
        .length,
      2,
    );
    const scans = await all((page) => store.reader.listScans(page), 2);
    assert.deepEqual(scans.map((scan) => scan.id).sort(), ['scan-0', 'scan-1', 'scan-2', 'scan-3', 'scan-4']);
    assert.equal((await all((page) => store.reader.listInventory({}, page))).length, 6);
    assert.equal((await all((page) => store.reader.listInventory({ source: 'files' }, page))).length, 5);
    assert.equal(
      (await all((page) => store.reader.listInventory({ sha256: certificate('two').sha256 }, page))).length,
      1,
    );
    assert.equal((await all((page) => store.reader.listInventory({ owner: 'team-a' }, page))).length, 5);
    assert.equal((await store.reader.listInventoryRuns()).length, 2);
  });

  it('tells how far each log is read and what is kept of it', async () => {
    const [row, ...others] = await store.reader.listCtLogs();
    assert.deepEqual(others, []);
    assert.deepEqual(row, { ...position(), behind: 10, entries: 2, newestEntryAt: noon });
  });

  it('refuses cursors it did not give out', async () => {
    const page = await store.reader.listFindings({}, { limit: 1, cursor: null });
    for (const cursor of [
      '',
      'x',
      'e30',
      'W10',
      Buffer.from('["findings"]').toString('base64url'),
      `${page.nextCursor}x`,
    ]) {
      await assert.rejects(store.reader.listFindings({}, { limit: 1, cursor }), BadCursorError, cursor);
    }
    await assert.rejects(
      store.reader.listEndpoints({}, { limit: 1, cursor: page.nextCursor }),
      BadCursorError,
    );
  });

  it('holds the page between 1 and 1,000', async () => {
    assert.equal((await store.reader.listFindings({}, { limit: 0, cursor: null })).items.length, 1);
    assert.equal((await store.reader.listFindings({}, { limit: 1e9, cursor: null })).items.length, 8);
    assert.equal((await store.reader.listFindings({}, { limit: 1.5, cursor: null })).items.length, 1);
  });
});
