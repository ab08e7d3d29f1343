import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { dnsServer } from '../support/dns-server.js';
import { daysFromNow, issue, issueCa, type Issued } from '../support/pki.js';
import { closedPort, switchableServer, tlsServer, type SwitchableServer } from '../support/tls-servers.js';
import { eventually, startServiceProcess, type ServiceProcess } from './service-process.js';

interface Endpoint {
  readonly target: { readonly host: string; readonly address: string | null };
  readonly lastOutcome: string;
}

interface Look extends Omit<Endpoint, 'lastOutcome'> {
  readonly observedAt: string;
  readonly outcome: string;
  readonly scanId: string;
  readonly survey: { readonly alternates: readonly { readonly asked: string }[] } | null;
}

interface Run {
  readonly id: string;
  readonly name: string;
  readonly finishedAt: string | null;
  readonly targets: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly progress: { readonly done: number; readonly total: number | null } | null;
}

interface FindingRow {
  readonly rule: string;
  readonly host: string;
  readonly details: Readonly<Record<string, unknown>>;
}

const unlimited = { global: 0, perAddress: 0, perNetwork: 0, perName: 0, backOff: false };

describe('Discovery goes on by itself', { timeout: 180_000 }, () => {
  const closers: (() => Promise<unknown>)[] = [];
  let root: Issued;
  let folder: string;
  let service: ServiceProcess;
  let www: SwitchableServer;
  let write: (exclude: readonly string[]) => Promise<string>;
  let apiTarget: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'certglass-discovery-'));
    root = issueCa('Corp Root');
    const dnsNames = ['www.corp.test', 'api.corp.test', '*.corp.test', 'www.stranger.test'];
    www = await switchableServer({
      certificate: issue({ subject: 'www.corp.test', dnsNames, issuer: root }),
      host: '127.8.0.1',
    });
    const ecdsa = issue({ subject: 'dual.corp.test', dnsNames: ['dual.corp.test'], issuer: root });
    const rsa = issue({
      subject: 'dual.corp.test',
      dnsNames: ['dual.corp.test'],
      issuer: root,
      key: { rsa: 2048 },
      notBefore: daysFromNow(-90),
      notAfter: daysFromNow(-2),
    });
    const both = { key: [ecdsa.keyPem, rsa.keyPem], cert: [ecdsa.pem, rsa.pem] };
    const { port } = www;
    const dual = await tlsServer({ certificate: ecdsa, host: '127.8.0.4', port, tls: both });
    const other = issue({ subject: 'api.corp.test', dnsNames: ['api.corp.test'], issuer: root });
    const api = await tlsServer({ certificate: other, host: '127.8.0.2', port });
    const stranger = await tlsServer({ certificate: other, host: '127.8.0.3', port });
    const names = await dnsServer({
      'www.corp.test': { a: [www.host] },
      'dual.corp.test': { a: [dual.host] },
      'api.corp.test': { a: [api.host] },
      'www.stranger.test': { a: [stranger.host] },
    });
    closers.push(...[api, stranger, dual, names].map((one) => () => one.close()));
    apiTarget = api.host;
    await writeFile(join(folder, 'root.pem'), root.pem);
    write = async (exclude) => {
      const group = {
        name: 'web',
        targets: ['www.corp.test', 'dual.corp.test'],
        ports: [port],
        depth: 'survey',
        learned: true,
      };
      const file = join(folder, 'certglass.yaml');
      const config = {
        dns: { enabled: false },
        policy: { ownedDomains: ['corp.test'], goneAfterMisses: 3, goneAfterMinutes: 0 },
        trust: { store: 'none', files: [join(folder, 'root.pem')] },
        scan: {
          groups: [{ ...group, schedule: '* * * * * *' }],
          scope: ['127.8.0.0/16'],
          exclude,
          dns: { servers: [names.address] },
          rate: unlimited,
        },
        ct: { logLists: [] },
        store: { dataDir: join(folder, 'data') },
        api: { port: 0 },
      };
      await writeFile(file, JSON.stringify(config));
      return file;
    };
    service = await startServiceProcess(['--config', await write([])]);
  });

  after(async () => {
    await service?.end('SIGKILL');
    await Promise.all(closers.map((close) => close()));
    await rm(folder, { recursive: true, force: true });
  });

  const looksAt = async (host: string): Promise<Look[]> =>
    (await service.list<Look>('/api/v1/observations')).filter(({ target }) => target.host === host);
  const hosts = async (): Promise<string[]> =>
    (await service.list<Endpoint>('/api/v1/endpoints')).map(({ target }) => target.host).sort();

  it('scans names that certificates have shown, under owned domains only, in a run that says so', async () => {
    assert.deepEqual(await eventually(hosts, (found) => found.length > 2), [
      'api.corp.test',
      'dual.corp.test',
      'www.corp.test',
    ]);
    const [look] = await eventually(
      () => looksAt('api.corp.test'),
      (looks) => looks.length > 0,
    );
    assert.equal(look?.outcome, 'ok');
    const runs = await eventually(
      () => service.list<Run>('/api/v1/scans'),
      (found) => found.some(({ id }) => id === look?.scanId),
    );
    assert.equal(runs.find(({ id }) => id === look?.scanId)?.name, 'web (learned names)');
  });

  it('judges the other certificate of a server with two', async () => {
    const [finding] = await eventually(
      () => service.list<FindingRow>('/api/v1/findings?state=open&rule=expired'),
      (found) => found.length > 0,
    );
    assert.equal(finding?.host, 'dual.corp.test');
    assert.equal(finding.details['asked'], 'RSA');
    const sha256 = String(finding.details['certificate']);
    const served = await service.list<{ sha256: string }>('/api/v1/certificates?served=true');
    assert.ok(served.some((certificate) => certificate.sha256 === sha256));
    const endpoints = await service.list<Endpoint>(`/api/v1/endpoints?certificateSha256=${sha256}`);
    assert.deepEqual(
      endpoints.map(({ target }) => target.host),
      ['dual.corp.test'],
    );
  });

  it('surveys an endpoint that is new or has changed, and no other', async () => {
    const surveys = (looks: readonly Look[]): number => looks.filter(({ survey }) => survey !== null).length;
    const looks = await eventually(
      () => looksAt('www.corp.test'),
      (found) => found.length >= 3,
    );
    assert.equal(surveys(looks), 1, `${looks.length} looks`);
    www.show(issue({ subject: 'www.corp.test', dnsNames: ['www.corp.test'], issuer: root }));
    const later = await eventually(
      () => looksAt('www.corp.test'),
      (found) => surveys(found) > 1 && found.length >= looks.length + 4,
    );
    assert.equal(surveys(later), 2);
  });

  it('takes over an exclusion without a restart', async () => {
    const file = await write([apiTarget]);
    process.kill(service.pid, 'SIGHUP');
    await eventually(
      () => looksAt('api.corp.test'),
      (looks) => looks.some(({ outcome }) => outcome === 'out-of-scope'),
    );
    await writeFile(file, 'scan: { groups: 7 }');
    process.kill(service.pid, 'SIGHUP');
    const log = await eventually(
      async () => service.log(),
      (text) => text.includes('configuration not reloaded; the previous one stays in force'),
    );
    assert.match(log, /scan\.groups/);
  });

  it('keeps findings of an endpoint that is gone until it was missed often enough', async () => {
    const notAfter = daysFromNow(0.2);
    www.show(issue({ subject: 'www.corp.test', dnsNames: ['www.corp.test'], issuer: root, notAfter }));
    const findings = (): Promise<FindingRow[]> => service.list('/api/v1/findings?state=open&rule=expiring');
    await eventually(findings, (found) => found.length === 1);
    await www.close();
    await eventually(findings, (found) => found.length === 0);
    const misses = (await looksAt('www.corp.test')).filter(({ outcome }) => outcome === 'refused');
    assert.ok(misses.length >= 3, `resolved after ${misses.length} misses`);
  });
});

describe('A scan that is stopped', { timeout: 180_000 }, () => {
  const size = 1024;
  let folder: string;
  let service: ServiceProcess;
  let parameters: readonly string[];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'certglass-resume-'));
    const { port } = await closedPort();
    const file = join(folder, 'certglass.yaml');
    const config = {
      scan: {
        groups: [{ name: 'net', targets: [`127.9.0.0-127.9.3.255:${port}`], depth: 'fast' }],
        rate: { ...unlimited, global: 200 },
        concurrency: 16,
      },
      ct: { logLists: [] },
      store: { dataDir: join(folder, 'data') },
      api: { port: 0 },
    };
    await writeFile(file, JSON.stringify(config));
    parameters = ['--config', file];
  });
  after(async () => {
    await service?.end('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  const runOf = async (): Promise<Run | undefined> =>
    (await service.list<Run>('/api/v1/scans')).find(({ name }) => name === 'net');

  it('tells how far it is, goes on after SIGTERM and after kill -9, and ends with every target seen', async () => {
    let id: string | undefined;
    let before = 0;
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      service = await startServiceProcess(parameters);
      const run = await eventually(
        runOf,
        (found) => (found?.targets ?? 0) > before && Boolean(found?.progress),
      );
      assert.ok((run?.progress?.total ?? 0) <= size - before && (run?.progress?.done ?? 0) > 0);
      const metrics = await (await fetch(new URL('/metrics', service.url))).text();
      assert.match(metrics, /certglass_scan_targets\{scan="net"\} \d+/);
      assert.match(metrics, /certglass_scan_outcomes\{scan="net",outcome="refused"\} \d+/);
      id ??= run?.id;
      assert.equal(run?.id, id, 'the same run');
      before = run?.targets ?? 0;
      await service.end(signal);
    }
    service = await startServiceProcess(parameters);
    const run = await eventually(runOf, (found) => Boolean(found?.finishedAt));
    assert.equal(run?.id, id);
    assert.equal(run?.progress, null);
    const looks = await service.list<Look>('/api/v1/observations');
    assert.equal(new Set(looks.map(({ target }) => target.address)).size, size);
    // At 200 a second what kill -9 may repeat is what a second brings, and the lanes.
    assert.ok(looks.length <= size + 2 * (200 + 16), `${looks.length - size} looks twice`);
    assert.equal(run?.outcomes['refused'], run?.targets);
  });
});
