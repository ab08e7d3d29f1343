import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServiceProcess, type ServiceProcess } from '../e2e/service-process.js';
import {
  certificateEntry,
  precertificateEntry,
  startCtLog,
  writeLogList,
  type CtLog,
} from '../support/ct-log.js';
import { dnsServer } from '../support/dns-server.js';
import { issueFor, type Issued } from '../support/pki.js';
import { startSmtpSink } from '../support/smtp-sink.js';
import { rawServer, tlsServer, type TestServer } from '../support/tls-servers.js';
import { startWebhookSink, webhookSecret } from '../support/webhook-sink.js';
import { authorities, deployed, life, type Authorities, type Deployed } from './estate-hosts.js';

/** A filled service for the console to show, with everything it watches; all on loopback. */
export interface ConsoleEstate {
  readonly service: ServiceProcess;
  readonly ca: Authorities;
  close(): Promise<void>;
}

/** How to build it. */
export interface EstateOptions {
  /** Port of every host; 0 takes free ones. A usual one looks better in pictures. */
  readonly port?: number;
  /** More certificates to serve, each at one address. */
  readonly more?: readonly Deployed[];
  /** Laid over the configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Builds the estate, starts the service on it, and waits until the first scan was judged and the logs were read. */
export async function startConsoleEstate(options: EstateOptions = {}): Promise<ConsoleEstate> {
  const folder = await mkdtemp(join(tmpdir(), 'certglass-console-'));
  const ca = authorities();
  const gap = deployGap(ca);
  const all = [...deployed(ca), ...(options.more ?? [])];
  const servers = await serveAll([...all, ...gap.deployed], options.port ?? 0);
  const logs = await startLogs(all, gap, ca);
  const [mail, webhook, dns] = [
    await startSmtpSink(),
    await startWebhookSink(),
    await dnsServer(servers.zone),
  ];
  await writeInventory(folder, all);
  await writeFile(
    join(folder, 'roots.pem'),
    [ca.public, ca.other, ca.corporate].map(({ pem }) => pem).join(''),
  );
  const config = {
    dns: { enabled: false },
    policy: {
      ownedDomains: ['example.com', 'example.net', 'example.org'],
      approvedIssuers: ['Northgate TLS CA R3', 'Lakeside Trust WE1', 'Example Corp Issuing CA 3'].map(
        (name) => ({
          name: `CN=${name}`,
        }),
      ),
    },
    trust: { store: 'none', files: [join(folder, 'roots.pem')] },
    scan: {
      groups: [{ name: 'Production hosts', targets: servers.targets, schedule: '0 3 1 1 *' }],
      deadlineMs: 3_000,
      dns: { servers: [dns.address] },
      rate: { global: 0, perAddress: 0, perNetwork: 0, perName: 0, backOff: false },
    },
    ct: {
      logLists: [{ source: await writeLogList(join(folder, 'logs.json'), logs) }],
      start: 'zero',
      pollSeconds: 1,
      minPollSeconds: 0.2,
    },
    inventory: {
      sources: ['platform', 'commerce', 'messaging', 'network'].map((owner) => ({
        type: 'files',
        name: `files:${owner}`,
        paths: [join(folder, owner)],
        owner,
        labels: { environment: owner === 'network' ? 'office' : 'production' },
      })),
    },
    store: { dataDir: join(folder, 'data') },
    alerts: { channels: channels(mail.port, webhook.url) },
    api: { port: 0 },
    ...options.config,
  };
  const configFile = join(folder, 'certglass.yaml');
  await writeFile(configFile, JSON.stringify(config));
  const service = await startServiceProcess(['--config', configFile]);
  const close = async (): Promise<void> => {
    await service.end('SIGTERM');
    await Promise.all([...servers.all, ...logs, mail, webhook, dns].map((one) => one.close()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await filled(service, servers.targets);
  } catch (error) {
    await close();
    throw error;
  }
  return { service, ca, close };
}

function channels(mailPort: number, webhookUrl: string): readonly object[] {
  return [
    {
      type: 'email',
      host: '127.0.0.1',
      port: mailPort,
      security: 'none',
      from: 'certglass@example.com',
      to: ['security@example.com'],
      groupIntervalSeconds: 0,
    },
    {
      type: 'webhook',
      url: webhookUrl,
      secrets: [webhookSecret],
      allowPrivate: true,
      groupIntervalSeconds: 0,
    },
  ];
}

interface Gap {
  readonly old: Issued;
  readonly renewed: Issued;
  readonly deployed: readonly Deployed[];
}

/** api.example.com was renewed; two of its addresses serve the new certificate, five the old one, which ends in 31 hours. */
function deployGap(ca: Authorities): Gap {
  const names = { dnsNames: ['api.example.com', 'api-eu.example.com'], issuer: ca.public };
  const old = issueFor('api.example.com', { ...names, ...life(90, 90 - 31 / 24) });
  const renewed = issueFor('api.example.com', { ...names, ...life(90, 29) });
  const part = { issuer: ca.public, owner: 'platform' as const, isLogged: true };
  return {
    old,
    renewed,
    deployed: [
      { ...part, certificate: old, hosts: [['api.example.com', 5]] },
      { ...part, certificate: renewed, hosts: [['api.example.com', 2]] },
    ],
  };
}

async function serveAll(
  all: readonly Deployed[],
  port: number,
): Promise<{
  all: readonly TestServer[];
  zone: Record<string, { a: string[] }>;
  targets: readonly string[];
}> {
  const zone: Record<string, { a: string[] }> = {};
  const servers: TestServer[] = [];
  const targets = new Set<string>();
  let last = 0;
  for (const { certificate, hosts, issuer, tls } of all)
    for (const [name, addresses] of hosts)
      for (let count = 0; count < addresses; count += 1) {
        last += 1;
        const host = `127.20.${last >> 6}.${10 + (last & 63)}`;
        const chain = issuer === certificate ? [] : [issuer];
        const ports = port === 0 ? (zone[name] === undefined ? 0 : portOf(targets, name)) : port;
        const server = await tlsServer({
          certificate,
          chain,
          host,
          port: ports,
          ...(tls === undefined ? {} : { tls }),
        });
        const concrete = name.replace('*.', '');
        (zone[concrete] ??= { a: [] }).a.push(host);
        servers.push(server);
        targets.add(`${concrete}:${server.port}`);
      }
  const quiet = await rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), {
    host: '127.20.9.9',
    port,
  });
  zone['intranet.example.org'] = { a: ['127.20.9.9'] };
  return {
    all: [...servers, quiet],
    zone,
    targets: [...targets, `intranet.example.org:${quiet.port}`, 'gone.example.org:443'],
  };
}

/** All addresses of a name listen on the port of its first. */
function portOf(targets: ReadonlySet<string>, name: string): number {
  const known = [...targets].find((target) => target.startsWith(`${name}:`));
  return Number(known?.slice(name.length + 1) ?? 0);
}

async function startLogs(all: readonly Deployed[], gap: Gap, ca: Authorities): Promise<readonly CtLog[]> {
  const entries = all
    .filter(({ isLogged }) => isLogged)
    .map(({ certificate, issuer }) => certificateEntry(certificate, issuer));
  const renewals = [gap.old, gap.renewed].map((issued) => certificateEntry(issued, ca.public));
  const unserved = ['preview.example.com', 'vpn-new.example.com', 'campaign.example.org'].map((name) =>
    precertificateEntry([name], ca.public),
  );
  const strange = certificateEntry(issueFor('sso.example.com', { issuer: ca.unapproved }), ca.unapproved);
  return Promise.all([
    startCtLog({
      protocol: 'rfc6962',
      description: 'Northgate argon2027h1',
      operator: 'Northgate',
      entries: [...entries, ...renewals, strange],
    }),
    startCtLog({
      protocol: 'static-ct',
      description: 'Lakeside sycamore2027h1',
      operator: 'Lakeside',
      entries: [...entries.filter((_entry, index) => index % 2 === 0), ...unserved],
    }),
  ]);
}

async function writeInventory(folder: string, all: readonly Deployed[]): Promise<void> {
  for (const owner of ['platform', 'commerce', 'messaging', 'network']) {
    const path = join(folder, owner);
    await mkdir(path);
    for (const { certificate, owner: of } of all)
      if (of === owner)
        await writeFile(join(path, `${certificate.sha256.slice(0, 12)}.pem`), certificate.pem);
  }
}

/** Starts the scan of everything and waits until all of it was judged; throws when that takes more than two minutes. */
async function filled(service: ServiceProcess, targets: readonly string[]): Promise<void> {
  const answer = await fetch(new URL('/api/v1/scans', service.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ targets, depth: 'survey' }),
  });
  if (answer.status !== 202) throw new Error(`no scan: ${answer.status} ${await answer.text()}`);
  const deadline = Date.now() + 120_000;
  for (;;) {
    const scans = await service.list<{ finishedAt: string | null }>('/api/v1/scans');
    const findings = await service.list('/api/v1/findings?state=open');
    const logs = await service.list<{ behind: number; treeSize: number }>('/api/v1/ct/logs');
    const isRead = logs.length >= 2 && logs.every(({ behind, treeSize }) => behind === 0 && treeSize > 0);
    if (
      scans.length > 0 &&
      scans.every(({ finishedAt }) => finishedAt !== null) &&
      isRead &&
      findings.length >= 8
    )
      return;
    if (Date.now() > deadline)
      throw new Error(`the estate was not read in time:\n${service.log().slice(-4_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
