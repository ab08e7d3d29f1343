import assert from 'node:assert/strict';
import { generatePrimeSync } from 'node:crypto';
import { readdirSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildKeys } from '../../src/cli/keys.js';
import { configSchema, type Config } from '../../src/config/config.js';
import { startService, type Service } from '../../src/service/service.js';
import { eventually } from '../e2e/service-process.js';
import { daysFromNow, issueFor, makeKey } from '../support/pki.js';
import { rsaKeyOf } from '../support/rsa-key.js';
import { tlsServer, type TestServer } from '../support/tls-servers.js';
import { log, temporaryFolder } from '../store/sample.js';

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

  it('finds keys that others know, and keys that share a prime', async () => {
    const prime = (): bigint => generatePrimeSync(1024, { bigint: true });
    const common = prime();
    const keys = [rsaKeyOf(common, prime()), rsaKeyOf(common, prime()), makeKey()] as const;
    const servers = await Promise.all(
      keys.map((key, index) =>
        tlsServer({ certificate: issueFor(`key-${index}.example.internal`, { key }) }),
      ),
    );
    const list = join(folder, 'list.txt');
    writeFileSync(list, `# one key\n\n${keys[2].export({ type: 'pkcs8', format: 'pem' })}`);
    const knownKeys = join(folder, 'known.keys');
    assert.equal(await buildKeys(knownKeys, [list]), 0);
    const groups = [{ name: 'keys', targets: servers.map(({ target }) => target), schedule: null }];
    const dataDir = join(folder, 'keys');
    const service = await startService(
      configOf({ store: { dataDir }, scan: { groups }, keys: { knownKeys } }),
      log,
    );
    try {
      const rules = await eventually(
        async () =>
          (await open(service)).map((line) => line.split(' ')[0]).filter((rule) => rule !== 'self-signed'),
        (found) => found.length >= 3,
      );
      assert.deepEqual(rules, ['compromised-key', 'shared-prime', 'shared-prime']);
    } finally {
      await service.stop();
      for (const one of servers) await one.close();
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
    const knownKeys = join(folder, 'unused.keys');
    const list = join(folder, 'unused.txt');
    writeFileSync(list, makeKey().export({ type: 'pkcs8', format: 'pem' }));
    assert.equal(await buildKeys(knownKeys, [list]), 0);
    const config = configOf({ keys: { knownKeys } });
    const channels = [{ type: 'pigeon' }] as unknown as Config['alerts']['channels'];
    await assert.rejects(startService({ ...config, alerts: { ...config.alerts, channels } }, log));
    const open = readdirSync('/proc/self/fd').map((fd) => linkOf(`/proc/self/fd/${fd}`));
    assert.ok(!open.includes(realpathSync(knownKeys)), open.join(' '));
    const service = await startService(configOf({}), log);
    await service.stop();
  });
});

/** Where a link leads; empty when it has gone. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
