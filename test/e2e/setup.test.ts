import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { daysFromNow, issue } from '../support/pki.js';
import { tlsServer, type TestServer } from '../support/tls-servers.js';
import { temporaryFolder } from '../store/sample.js';
import { eventually, startServiceProcess, type ServiceProcess } from './service-process.js';

/** Contacts loopback alone, whatever is set up. */
const quiet = {
  CERTGLASS__API__PORT: '0',
  CERTGLASS__DNS__ENABLED: 'false',
  CERTGLASS__CT__ENABLED: 'false',
  CERTGLASS__REVOCATION__ENABLED: 'false',
  CERTGLASS__SCAN__DNS__SERVERS: '["127.8.7.3:9"]',
  CERTGLASS__SCAN__DNS__TIMEOUTMS: '100',
};

describe('The first run', { timeout: 120_000 }, () => {
  const folder = temporaryFolder();
  const file = join(folder, 'certglass-data', 'certglass.yaml');
  let server: TestServer;
  let service: ServiceProcess;

  before(async () => {
    const certificate = issue({ subject: 'www.example.com', notAfter: daysFromNow(3) });
    server = await tlsServer({ certificate, host: '127.8.7.1' });
    service = await startServiceProcess([], quiet, folder);
  });
  after(async () => {
    await service?.end('SIGTERM');
    await server?.close();
    rmSync(folder, { recursive: true });
  });

  const post = (path: string, body: object): Promise<Response> =>
    fetch(new URL(path, service.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const answers = () => ({
    domains: ['example.com'],
    targets: [`127.8.7.1:${server.port}`],
    mail: { to: 'ops@example.com', host: '127.8.7.2' },
  });

  it('says that nothing is watched yet, and what the answers would do, without writing', async () => {
    assert.equal((await service.get('/api/v1/me'))['setupNeeded'], true);
    const { needed, refusal } = await service.get('/api/v1/setup');
    assert.deepEqual([needed, refusal], [true, null]);
    const answer = await post('/api/v1/setup/preview', { ...answers(), domains: ['example.com', 'co.uk'] });
    const preview = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual(preview['endpoints'], 1);
    assert.match(JSON.stringify(preview['domains']), /"co\.uk","refusal":"/);
    assert.match(String(preview['configuration']), /ownedDomains:\n {4}- example\.com/);
    assert.ok(!existsSync(file));
  });

  it('refuses what would not be valid, and files of the server', async () => {
    assert.equal((await post('/api/v1/setup', { domains: ['co.uk'] })).status, 422);
    assert.equal((await post('/api/v1/setup', { targets: ['@/etc/passwd'] })).status, 400);
    assert.equal((await post('/api/v1/setup', {})).status, 400);
    assert.ok(!existsSync(file));
  });

  it('writes the configuration, puts it in force, and has first results', async () => {
    assert.equal((await post('/api/v1/setup', answers())).status, 204);
    assert.match(readFileSync(file, 'utf8'), /^# Domains that are yours/m);
    await eventually(
      () => service.list<{ host: string | null }>('/api/v1/findings?state=open'),
      (findings) => findings.some(({ host }) => host === '127.8.7.1'),
    );
    const { needed } = await service.get('/api/v1/setup');
    assert.equal(needed, false);
    assert.equal((await post('/api/v1/setup', answers())).status, 409);
    const [entry] = await service.list<{ action: string }>('/api/v1/audit');
    assert.match(JSON.stringify(entry), /setup\.save/);
  });

  it('knows it after the next start without --config, and stops on a signal', async () => {
    assert.equal(await service.end('SIGTERM'), 0);
    service = await startServiceProcess([], quiet, folder);
    assert.equal((await service.get('/api/v1/setup'))['needed'], false);
  });
});
