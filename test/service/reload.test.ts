import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { configSchema, type Config } from '../../src/config/config.js';
import { startService, type Service } from '../../src/service/service.js';
import { eventually } from '../e2e/service-process.js';
import { log, temporaryFolder } from '../store/sample.js';
import { daysFromNow, issueFor } from '../support/pki.js';
import { tlsServer, type TestServer } from '../support/tls-servers.js';
import { startWebhookSink, webhookSecret, type WebhookSink } from '../support/webhook-sink.js';

describe('a configuration that is reloaded', () => {
  const folder = temporaryFolder();
  const servers: TestServer[] = [];
  let sink: WebhookSink;
  let service: Service;

  const configOf = (change: object): Config =>
    configSchema.parse({
      store: { dataDir: folder },
      ct: { enabled: false },
      dns: { enabled: false },
      api: { port: 0 },
      ...change,
    });
  const group = (index: number) => ({
    name: `group-${index}`,
    targets: [servers[index]?.target],
    schedule: null,
  });
  const first = () => ({ scan: { groups: [group(0)] } });

  before(async () => {
    const old = { notBefore: daysFromNow(-9), notAfter: daysFromNow(-1) };
    for (const host of ['127.78.0.1', '127.78.0.2'])
      servers.push(await tlsServer({ certificate: issueFor('old.example.internal', old), host }));
    sink = await startWebhookSink();
    service = await startService(configOf(first()), log);
  });
  after(async () => {
    await service?.stop();
    for (const server of servers) await server.close();
    await sink.close();
  });

  const items = async <T>(path: string): Promise<readonly T[]> =>
    ((await (await fetch(`${service.url}/api/v1/${path}`)).json()) as { items: readonly T[] }).items;
  const expired = async (): Promise<readonly string[]> => {
    const found = await items<{ subject: { key: string } }>('findings?state=open&rule=expired');
    return found.map(({ subject }) => String(subject.key.split('|')[0])).sort();
  };

  it('scans groups that are new, sends to channels that are new, and leaves alone what stays', async () => {
    await eventually(expired, (found) => found.length === 1);
    const [run] = await items<{ id: string }>('scans');
    const receiver = {
      type: 'webhook',
      url: sink.url,
      secrets: [webhookSecret],
      allowPrivate: true,
      groupIntervalSeconds: 0,
    };
    const next = configOf({
      scan: { groups: [group(0), group(1)] },
      alerts: { channels: [receiver] },
      log: { level: 'silent' },
    });
    // The policy as well: what a group names is expected to answer.
    const inForce = ['policy', 'scan', 'alerts', 'log'];
    assert.deepEqual(await service.reload(next), { inForce, needRestart: [] });
    const found = await eventually(expired, (keys) => keys.length === 2);
    assert.deepEqual(found, ['127.78.0.1', '127.78.0.2']);
    await eventually(
      async () => sink.requests,
      (requests) => requests.some(({ body }) => body.includes('127.78.0.2')),
    );
    const runs = await items<{ id: string; name: string }>('scans');
    assert.deepEqual(
      runs.filter(({ name }) => name === 'group-0').map(({ id }) => id),
      [run?.id],
    );
    assert.deepEqual(
      (await items<{ name: string }>('channels')).map(({ name }) => name),
      ['webhook'],
    );
  });

  it('judges what is known by the new policy, and shows it', async () => {
    const policy = { rules: { expired: { enabled: false } } };
    const { inForce } = await service.reload(configOf({ ...first(), policy }));
    assert.ok(inForce.includes('policy'));
    await eventually(expired, (found) => found.length === 0);
    const shown = await items<{ key: string; value: unknown }>('config?limit=1000');
    assert.equal(shown.find(({ key }) => key === 'policy.rules.expired.enabled')?.value, false);
    await service.reload(configOf(first()));
    await eventually(expired, (found) => found.length >= 1);
  });

  it('names what needs a restart', async () => {
    const next = configOf({ ...first(), store: { dataDir: folder, retentionDays: { observations: 9 } } });
    const keys = { knownKeys: '/nowhere' };
    const { inForce, needRestart } = await service.reload({ ...next, keys });
    assert.deepEqual([inForce, needRestart], [[], ['store', 'keys']]);
  });

  it('changes nothing when a part of it cannot be created', async () => {
    const next = configOf({ ...first(), policy: { rules: { expired: { enabled: false } } } });
    const channels = [{ type: 'pigeon' }] as unknown as Config['alerts']['channels'];
    await assert.rejects(service.reload({ ...next, alerts: { ...next.alerts, channels } }));
    const shown = await items<{ key: string }>('config?limit=1000');
    assert.ok(!shown.some(({ key }) => key === 'policy.rules.expired.enabled'));
    assert.deepEqual((await service.reload(configOf(first()))).inForce, []);
  });
});
