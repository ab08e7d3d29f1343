import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openCredentials } from '../../src/api/access/credentials.js';
import { temporaryFolder } from '../store/sample.js';
import { api, bearer, noActions, now, secrets, tokens, untouched } from './parts.js';

const admin = bearer(secrets.admin);

describe('tokens over the API', () => {
  it('are made, listed without their secrets, used, and revoked', async () => {
    const dataDir = temporaryFolder();
    const app = await api({ tokens }, { dataDir });
    const payload = {
      name: 'ci',
      role: 'operator',
      scope: { domains: ['example.com'] },
      expiresAt: '2026-12-01',
    };
    const made = await app.inject({ method: 'POST', url: '/api/v1/tokens', headers: admin, payload });
    assert.equal(made.statusCode, 201, made.body);
    const { id, secret } = made.json();
    assert.match(secret, /^cgl_[\w-]{43}$/);
    const again = await app.inject({ method: 'POST', url: '/api/v1/tokens', headers: admin, payload });
    assert.equal(again.statusCode, 409);
    const me = await app.inject({ url: '/api/v1/me', headers: bearer(secret) });
    assert.deepEqual([me.json().name, me.json().scope], ['ci', { domains: ['example.com'], tags: [] }]);
    const listed = await app.inject({ url: '/api/v1/tokens', headers: admin });
    assert.ok(!listed.body.includes(secret) && !listed.body.includes('digest'));
    const [row] = listed.json().items.filter((one: { id: string | null }) => one.id === id);
    assert.deepEqual([row.name, row.createdBy, row.lastUsedAt], ['ci', 'ada', now.toISOString()]);
    const url = `/api/v1/tokens/${id}`;
    assert.equal((await app.inject({ method: 'DELETE', url, headers: admin })).statusCode, 204);
    assert.equal((await app.inject({ method: 'DELETE', url, headers: admin })).statusCode, 404);
    assert.equal((await app.inject({ url: '/api/v1/me', headers: bearer(secret) })).statusCode, 401);
    await app.close();
  });

  for (const [name, payload, status] of [
    ['that has expired', { name: 'x', expiresAt: '2020-01-01' }, 400],
    ['of a configured name', { name: 'rita' }, 409],
    ['of an unknown role', { name: 'x', role: 'root' }, 400],
    ['whose name would be a path', { name: '../x' }, 400],
    ['for what is no domain', { name: 'x', scope: { domains: ['*.example.com'] } }, 400],
  ] as const)
    it(`are refused ${name}`, async () => {
      const app = await api({ tokens });
      const answer = await app.inject({ method: 'POST', url: '/api/v1/tokens', headers: admin, payload });
      assert.equal(answer.statusCode, status);
      await app.close();
    });

  it('are needed for good once there was one', async () => {
    const dataDir = temporaryFolder();
    const app = await api({}, { dataDir });
    const { id, secret } = (
      await app.inject({ method: 'POST', url: '/api/v1/tokens', payload: { name: 'a', role: 'admin' } })
    ).json();
    assert.equal((await app.inject('/api/v1/me')).statusCode, 401);
    await app.inject({ method: 'DELETE', url: `/api/v1/tokens/${id}`, headers: bearer(secret) });
    assert.equal((await app.inject('/api/v1/me')).statusCode, 401);
    await app.close();
  });

  it('of the running service lets commands of its owner in', async () => {
    const app = await api({ tokens }, { localToken: 'cgl_local_of_this_process' });
    const me = await app.inject({ url: '/api/v1/me', headers: bearer('cgl_local_of_this_process') });
    assert.deepEqual([me.json().name, me.json().role, me.json().via], ['local', 'admin', 'local']);
    await app.close();
  });
});

describe('users over the API', () => {
  it('are added with a link, choose a password, get a new link, and are removed', async () => {
    const dataDir = temporaryFolder();
    const app = await api({ tokens }, { dataDir });
    const post = (url: string, payload?: object) =>
      app.inject({ method: 'POST', url: `/api/v1${url}`, headers: admin, ...(payload && { payload }) });
    const { setupSecret, hasPassword } = (await post('/users', { name: 'uma', role: 'operator' })).json();
    assert.equal(hasPassword, false);
    assert.equal((await post('/users', { name: 'uma' })).statusCode, 409);
    const password = 'correct horse battery';
    assert.equal((await post('/session/setup', { secret: setupSecret, password })).statusCode, 204);
    const { items } = (await app.inject({ url: '/api/v1/users', headers: admin })).json();
    assert.deepEqual(
      items.map(({ name, hasPassword: has }: { name: string; hasPassword: boolean }) => [name, has]),
      [['uma', true]],
    );
    const again = (await post('/users/uma/setup-link')).json();
    assert.notEqual(again.setupSecret, setupSecret);
    assert.equal(
      (await app.inject({ method: 'DELETE', url: '/api/v1/users/uma', headers: admin })).statusCode,
      204,
    );
    assert.equal((await post('/users/uma/setup-link')).statusCode, 404);
    assert.deepEqual((await app.inject({ url: '/api/v1/users', headers: admin })).json().items, []);
    assert.ok(!JSON.stringify([...openCredentials(dataDir, assert.fail).users.all()]).includes(password));
    await app.close();
  });
});

describe('scans over the API', () => {
  it('are previewed, and stopped where they were asked for', async () => {
    const stopped: string[] = [];
    const actions = {
      ...noActions,
      previewScan: async () => ({ targets: [], endpoints: 3, refused: 0, seconds: 1 }),
      stopScan: async (id: string) => stopped.push(id) === 1,
    };
    const app = await api({}, { actions });
    const request = {
      method: 'POST',
      url: '/api/v1/scans?dryRun=true',
      payload: { targets: ['127.0.0.1'] },
    } as const;
    const preview = await app.inject(request);
    assert.deepEqual([preview.statusCode, preview.json().endpoints], [200, 3]);
    const stop = () => app.inject({ method: 'POST', url: '/api/v1/scans/s-1/stop' });
    assert.deepEqual([(await stop()).statusCode, (await stop()).statusCode], [204, 409]);
    await app.close();
  });
});

describe('settings over the API', () => {
  it('show the policy with what it changes of rules, to readers; the configuration to admins', async () => {
    const settings = [
      { key: 'policy.minRsaBits', value: 3_072, default: 2_048, origin: 'file' as const },
      { key: 'policy.rules.expired.severity', value: 'critical', default: null, origin: 'file' as const },
      { key: 'log.level', value: 'info', default: 'info', origin: 'default' as const },
    ];
    const rule = {
      id: 'expired',
      title: 'Expired',
      kind: 'certificate',
      severity: 'error' as const,
      citation: 'c',
      remediation: 'r',
    };
    const app = await api({ tokens }, { settings: () => settings, rules: [rule] });
    const policy = (await app.inject({ url: '/api/v1/policy', headers: bearer(secrets.reader) })).json();
    assert.deepEqual(
      policy.settings.map(({ key }: { key: string }) => key),
      ['policy.minRsaBits', 'policy.rules.expired.severity'],
    );
    assert.deepEqual(policy.rules, [
      {
        id: 'expired',
        title: 'Expired',
        enabled: true,
        severity: 'critical',
        usualSeverity: 'error',
        isChanged: true,
      },
    ]);
    assert.equal(
      (await app.inject({ url: '/api/v1/config', headers: bearer(secrets.reader) })).statusCode,
      403,
    );
    assert.equal((await app.inject({ url: '/api/v1/config', headers: admin })).json().items.length, 3);
    await app.close();
  });
});

describe('inventory sources over the API', () => {
  it('say what is stale, and are read on request', async () => {
    const read: string[] = [];
    const run = {
      source: 'files:old',
      startedAt: now,
      finishedAt: now,
      complete: true,
      items: 4,
      errors: [],
      notes: [],
    };
    const app = await api(
      {},
      {
        reader: {
          ...untouched,
          listInventorySources: async () => [
            { source: 'files:old', lastRun: run, lastCompleteAt: new Date(0), items: 4 },
          ],
        },
        inventory: {
          maxAgeHours: () => 24,
          sources: () => ['files:a'],
          isRunning: () => false,
          read: (name) => read.push(name) > 0,
        },
      },
    );
    const { items } = (await app.inject('/api/v1/inventory/sources')).json();
    assert.deepEqual(
      items.map((one: { source: string; configured: boolean; stale: boolean; items: number }) => [
        one.source,
        one.configured,
        one.stale,
        one.items,
      ]),
      [
        ['files:a', true, true, 0],
        ['files:old', false, true, 4],
      ],
    );
    const ask = (name: string) =>
      app.inject({ method: 'POST', url: `/api/v1/inventory/sources/${name}/read` });
    assert.deepEqual([(await ask('files:a')).statusCode, (await ask('files:old')).statusCode], [202, 404]);
    assert.deepEqual(read, ['files:a']);
    await app.close();
  });
});

describe('channels over the API', () => {
  it('say how each is doing, the unused and the forgotten among them', async () => {
    const none = {
      lastDetail: null,
      pending: 0,
      retrying: 0,
      failed: 0,
      lastSentAt: null,
      lastFailedAt: null,
    };
    const later = new Date(now.getTime() + 1);
    const states = [
      { ...none, name: 'good', lastSentAt: later, lastFailedAt: now },
      { ...none, name: 'bad', lastSentAt: now, lastFailedAt: later, failed: 2 },
      { ...none, name: 'slow', lastSentAt: now, pending: 1, retrying: 1 },
    ];
    const channels = ['good', 'new', 'slow'].map((name) => ({ name, kind: 'email' }));
    const app = await api(
      {},
      { channels: () => channels, reader: { ...untouched, channelStates: async () => states } },
    );
    const { items } = (await app.inject('/api/v1/channels')).json();
    assert.deepEqual(
      items.map((one: { name: string; kind: string | null; state: string }) => [
        one.name,
        one.kind,
        one.state,
      ]),
      [
        ['bad', null, 'failing'],
        ['good', 'email', 'ok'],
        ['new', 'email', 'unused'],
        ['slow', 'email', 'retrying'],
      ],
    );
    await app.close();
  });
});
