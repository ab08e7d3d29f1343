import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { SwitchableServer } from '../support/tls-servers.js';
import { buildEstate, renewed, type Estate } from './estate.js';
import { eventually, startServiceProcess, type ServiceProcess } from './service-process.js';

interface FindingRow {
  readonly id: string;
  readonly rule: string;
  readonly host: string | null;
  readonly state: string;
  readonly details: Readonly<Record<string, unknown>>;
}

describe('the main job, with nothing mocked', { timeout: 180_000 }, () => {
  let estate: Estate;
  let service: ServiceProcess;
  before(async () => {
    estate = await buildEstate();
    service = await startServiceProcess(['--config', estate.configFile]);
  });
  after(async () => {
    await service?.end('SIGKILL');
    await estate?.close();
  });

  const open = async (): Promise<string[]> =>
    (await service.list<FindingRow>('/api/v1/findings?state=open'))
      .map(({ rule, host }) => `${rule} ${host}`)
      .sort();

  it('finds everything that is wrong, and nothing else', async () => {
    await eventually(open, (found) => found.length >= estate.expected.length);
    assert.deepEqual(await open(), estate.expected);
  });

  it('records every endpoint, whatever became of it', async () => {
    const endpoints = await service.list<{ target: { host: string }; lastOutcome: string }>(
      '/api/v1/endpoints',
    );
    const outcomes = Object.fromEntries(
      endpoints.map(({ target, lastOutcome }) => [target.host, lastOutcome]),
    );
    assert.equal(endpoints.length, estate.hosts.size);
    assert.equal(outcomes['silent.estate.test'], 'silent');
    assert.equal(outcomes['reset.estate.test'], 'reset');
    assert.equal(outcomes['mtls.estate.test'], 'ok');
  });

  it('has read both logs to their verified ends', async () => {
    const logs = await eventually(
      () => service.list<{ logId: string; verifiedIndex: number; treeSize: number }>('/api/v1/ct/logs'),
      (rows) =>
        new Set(rows.map((row) => row.logId)).size === estate.logs.length &&
        rows.every((row) => row.treeSize > 0 && row.verifiedIndex === row.treeSize),
    );
    for (const log of estate.logs)
      assert.ok(
        logs.filter((row) => row.logId === log.logId).every((row) => row.treeSize === log.head().size),
      );
  });

  it('tells every finding once on every channel', async () => {
    const told = await eventually(
      () => Promise.resolve(estate.webhook.requests.flatMap(({ json }) => json.data.findings)),
      (findings) => findings.length >= estate.expected.length,
    );
    const opened = told
      .filter((finding) => finding.state === 'open')
      .map((finding) => `${finding.rule} ${finding.host}`);
    assert.deepEqual(opened.sort(), estate.expected);
    assert.ok(
      estate.webhook.requests.every((request) => request.verifiedBy.length > 0),
      'every signature is good',
    );
    const hosts = estate.expected.map((line) => line.split(' ')[1] ?? '');
    await eventually(
      () => Promise.resolve(estate.mail.mails.map((mail) => mail.parsed.text ?? '').join('\n')),
      (text) => hosts.every((host) => text.includes(host)),
    );
  });

  it('resolves a finding, and says so, once the server shows a good certificate', async () => {
    const certificate = renewed(estate);
    await writeFile(join(estate.folder, 'managed', 'renewed.pem'), certificate.pem);
    (estate.hosts.get('expired.estate.test') as SwitchableServer).show(certificate);
    const resolved = await eventually(
      () => service.list<FindingRow>('/api/v1/findings?state=resolved&rule=expired'),
      (found) => found.length === 1,
    );
    await eventually(
      () => Promise.resolve(estate.webhook.requests.flatMap(({ json }) => json.data.findings)),
      (told) => told.some((finding) => finding.id === resolved[0]!.id && finding.state === 'resolved'),
    );
  });

  it('serves the documents other programs rely on', async () => {
    for (const path of [
      '/health/live',
      '/health/ready',
      '/api/openapi.json',
      '/api/v1/rules',
      '/api/v1/certificates',
    ])
      await service.get(path);
    const metrics = await (await fetch(new URL('/metrics', service.url))).text();
    assert.match(metrics, /^# HELP /m);
  });

  it('stops within ten seconds of SIGTERM, and exits 0', async () => {
    const startedAt = performance.now();
    assert.equal(await service.end('SIGTERM'), 0, service.log().slice(-2000));
    assert.ok(performance.now() - startedAt < 10_000);
  });
});
