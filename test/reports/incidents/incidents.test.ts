import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { IncidentKind, IncidentRecord, Incidents } from '../../../src/model/emergency.js';
import { createIncidents } from '../../../src/service/incidents.js';
import { openStore, type OpenStore } from '../../../src/store/index.js';
import {
  certificate,
  ctEntry,
  embeddedConfig,
  hash,
  log,
  minutes,
  noon,
  observation,
  position,
  temporaryFolder,
} from '../../store/sample.js';

const days = (count: number): Date => new Date(noon.getTime() + count * 86_400_000);
const rootName = 'CN=Example Root,O=Example\\, Trust';
const root = certificate('root', { isCa: true, subject: rootName, issuer: rootName, names: [] });
const sub = certificate('sub', { isCa: true, subject: 'CN=Sub CA', issuer: rootName, names: [] });
const leaf = (name: string, issuer: string, change: object = {}) =>
  certificate(name, {
    names: [`${name.replace(/-.*/, '')}.example.com`],
    subject: `CN=${name}`,
    issuer,
    notBefore: days(-20),
    notAfter: days(40),
    ...change,
  });
const shop = leaf('shop', 'CN=Sub CA');
const api = leaf('api', 'CN=Sub CA', { spkiSha256: shop.spkiSha256 });
const other = leaf('other', 'CN=Elsewhere');
const logged = leaf('logged', 'CN=Sub CA');
const expired = leaf('expired', 'CN=Sub CA', { notAfter: days(-1) });
const served = (host: string, of: typeof shop, observedAt: Date, change: object = {}) =>
  observation(host, { observedAt, certificate: of, chain: [of, sub], ...change });
const at = (address: string, host: string) => ({
  target: { host, address, port: 443, serverName: host, starttls: null },
});

describe('incidents', () => {
  let store: OpenStore;
  let incidents: Incidents;
  let now = noon;
  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
    incidents = createIncidents({
      store,
      ownership: ([name = '']) => ({ owner: name.split('.')[0] ?? null, environment: null, tags: [] }),
      now: () => now,
    });
    await store.writeObservations([
      served('shop.example.com', shop, minutes(-30), at('10.0.0.1', 'shop.example.com')),
      served('shop2.example.com', shop, minutes(-30), at('10.0.0.2', 'shop2.example.com')),
      served('api.example.com', api, minutes(-30), at('192.0.2.1', 'api.example.com')),
      observation('other.example.com', {
        observedAt: minutes(-30),
        certificate: other,
        chain: [other, root],
      }),
    ]);
    await store.writeCtEntries([
      ctEntry('logged', 1, { certificate: logged, chainCertificates: [sub, root] }),
      ctEntry('expired', 2, { certificate: expired, chainCertificates: [sub, root] }),
      ctEntry('other', 3, { certificate: other, logId: 'second log', chainCertificates: [] }),
    ]);
    await store.writeCtPosition(
      position({ logId: 'second log', description: "Operator 'B2027'", operator: 'Operator' }),
    );
  });
  after(() => store.close());

  const open = (kind: IncidentKind, value: string, drill = false): Promise<IncidentRecord> =>
    incidents.open({ kind, value, drill, note: '' }, 'ada');
  async function rows(id: string, table: string, owner: string | null = null) {
    const scope = { domain: null, owner, environment: null, tag: null };
    const content = await incidents.report(id, scope, 'json', null);
    let text = '';
    for await (const piece of content ?? []) text += piece;
    const { tables } = JSON.parse(text) as { tables: { id: string; rows: Record<string, unknown>[] }[] };
    return tables.find((one) => one.id === table)!.rows;
  }

  for (const [kind, value, expected] of [
    ['key', shop.spkiSha256 ?? '', ['api', 'shop']],
    ['issuer', 'CN=Sub CA', ['api', 'shop', 'logged']],
    ['issuer', 'sub ca', ['api', 'shop', 'logged']],
    ['issuer', 'Sub', []],
    ['intermediate', hash('sha256 sub'), ['api', 'shop', 'logged']],
    ['intermediate', hash('sha256 root'), ['other']],
    ['ca', 'Example, Trust', ['api', 'shop', 'logged', 'other']],
    ['ca', 'Example Root', ['api', 'shop', 'logged', 'other']],
    ['ca', 'Nobody', []],
    ['log', "operator 'b2027'", ['other']],
    ['log', 'second log', ['other']],
    ['log', 'none', []],
  ] as const)
    it(`finds what ${kind} ${value.slice(0, 20)} is about`, async () => {
      const { id, atOpening } = await open(kind, value);
      const certificates = await rows(id, 'certificates');
      const owners = certificates.map(({ owner }) => owner);
      assert.deepEqual(owners.toSorted(), expected.toSorted());
      assert.equal(atOpening.certificates, expected.length);
    });

  it('orders what the internet reaches first, then what most endpoints serve, what is only logged last', async () => {
    const { id, atOpening } = await open('issuer', 'Sub CA');
    const certificates = await rows(id, 'certificates');
    assert.deepEqual(
      certificates.map(({ order, owner, state, endpointsServing }) => [
        order,
        owner,
        state,
        endpointsServing,
      ]),
      [
        [1, 'api', 'serving', 1],
        [2, 'shop', 'serving', 2],
        [3, 'logged', 'not served', 0],
      ],
    );
    assert.deepEqual(certificates[1]?.['hosts'], ['shop.example.com', 'shop2.example.com']);
    assert.deepEqual([atOpening.endpointsServing, atOpening.notServed], [3, 1]);
    assert.deepEqual((await rows(id, 'certificates', 'shop')).length, 1);
  });

  it('follows the replacement as scans and logs see it, and stays on record when it is closed', async () => {
    const { id } = await open('issuer', 'Sub CA');
    const renewed = leaf('shop-new', 'CN=Elsewhere', { notBefore: minutes(5), notAfter: days(90) });
    await store.writeCtEntries([ctEntry('shop-new', 9, { certificate: renewed, seenAt: minutes(6) })]);
    now = minutes(7);
    const reissued = await incidents.get(id);
    assert.deepEqual([reissued?.progress.reissued, reissued?.progress.serving], [1, 1]);
    await store.writeObservations([
      served('shop.example.com', renewed, minutes(8), at('10.0.0.1', 'shop.example.com')),
    ]);
    now = minutes(9);
    const half = (await incidents.get(id))?.progress;
    assert.deepEqual([half?.endpointsReplaced, half?.endpointsServing, half?.reissued], [1, 2, 1]);
    assert.deepEqual(
      (await rows(id, 'endpoints')).map(({ host, state }) => [host, state]),
      [
        ['api.example.com', 'to do'],
        ['shop.example.com', 'done'],
        ['shop2.example.com', 'to do'],
      ],
    );
    await store.writeObservations([
      served('shop2.example.com', renewed, minutes(10), at('10.0.0.2', 'shop2.example.com')),
    ]);
    now = minutes(11);
    const { progress } = (await incidents.get(id))!;
    assert.deepEqual([progress.replaced, progress.endpointsReplaced, progress.endpointsServing], [1, 2, 1]);
    assert.deepEqual(
      (await rows(id, 'owners')).map(({ owner, endpointsServing, endpointsReplaced }) => [
        owner,
        endpointsServing,
        endpointsReplaced,
      ]),
      [
        ['api', 1, 0],
        ['logged', 0, 0],
        ['shop', 0, 2],
      ],
    );
    const closed = await incidents.close(id, 'the rest is gone next week', 'otto');
    assert.ok(closed !== null && typeof closed === 'object');
    assert.deepEqual([closed.closedBy, closed.atClosing], ['otto', progress]);
    assert.match(String(await incidents.close(id, '', 'ada')), /was closed on .* by otto/);
    assert.equal(await incidents.close('none', '', 'ada'), null);
    assert.deepEqual(
      (await incidents.list()).find((one) => one.id === id),
      closed,
    );
  });

  it('marks an exercise as one, and keeps hostile values harmless', async () => {
    const { id } = await open('ca', '=1+2"<script>', true);
    const scope = { domain: null, owner: null, environment: null, tag: null };
    let page = '';
    for await (const piece of (await incidents.report(id, scope, 'html', null)) ?? []) page += piece;
    assert.match(page, /<h1>Drill: ca =1\+2&quot;&lt;script&gt;<\/h1>/);
    assert.match(page, /An exercise, not an incident/);
  });
});
