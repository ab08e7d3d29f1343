import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { configSchema, type Config } from '../src/config.js';
import { startService, type Service } from '../src/service.js';
import { eventually } from './e2e/service-process.js';
import { daysFromNow, issueFor } from './support/pki.js';
import { tlsServer, type TestServer } from './support/tls-servers.js';
import { log, temporaryFolder } from './store/sample.js';

describe('a service', () => {
  let server: TestServer;
  const folder = temporaryFolder();
  before(async () => {
    const certificate = issueFor('old.example.internal', {
      notBefore: daysFromNow(-9),
      notAfter: daysFromNow(-1),
    });
    server = await tlsServer({ certificate });
  });
  after(() => server.close());

  const configOf = (change: object): Config =>
    configSchema.parse({
      store: { dataDir: folder },
      ct: { enabled: false, logLists: [] },
      api: { port: 0 },
      ...change,
    });
  const open = async ({ url }: Service): Promise<string[]> => {
    const answer = await fetch(`${url}/api/v1/findings?state=open`);
    const { items } = (await answer.json()) as { items: { rule: string; subject: { key: string } }[] };
    return items.map(({ rule, subject }) => `${rule} ${subject.key.split('|')[0]}`).sort();
  };

  it('scans a group without a schedule once, and says of one that cannot run why', async () => {
    const groups = [
      { name: 'once', targets: [server.target], schedule: null },
      { name: 'typo', targets: ['@nowhere.txt'], schedule: '* * * * * *' },
    ];
    const service = await startService(configOf({ scan: { groups } }), log);
    try {
      const found = await eventually(
        () => open(service),
        (rules) => rules.length >= 3,
      );
      assert.deepEqual(found, ['expired 127.0.0.1', 'job-failed scan:typo', 'self-signed 127.0.0.1']);
    } finally {
      await service.stop();
    }
  });

  it('leaves nothing behind when it cannot start', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await assert.rejects(startService(configOf({ api: { port } }), log), /something else does/);
    await assert.rejects(
      startService(configOf({ trust: { store: 'none', files: [import.meta.filename] } }), log),
      /no certificate in it/,
    );
    taken.close();
    const service = await startService(configOf({}), log);
    await service.stop();
  });
});
