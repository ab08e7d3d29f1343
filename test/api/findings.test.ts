import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createToken, openCredentials } from '../../src/api/access/credentials.js';
import type { Api } from '../../src/api/server.js';
import { openLedger } from '../../src/judging/finding-ledger.js';
import type { AuditEntry } from '../../src/model/audit-entry.js';
import { openStore, type OpenStore } from '../../src/store/index.js';
import {
  delivery,
  embeddedConfig,
  finding,
  hash,
  log,
  minutes,
  noon,
  temporaryFolder,
} from '../store/sample.js';
import { api, bearer, noActions } from './parts.js';

const ids = ['1', '2', '3', '4'].map((seed) => hash(seed).slice(0, 32));
const [first = '', second = '', third = '', fourth = ''] = ids;

describe('findings over the API', () => {
  let store: OpenStore;
  let app: Api;
  const dataDir = temporaryFolder();
  const audited: AuditEntry[] = [];
  const limited = createToken(
    openCredentials(dataDir, assert.fail),
    {
      name: 'limited',
      role: 'operator',
      scope: { domains: ['example.com'], tags: ['edge'] },
      expiresAt: null,
      createdBy: 'test',
    },
    noon,
  ).secret;
  const admin = createToken(
    openCredentials(dataDir, assert.fail),
    { name: 'ada', role: 'admin', scope: null, expiresAt: null, createdBy: 'test' },
    noon,
  ).secret;

  before(async () => {
    store = await openStore(embeddedConfig(temporaryFolder()), log);
    await store.writeFindings([
      finding('1', {
        host: 'a.example.com',
        severity: 'critical',
        cause: 'c',
        title: '=cmd|"/c calc"',
        openedAt: minutes(1),
      }),
      finding('2', { host: 'b.example.com', severity: 'error', cause: 'c', openedAt: minutes(2) }),
      finding('3', { host: 'c.example.net', owner: 'web', tags: ['edge'], openedAt: minutes(3) }),
      finding('4', {
        host: 'd.example.net',
        state: 'resolved',
        resolution: 'fixed',
        revision: 2,
        resolvedAt: minutes(5),
        openedAt: minutes(4),
      }),
    ]);
    await store.writeDeliveries([delivery('email', '1')]);
    const ledger = await openLedger(store);
    app = await api(
      {},
      {
        reader: store.reader,
        dataDir,
        now: () => noon,
        writeAudit: async (entry) => void audited.push(entry),
        actions: {
          ...noActions,
          changeFinding: (id, act, actor) => ledger.act(id, act, actor, noon),
          sendAgain: async () => null,
          pushInventory: async () => 'nothing is pushed in this test',
          startScan: async () => 'no',
        },
      },
    );
  });
  after(async () => {
    await app.close();
    await store.close();
  });

  const get = async (path: string, token = admin) => {
    const answer = await app.inject({ url: `/api/v1${path}`, headers: bearer(token) });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };
  const post = (path: string, payload: object | undefined, token = admin) =>
    app.inject({
      method: 'POST',
      url: `/api/v1/findings${path}`,
      headers: bearer(token),
      ...(payload && { payload }),
    });
  const idsOf = (body: { items: { id: string }[] }): string[] => body.items.map(({ id }) => id);

  for (const [query, expected] of [
    ['', [fourth, third, second, first]],
    ['?sort=-severity&state=open', [first, second, third]],
    ['?sort=host', [first, second, third, fourth]],
    ['?owner=web,nobody', [third]],
    ['?owner=', [fourth, second, first]],
    ['?rule=weak-key,expired&limit=1', [fourth]],
    ['?q=b.EXAMPLE', [second]],
    ['?dueBefore=2020-01-01', []],
  ] as const)
    it(`lists ${query === '' ? 'all' : query}`, async () => {
      const body = await get(`/findings${query}`);
      assert.deepEqual(idsOf(body), expected);
      assert.equal(body.partial, false);
      if (!query.includes('limit')) assert.equal(body.total, expected.length);
    });

  it('counts on the first page only', async () => {
    const { total, nextCursor } = await get('/findings?limit=1&sort=rule');
    assert.equal(total, 4);
    assert.equal((await get(`/findings?limit=1&sort=rule&cursor=${nextCursor}`)).total, null);
  });

  it('gives the fields that were asked for', async () => {
    const { items } = await get('/findings?fields=host,severity&limit=2');
    assert.deepEqual(items[1], { host: 'c.example.net', severity: 'error' });
    const answer = await app.inject({ url: '/api/v1/findings?fields=host,password', headers: bearer(admin) });
    assert.equal(answer.statusCode, 400);
    assert.match(answer.json().detail, /"password" is none of id, rule/);
  });

  it('groups, and counts facets', async () => {
    const groups = await get('/findings?group=cause&state=open');
    assert.deepEqual(
      groups.items.map(
        ({ key, count, finding: worst }: { key: string; count: number; finding: { id: string } }) => [
          key,
          count,
          worst.id,
        ],
      ),
      [
        ['c', 2, first],
        [third, 1, third],
      ].map(([key, count, id]) => [key === third ? groups.items[1].key : key, count, id]),
    );
    assert.equal(groups.total, 2);
    const facets = await get('/findings/facets?state=open&severity=critical');
    assert.deepEqual(facets.severity, { critical: 1, error: 2 });
  });

  it('exports what passes the filters as CSV that no spreadsheet runs, over all pages', async () => {
    const answer = await app.inject({
      url: '/api/v1/findings?format=csv&state=open&sort=host&fields=host,title,tags&limit=1',
      headers: bearer(admin),
    });
    assert.match(String(answer.headers['content-type']), /^text\/csv/);
    assert.match(String(answer.headers['content-disposition']), /filename="certglass-findings\.csv"/);
    const lines = answer.body.split('\r\n');
    assert.deepEqual(lines.slice(0, 2), ['host,title,tags', 'a.example.com,"\'=cmd|""/c calc""",']);
    assert.equal(lines.length, 5);
  });

  it('exports NDJSON, compressed where that is accepted', async () => {
    const headers = { ...bearer(admin), 'accept-encoding': 'gzip' };
    const answer = await app.inject({ url: '/api/v1/findings?format=ndjson&limit=2', headers });
    assert.equal(answer.headers['content-encoding'], 'gzip');
    const lines = gunzipSync(answer.rawPayload).toString().trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { id: string }).id),
      [fourth, third, second, first],
    );
  });

  it('refuses a bad cursor of an export before anything is sent', async () => {
    const answer = await app.inject({ url: '/api/v1/findings?format=csv&cursor=x', headers: bearer(admin) });
    assert.equal(answer.statusCode, 400);
    assert.equal(answer.headers['content-disposition'], undefined);
  });

  it('shows one with its history, deliveries and relatives', async () => {
    const body = await get(`/findings/${first}`);
    assert.deepEqual(
      [body.history.length, body.deliveries.length, body.related.map(({ id }: { id: string }) => id)],
      [1, 1, [second]],
    );
  });

  it('limits a credential to its domains and tags, in lists, counts, details and acts', async () => {
    const body = await get('/findings', limited);
    assert.deepEqual(idsOf(body), [third, second, first]);
    assert.equal(body.total, 3);
    assert.deepEqual((await get('/findings/facets', limited)).state, { open: 3 });
    assert.equal((await get('/findings?group=host', limited)).total, 3);
    const csv = await app.inject({ url: '/api/v1/findings?format=csv&fields=id', headers: bearer(limited) });
    assert.ok(!csv.body.includes(fourth));
    assert.equal(
      (await app.inject({ url: `/api/v1/findings/${fourth}`, headers: bearer(limited) })).statusCode,
      404,
    );
    assert.equal(
      (await app.inject({ url: `/api/v1/findings/${third}`, headers: bearer(limited) })).statusCode,
      200,
    );
    assert.equal((await post(`/${fourth}/comment`, { note: 'x' }, limited)).statusCode, 404);
    assert.equal(
      (await post('/bulk', { filter: {}, action: 'comment', note: 'mine' }, limited)).json().matched,
      3,
    );
    for (const url of ['/api/v1/deliveries', '/api/v1/scans', '/api/v1/overview'])
      assert.equal((await app.inject({ url, headers: bearer(limited) })).statusCode, 403, url);
  });

  it('acknowledges, silences until a date, accepts with a reason, assigns, comments and reopens, and audits each', async () => {
    audited.length = 0;
    const until = '2026-12-24T00:00:00.000Z';
    for (const [action, payload, expected] of [
      ['acknowledge', undefined, { state: 'acknowledged', until: null }],
      ['silence', { until, note: 'ordered' }, { state: 'silenced', until, note: 'ordered' }],
      ['reopen', {}, { state: 'open', until: null }],
      ['accept', { note: 'lab' }, { state: 'accepted', until: null, note: 'lab' }],
      ['assign', { assignee: 'uma' }, { assignee: 'uma' }],
      ['ticket', { ticket: 'OPS-1' }, { ticket: 'OPS-1' }],
      ['comment', { note: 'seen' }, { note: 'seen' }],
    ] as const) {
      const answer = await post(`/${second}/${action}`, payload);
      assert.equal(answer.statusCode, 200, answer.body);
      const body = answer.json();
      for (const [key, value] of Object.entries(expected))
        assert.deepEqual(body[key], value, `${action} ${key}`);
      assert.equal(body.changedBy, 'ada');
    }
    assert.deepEqual(
      audited.map(({ action, subject }) => [action, subject]),
      ['acknowledge', 'silence', 'reopen', 'accept', 'assign', 'ticket', 'comment'].map((action) => [
        `finding.${action}`,
        second,
      ]),
    );
    assert.equal(audited[1]?.details['note'], 'ordered');
  });

  for (const [path, payload, status] of [
    [`/${first}/accept`, {}, 400],
    [`/${first}/accept`, { note: '' }, 400],
    [`/${first}/silence`, { until: 'soon' }, 400],
    [`/${first}/assign`, {}, 400],
    [`/${fourth}/acknowledge`, {}, 409],
    [`/${'0'.repeat(32)}/acknowledge`, {}, 404],
    ['/bulk', { action: 'acknowledge' }, 400],
    ['/bulk', { ids: [first], filter: {}, action: 'acknowledge' }, 400],
    ['/bulk', { ids: [first], action: 'accept' }, 422],
    ['/bulk', { ids: [first], action: 'assign' }, 422],
  ] as const)
    it(`answers ${status} to POST ${path.replace(/[0-9a-f]{32}/, ':id')} ${JSON.stringify(payload).slice(0, 60)}`, async () => {
      assert.equal((await post(path, payload)).statusCode, status);
    });

  it('acts on many at once, by ids or filter, and says what was left as it was', async () => {
    const body = (
      await post('/bulk', {
        ids: [first, fourth, '0'.repeat(32)],
        action: 'silence',
        note: 'bulk',
        until: '2026-12-01',
      })
    ).json();
    assert.deepEqual([body.matched, body.changed], [2, 1]);
    assert.deepEqual(body.skipped, [{ id: fourth, reason: 'it is resolved' }]);
    const byFilter = (
      await post('/bulk', { filter: { state: ['open'], owner: ['web'] }, action: 'acknowledge' })
    ).json();
    assert.deepEqual([byFilter.matched, byFilter.changed], [1, 1]);
    assert.equal((await get(`/findings/${third}`)).state, 'acknowledged');
  });

  it('has an overview, a timeline and recall', async () => {
    const body = await get('/overview');
    assert.equal(body.at, noon.toISOString());
    assert.equal(body.deliveries.pending, 1);
    assert.ok(body.causes.length <= 6);
    assert.deepEqual((await get('/timeline/expiry?days=30')).items, []);
    assert.deepEqual((await get('/recall')).items, [{ operator: 'all', served: 0, seen: 0 }]);
  });
});
