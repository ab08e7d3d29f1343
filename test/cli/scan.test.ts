import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { dnsServer } from '../support/dns-server.js';
import { issueFor } from '../support/pki.js';
import { closedPort, rawServer, tlsServer, type TestServer } from '../support/tls-servers.js';

const main = join(import.meta.dirname, '..', '..', 'src', 'main.js');

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function certglass(...parameters: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...parameters], { timeout: 60_000 }, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

describe('certglass scan', { concurrency: 4 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'certglass-scan-'));
  const certificate = issueFor('a.example');
  let good: TestServer;
  let web: TestServer;
  let dns: Awaited<ReturnType<typeof dnsServer>>;
  let closed: string;
  let config: string;
  before(async () => {
    good = await tlsServer({ certificate });
    web = await rawServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    dns = await dnsServer({ 'slow.example': { drop: true } });
    closed = (await closedPort()).target;
    config = join(folder, 'c.yaml');
    writeFileSync(config, `scan:\n  dns: { servers: ["${dns.address}"], timeoutMs: 30000 }\n`);
  });
  after(async () => {
    await Promise.all([good.close(), web.close(), dns.close()]);
    rmSync(folder, { recursive: true });
  });
  const scan = (targets: readonly string[], ...more: readonly string[]): Promise<Run> =>
    certglass('scan', ...targets, '--fail-on', 'critical', '--config', config, ...more);

  it('exits 3 with a sentence when nothing answered', async () => {
    const { code, out, err } = await scan([closed, 'no.example']);
    assert.equal(code, 3);
    assert.match(err, /^certglass: nothing answered \(1 unresolved, 1 refused\), so nothing was judged$/m);
    assert.match(out, /2 endpoints: 0 with a certificate/);
  });

  it('exits 0 when something answered, if only that it speaks no TLS', async () => {
    assert.equal((await scan([closed, good.target])).code, 0);
    assert.equal((await scan([closed, web.target])).code, 0);
  });

  it('exits 1 for any endpoint that did not answer, where that is asked for', async () => {
    assert.equal((await scan([closed, good.target], '--fail-on-unreachable')).code, 1);
    assert.equal((await scan([closed], '--fail-on-unreachable')).code, 1);
    assert.equal((await scan([good.target, web.target], '--fail-on-unreachable')).code, 0);
  });

  it('ends with its deadline though no name server answers', async () => {
    const startedAt = performance.now();
    const { code, out } = await scan(['slow.example'], '--deadline', '500', '--json');
    assert.deepEqual(
      [code, (JSON.parse(out) as { detail: string }).detail],
      [3, 'no answer before the deadline'],
    );
    assert.ok(performance.now() - startedAt < 45_000, 'a question to the name server takes 90 s');
  });

  it('prints a survey as a grid and as JSON', async () => {
    const table = await scan([good.target], '--depth', 'survey');
    assert.match(table.out, /^ {2}TLSv1\.3 {6}TLS_AES_256_GCM_SHA384/m);
    assert.match(table.out, /^ {2}groups {7}.*\bX25519\b.*\bP-256\b/m);
    assert.match(table.out, /^ {2}jarm {9}[0-9a-f]{62}$/m);
    assert.match(table.out, /^ {2}survey {7}\d+ connections$/m);
    const { survey } = JSON.parse((await scan([good.target], '--depth', 'survey', '--json')).out) as {
      survey: { versions: { version: string }[]; groups: string[]; incomplete: null };
    };
    assert.deepEqual(
      survey.versions.map(({ version }) => version),
      ['TLSv1.3', 'TLSv1.2'],
    );
    assert.equal(survey.incomplete, null);
  });
});
