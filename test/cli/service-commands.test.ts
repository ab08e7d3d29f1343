import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import { findService } from '../../src/cli/find-service.js';
import { root } from '../architecture/modules.js';
import { temporaryFolder } from '../store/sample.js';

const main = join(root, 'dist', 'src', 'main.js');
const days = (count: number): string => new Date(Date.now() + (count * 24 + 1) * 3_600_000).toISOString();

const endpoint = (host: string, notAfter: string | null, severity: string | null = null) => ({
  key: `${host}|127.0.0.1|443|${host}|`,
  target: { host, address: '127.0.0.1', port: 443, serverName: host, starttls: null },
  lastOutcome: notAfter === null ? 'refused' : 'ok',
  lastObservedAt: days(0),
  tls: notAfter === null ? null : { version: 'TLSv1.3' },
  leaf:
    notAfter === null
      ? null
      : { subject: `CN=${host}`, issuer: 'CN=CA', notBefore: days(-10), notAfter, names: [host] },
  worstFinding: severity === null ? null : { id: 'x', rule: 'expiring', severity },
});

describe('commands that ask a running service', () => {
  const asked: {
    readonly method: string;
    readonly url: string;
    readonly token: string;
    readonly body: string;
  }[] = [];
  const server = createServer((request, response) => void answer(request).then((said) => response.end(said)));
  const folder = temporaryFolder();
  let url = '';
  before(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    mkdirSync(join(folder, 'certglass-data'));
    const address = { url, token: 'of-the-folder', pid: process.pid, startedAt: '' };
    writeFileSync(join(folder, 'certglass-data', 'service.json'), JSON.stringify(address));
  });
  after(() => server.close());
  beforeEach(() => void asked.splice(0));

  async function answer(request: IncomingMessage): Promise<string> {
    const body = await text(request);
    const { method = '', url: path = '', headers } = request;
    asked.push({ method, url: path, token: headers.authorization ?? '', body });
    if (path.endsWith('/stop')) return '';
    if (path.endsWith('/send-again')) return JSON.stringify({ channel: 'email' });
    if (path.includes('dryRun'))
      return JSON.stringify({
        targets: [{ target: 'a.example', endpoints: 2, refusal: null }],
        endpoints: 2,
        seconds: 1,
      });
    if (path === '/api/v1/scans') return JSON.stringify({ id: 'scan-1' });
    if (method === 'POST') return JSON.stringify({ title: 'It is wrong', until: days(3) });
    if (path === '/api/v1/findings/aa') return JSON.stringify({ id: 'aa', cause: 'c1' });
    if (path.startsWith('/api/v1/findings?'))
      return JSON.stringify({ items: [{ id: 'aa' }, { id: 'bb' }], nextCursor: null });
    const items = [
      endpoint('late.example', days(90)),
      endpoint('never.example', null),
      endpoint('soon.example', days(2), 'error'),
      endpoint('past.example', days(-5), 'critical'),
    ];
    return JSON.stringify({ items, nextCursor: null });
  }

  async function certglass(...args: readonly string[]) {
    const { CERTGLASS_URL: _url, CERTGLASS_TOKEN: _token, ...env } = process.env;
    const child = spawn(process.execPath, [main, ...args], { cwd: folder, env });
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number]>,
    ]);
    return { stdout, stderr, status };
  }

  it('print what expires next, soonest first, and say what is hidden', async () => {
    const { stdout, status } = await certglass('expiring');
    assert.equal(status, 0);
    assert.deepEqual(stdout.match(/\w+\.example:443/g), [
      'past.example:443',
      'soon.example:443',
      'late.example:443',
    ]);
    assert.match(stdout, /4 days ago/);
    assert.match(stdout, /3 endpoints; 1 endpoint never served one \(--all\)\.\n$/);
  });

  it('find the service by its data folder, with the token there', async () => {
    await certglass('expiring');
    assert.equal(asked[0]?.token, 'Bearer of-the-folder');
  });

  it('limit what is printed, and say so', async () => {
    assert.match(
      (await certglass('expiring', '--limit', '1')).stdout,
      /^1 endpoint, 2 more not shown \(--limit\)/m,
    );
    const within = await certglass(
      'expiring',
      '--within',
      '10',
      '--format',
      'csv',
      '--columns',
      'daysLeft,endpoint',
    );
    assert.equal(within.stdout, 'daysLeft,endpoint\r\n-5,past.example:443\r\n2,soon.example:443\r\n');
    assert.match((await certglass('expiring', '--all')).stdout, /no certificate\s+never\.example:443/);
  });

  it('act on findings, with reason and end', async () => {
    const { stdout, status } = await certglass('silence', 'aa', 'bb', '--days', '3', '--note', 'known');
    assert.equal(status, 0);
    assert.equal(stdout.split('\n').length, 3);
    assert.match(stdout, /^aa silenced until \d{4}-\d\d-\d\d: It is wrong$/m);
    assert.deepEqual(
      asked.map((one) => `${one.method} ${one.url}`),
      ['POST /api/v1/findings/aa/silence', 'POST /api/v1/findings/bb/silence'],
    );
    const { note, until } = JSON.parse(asked[0]?.body ?? '') as { note: string; until: string };
    assert.equal(note, 'known');
    assert.ok(Math.abs(Date.parse(until) - Date.now() - 3 * 86_400_000) < 60_000);
  });

  it('act on everything of one cause', async () => {
    const { status } = await certglass('acknowledge', 'aa', '--same-cause');
    assert.equal(status, 0);
    assert.match(asked[1]?.url ?? '', /cause=c1/);
    assert.deepEqual(
      asked.slice(2).map(({ url: path }) => path),
      ['/api/v1/findings/aa/acknowledge', '/api/v1/findings/bb/acknowledge'],
    );
  });

  it('list endpoints in every form, and hide those that never answered', async () => {
    const { stdout } = await certglass('endpoints');
    assert.match(stdout, /^ENDPOINT +ADDRESS +OUTCOME +EXPIRES/);
    assert.match(stdout, /1 that never served a certificate not shown \(--all\)\.\n$/);
    const csv = await certglass('endpoints', '--all', '--format', 'csv', '--columns', 'endpoint,outcome');
    assert.match(csv.stdout, /^endpoint,outcome\r\npast\.example:443,ok\r\n/);
    assert.match(csv.stdout, /never\.example:443,refused/);
    const [first] = (await certglass('endpoints', '--json')).stdout.split('\n');
    assert.equal((JSON.parse(first ?? '') as { key: string }).key.split('|')[0], 'late.example');
  });

  it('start, preview and stop scans, and send deliveries again', async () => {
    assert.equal((await certglass('scans', 'start', 'a.example', '--ports', '443,8443')).stdout, 'scan-1\n');
    assert.deepEqual(JSON.parse(asked[0]?.body ?? ''), {
      targets: ['a.example'],
      ports: [443, 8443],
      depth: null,
    });
    const preview = await certglass('scans', 'start', 'a.example', '--dry-run');
    assert.equal(preview.stdout, 'a.example: 2 endpoints\n2 endpoints, at least 1 s\n');
    assert.equal((await certglass('scans', 'stop', 'scan-1')).stdout, 'scan-1 stopped\n');
    assert.equal((await certglass('deliveries', 'send-again', 'd1')).stdout, 'd1 sent to email again\n');
  });

  it('want a reason for an exception', async () => {
    const { status, stderr } = await certglass('accept', 'aa');
    assert.deepEqual([status, asked.length], [2, 0]);
    assert.match(stderr, /--note/);
  });
});

describe('which service is asked', () => {
  const folder = temporaryFolder();
  const write = (address: object): void =>
    writeFileSync(join(folder, 'service.json'), JSON.stringify({ startedAt: '', ...address }));
  const here = { url: 'http://127.0.0.1:1', token: 'local', pid: process.pid };

  it('is the one named, with its own token only', () => {
    write(here);
    assert.deepEqual(findService({ url: 'http://other', data: folder }, {}), {
      url: 'http://other',
      token: null,
    });
    assert.deepEqual(findService({ url: here.url, data: folder }, {}), { url: here.url, token: 'local' });
    assert.deepEqual(findService({ data: folder }, { CERTGLASS_URL: 'http://env', CERTGLASS_TOKEN: 't' }), {
      url: 'http://env',
      token: 't',
    });
  });

  it('is the one on the data folder, while it runs', () => {
    write(here);
    assert.deepEqual(findService({ data: folder }, {}), { url: here.url, token: 'local' });
    write({ ...here, pid: 2 ** 30 });
    assert.throws(() => findService({ data: folder }, {}), /no Certglass runs on the data folder/);
    writeFileSync(join(folder, 'service.json'), 'damaged');
    assert.throws(() => findService({ data: folder }, {}), /no Certglass runs/);
  });
});
