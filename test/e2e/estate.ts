import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  certificateEntry,
  precertificateEntry,
  sharedTileEntries,
  startCtLog,
  writeLogList,
  type CtLog,
  type LogEntryInput,
} from '../support/ct-log.js';
import { dnsServer } from '../support/dns-server.js';
import { daysFromNow, issue, issueCa, issueFor, type CertificateSpec, type Issued } from '../support/pki.js';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.js';
import {
  rawServer,
  reset,
  switchableServer,
  type SwitchableServer,
  type TestServer,
} from '../support/tls-servers.js';
import { startWebhookSink, webhookSecret, type WebhookSink } from '../support/webhook-sink.js';

/** One host of the estate: what it serves, and the rules that must fire for it. */
interface HostSpec {
  readonly certificate?: (root: Issued) => Issued;
  /** Left out of the managed inventory. */
  readonly unknown?: boolean;
  readonly tls?: Readonly<Record<string, unknown>>;
  readonly raw?: 'silent' | 'reset';
  readonly expected: readonly string[];
}

const leaf =
  (name: string, spec: CertificateSpec = {}) =>
  (root: Issued): Issued =>
    issueFor(name, { issuer: root, ...spec });

/** Everything the service has to tell apart, each host at an address of its own. */
const hostSpecs: Readonly<Record<string, HostSpec>> = {
  'good.estate.test': { certificate: leaf('good.estate.test'), expected: [] },
  'expired.estate.test': {
    certificate: leaf('expired.estate.test', { notBefore: daysFromNow(-100), notAfter: daysFromNow(-3) }),
    expected: ['expired'],
  },
  'wrong.estate.test': { certificate: leaf('other.estate.test'), expected: ['hostname-mismatch'] },
  'rsa1024.estate.test': {
    certificate: leaf('rsa1024.estate.test', { key: { rsa: 1024 } }),
    expected: ['weak-key'],
  },
  'sha1.estate.test': {
    certificate: leaf('sha1.estate.test', { hash: 'sha1' }),
    expected: ['weak-signature'],
  },
  'self.estate.test': {
    certificate: () => issueFor('self.estate.test'),
    expected: ['self-signed', 'unauthorized-issuer'],
  },
  'shadow.estate.test': { certificate: leaf('shadow.estate.test'), unknown: true, expected: ['shadow'] },
  'tls12.estate.test': {
    certificate: leaf('tls12.estate.test'),
    tls: { maxVersion: 'TLSv1.2' },
    expected: [],
  },
  'tls13.estate.test': {
    certificate: leaf('tls13.estate.test'),
    tls: { minVersion: 'TLSv1.3' },
    expected: [],
  },
  'mtls.estate.test': {
    certificate: leaf('mtls.estate.test'),
    tls: { requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' },
    expected: [],
  },
  'silent.estate.test': { raw: 'silent', expected: [] },
  'reset.estate.test': { raw: 'reset', expected: [] },
};

/** A small network with everything around it, all on loopback. */
export interface Estate {
  readonly folder: string;
  readonly configFile: string;
  readonly root: Issued;
  readonly hosts: ReadonlyMap<string, SwitchableServer | TestServer>;
  readonly logs: readonly CtLog[];
  readonly mail: SmtpSink;
  readonly webhook: WebhookSink;
  /** `rule host`, sorted: the findings there must be, and no others. */
  readonly expected: readonly string[];
  close(): Promise<void>;
}

/** Builds the estate and a configuration that watches it. */
export async function buildEstate(change: Readonly<Record<string, unknown>> = {}): Promise<Estate> {
  const folder = await mkdtemp(join(tmpdir(), 'certglass-estate-'));
  const root = issueCa('Estate Root', { hash: 'sha256' });
  const managed = join(folder, 'managed');
  await mkdir(managed);
  const hosts = new Map<string, SwitchableServer | TestServer>();
  const zone: Record<string, { a: string[] }> = {};
  const served = new Map<string, Issued>();
  for (const [index, [name, spec]] of Object.entries(hostSpecs).entries()) {
    const host = `127.7.0.${index + 1}`;
    zone[name] = { a: [host] };
    const certificate = spec.certificate?.(root);
    if (certificate === undefined) {
      hosts.set(
        name,
        await rawServer((socket) => (spec.raw === 'reset' ? reset(socket) : socket.resume()), { host }),
      );
      continue;
    }
    hosts.set(
      name,
      await switchableServer({ certificate, host, tls: { ciphers: 'ALL:@SECLEVEL=0', ...spec.tls } }),
    );
    served.set(name, certificate);
    if (spec.unknown !== true) await writeFile(join(managed, `${name}.pem`), certificate.pem);
  }
  const logs = await startLogs(served, root);
  const mail = await startSmtpSink();
  const webhook = await startWebhookSink();
  const name = await dnsServer(zone);
  await writeFile(join(folder, 'root.pem'), root.pem);
  const logList = await writeLogList(join(folder, 'logs.json'), logs);
  const targets = [...hosts].map(([host, server]) => `${host}:${server.port}`);
  const config = {
    dns: { enabled: false },
    policy: {
      ownedDomains: ['estate.test'],
      approvedIssuers: [{ name: 'CN=Estate Root' }],
      // True until the first alert is delivered, a second later.
      resolveAfterProbes: 2,
      resolveAfterMinutes: 0,
      rules: { 'alert-channel-untested': { enabled: false } },
    },
    trust: { store: 'none', files: [join(folder, 'root.pem')] },
    scan: {
      groups: [{ name: 'estate', targets, depth: 'full', schedule: '* * * * * *' }],
      deadlineMs: 1500,
      dns: { servers: [name.address] },
      rate: { global: 0, perAddress: 0, perNetwork: 0, perName: 0, backOff: false },
    },
    ct: { logLists: [{ source: logList }], start: 'zero', pollSeconds: 1, minPollSeconds: 0.2 },
    inventory: { sources: [{ type: 'files', name: 'managed', paths: [managed] }] },
    store: { dataDir: join(folder, 'data') },
    alerts: {
      channels: [
        {
          type: 'email',
          host: '127.0.0.1',
          port: mail.port,
          security: 'none',
          from: 'a@estate.test',
          to: ['b@estate.test'],
          groupIntervalSeconds: 0,
        },
        {
          type: 'webhook',
          url: webhook.url,
          secrets: [webhookSecret],
          allowPrivate: true,
          groupIntervalSeconds: 0,
        },
      ],
    },
    api: { port: 0 },
    ...change,
  };
  const configFile = join(folder, 'certglass.yaml');
  await writeFile(configFile, JSON.stringify(config));
  return {
    folder,
    configFile,
    root,
    hosts,
    logs,
    mail,
    webhook,
    expected: expectedFindings(),
    async close() {
      await Promise.all([
        ...[...hosts.values()].map((server) => server.close()),
        ...logs.map((log) => log.close()),
      ]);
      await Promise.all([mail.close(), webhook.close(), name.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Both protocols; the managed certificates, somebody else's (real ones where they are at hand), and two that nobody of ours asked for. */
async function startLogs(served: ReadonlyMap<string, Issued>, root: Issued): Promise<CtLog[]> {
  const rogue = issueCa('Rogue CA');
  const known = [...served].filter(([name]) => hostSpecs[name]?.unknown !== true);
  const own = known.map(([, certificate]) => certificateEntry(certificate, root));
  const real = sharedTileEntries();
  const generated = (): LogEntryInput[] =>
    Array.from({ length: 300 }, (_, index) => precertificateEntry([`host${index}.elsewhere.test`], rogue));
  const others = real.length > 0 ? real : generated();
  const rfc6962 = await startCtLog({
    protocol: 'rfc6962',
    description: 'Loopback RFC 6962 log',
    entries: [...own, ...others, certificateEntry(issueFor('rogue.estate.test', { issuer: rogue }), rogue)],
  });
  const tiled = await startCtLog({
    protocol: 'static-ct',
    description: 'Loopback tiled log',
    entries: [...others, precertificateEntry(['precert.estate.test'], root), ...own],
  });
  return [rfc6962, tiled];
}

function expectedFindings(): string[] {
  const served = Object.entries(hostSpecs).flatMap(([host, { expected }]) =>
    expected.map((rule) => `${rule} ${host}`),
  );
  const logged = [
    'shadow rogue.estate.test',
    'unauthorized-issuer rogue.estate.test',
    'shadow precert.estate.test',
  ];
  return [...served, ...logged].sort();
}

/** A certificate that mends `expired.estate.test`, signed by the estate's root. */
export function renewed(estate: Estate): Issued {
  return issue({ subject: 'expired.estate.test', dnsNames: ['expired.estate.test'], issuer: estate.root });
}
