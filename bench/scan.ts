import { execFileSync, fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createSecureContext } from 'node:tls';
import { targetGroup, tlsConfig } from '../scanners/tls/config.js';
import type { ScanProgress } from '../scanners/tls/ledger.js';
import { scanTargets } from '../scanners/tls/scan.js';
import { createScope } from '../scanners/tls/scope.js';
import { openTargets } from '../scanners/tls/targets.js';
import { hostileServers } from '../test/support/hostile-servers.js';
import type { Report } from './report.js';

/** Ports of test/support/tls-server-process. */
interface Servers {
  readonly good: number;
  readonly tarpit: number;
  readonly resetting: number;
  readonly dripping: number;
  readonly sparse: number;
  readonly hostile: readonly number[];
  readonly pem: string;
  readonly keyPem: string;
}

/** What a scan cost this process. */
interface Cost {
  readonly end: ScanProgress;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly maxRssMb: number;
  readonly maxFds: number;
}

type Part = (report: Report, servers: Servers) => Promise<void>;

const parts: Readonly<Record<string, Part>> = {
  sparse: sparseNetwork,
  hostile: hostileNetwork,
  behaviours: everyBehaviour,
  enumeration,
  probes: (report, servers) => withNginx(servers, (port, pid) => probes(report, port, pid)),
  peers: (report, servers) => withNginx(servers, (port) => peers(report, port)),
};

/** Scanning: sparse and hostile networks, enumeration, the fast probe against tls.connect, and other programs. */
export async function bench(report: Report, asked: readonly string[]): Promise<void> {
  const unknown = asked.find((part) => parts[part] === undefined);
  if (unknown !== undefined)
    throw new Error(`no part "${unknown}"; there are ${Object.keys(parts).join(', ')}`);
  const answering = Array.from({ length: 100 }, (_, index) => `127.40.${index % 39}.${index}`);
  const process = fork(join(import.meta.dirname, '../test/support/tls-server-process.js'), answering);
  const [servers] = (await once(process, 'message')) as [Servers];
  try {
    for (const [name, part] of Object.entries(parts))
      if (asked.length === 0 || asked.includes(name)) await part(report, servers);
  } finally {
    process.kill();
  }
}

async function scan(
  targets: readonly string[],
  depth: 'fast' | 'full',
  concurrency: number,
  deadlineMs = 10_000,
): Promise<Cost> {
  let maxRss = 0;
  let maxFds = 0;
  const sample = setInterval(() => {
    maxRss = Math.max(maxRss, process.memoryUsage.rss());
    maxFds = Math.max(maxFds, openFiles());
  }, 50);
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const end = await scanTargets({
    ...targetGroup.parse({ targets, depth }),
    config: tlsConfig.parse({
      concurrency,
      deadlineMs,
      retries: 0,
      rate: { global: 0, perAddress: 0, perNetwork: 0, perName: 0 },
    }),
    scanId: 'bench',
    signal: new AbortController().signal,
    onObservation: () => undefined,
  });
  clearInterval(sample);
  const { user, system } = process.cpuUsage(cpu);
  return {
    end,
    wallMs: performance.now() - startedAt,
    cpuMs: (user + system) / 1000,
    maxRssMb: maxRss / 1e6,
    maxFds,
  };
}

function openFiles(): number {
  return readdirSync('/proc/self/fd').length;
}

async function sparseNetwork(report: Report, servers: Servers): Promise<void> {
  const { end, wallMs, maxRssMb } = await scan([`127.40.0.0-127.40.39.15:${servers.sparse}`], 'full', 256);
  report.result('10,000 addresses, 100 answer: certificates', end.outcomes.ok, 'certificates', {
    name: 'expected',
    value: 100,
  });
  report.result('10,000 addresses, 100 answer: refused', end.outcomes.refused, 'endpoints', {
    name: 'expected',
    value: 9900,
  });
  report.result('10,000 addresses, 100 answer: memory', maxRssMb, 'MB RSS', { name: 'limit', value: 250 });
  report.result('10,000 addresses, 100 answer: speed', (end.done / wallMs) * 1000, 'endpoints/s');
}

async function hostileNetwork(report: Report, servers: Servers): Promise<void> {
  const [concurrency, deadlineMs] = [200, 1000];
  const refusing = await freePort();
  const block = (network: number, count: number, port: number): string =>
    `127.${network}.0.0-127.${network}.${Math.floor((count - 1) / 256)}.${(count - 1) % 256}:${port}`;
  const filesBefore = openFiles();
  const { end, wallMs, maxRssMb, maxFds } = await scan(
    [
      block(50, 2000, servers.good),
      block(51, 1000, servers.tarpit),
      block(52, 1000, refusing),
      block(53, 500, servers.resetting),
      block(54, 500, servers.dripping),
    ],
    'fast',
    concurrency,
    deadlineMs,
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { ok, silent, refused, reset } = end.outcomes;
  const wrong =
    Math.abs(ok - 2000) + Math.abs(silent - 1500) + Math.abs(refused - 1000) + Math.abs(reset - 500);
  const idealMs = (1500 * deadlineMs) / concurrency;
  report.result('5,000 endpoints, 60 % hostile: time', wallMs / 1000, 's', {
    name: 'hanging x deadline / lanes',
    value: idealMs / 1000,
  });
  report.result('5,000 endpoints, 60 % hostile: classified wrong', wrong, 'endpoints', {
    name: 'limit',
    value: 0,
  });
  report.result('5,000 endpoints, 60 % hostile: most sockets open', maxFds - filesBefore, 'sockets', {
    name: 'limit',
    value: concurrency,
  });
  report.result('5,000 endpoints, 60 % hostile: descriptors left open', openFiles() - filesBefore, 'files', {
    name: 'limit',
    value: 0,
  });
  report.result('5,000 endpoints, 60 % hostile: memory', maxRssMb, 'MB RSS', { name: 'limit', value: 200 });
}

/** Every hostile behaviour in turn: outcome, time over the deadline, and what it costs in memory. */
async function everyBehaviour(report: Report, servers: Servers): Promise<void> {
  const deadlineMs = 1000;
  let [wrong, latestMs, mostMb] = [0, 0, 0];
  for (const [index, { outcome, outcomeInFull }] of hostileServers.entries()) {
    for (const depth of ['fast', 'full'] as const) {
      const before = process.memoryUsage.rss();
      const { end, wallMs, maxRssMb } = await scan(
        [`127.0.0.1:${servers.hostile[index]}`],
        depth,
        1,
        deadlineMs,
      );
      const expected = (depth === 'full' ? outcomeInFull : undefined) ?? outcome;
      if (end.outcomes[expected] !== 1) wrong += 1;
      latestMs = Math.max(latestMs, wallMs - deadlineMs);
      mostMb = Math.max(mostMb, maxRssMb - before / 1e6);
    }
  }
  const name = `${hostileServers.length} hostile behaviours, fast and full`;
  report.result(`${name}: classified wrong`, wrong, 'behaviours', { name: 'limit', value: 0 });
  report.result(`${name}: longest past the deadline`, latestMs, 'ms', { name: 'limit', value: 500 });
  report.result(`${name}: most memory grown`, mostMb, 'MB RSS', { name: 'limit', value: 5 });
}

/** A port at which nothing listens: one that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

async function enumeration(report: Report): Promise<void> {
  const scope = createScope({
    scope: [],
    exclude: ['10.7.0.0/16', '10.99.1.0/24'],
    excludeOwnAddresses: false,
  });
  const list = {
    targets: ['10.0.0.0-10.76.137.255', '10.99.0.0/16:8443'],
    ports: [443, 8443],
    starttls: 'auto',
    serverName: null,
  } as const;
  const { walk } = await openTargets(list, {
    scope,
    confirmLargeRanges: false,
    seed: 1,
    position: 0,
    shard: { index: 0, of: 1 },
    stdin: null,
    onBadLine: () => undefined,
  });
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const before = process.memoryUsage.rss();
  let count = 0;
  let maxRss = 0;
  for await (const batch of walk()) {
    count += batch.length;
    if (count % 1_000_000 < 256) maxRss = Math.max(maxRss, process.memoryUsage.rss());
  }
  const { user, system } = process.cpuUsage(cpu);
  const wallMs = performance.now() - startedAt;
  const limit = { name: 'limit', value: 1_000_000 };
  report.result('targets enumerated, permuted, exclusions applied', count, 'targets');
  report.result('enumeration: targets per second', (count / wallMs) * 1000, '1/s', limit);
  report.result('enumeration: targets per CPU-second', count / ((user + system) / 1e6), '1/s', limit);
  report.result('enumeration: memory grown', (maxRss - before) / 1e6, 'MB RSS', { name: 'limit', value: 50 });
}

/** Runs `use` against nginx where it is installed, a server that costs less than the probes; otherwise against Node. */
async function withNginx(
  servers: Servers,
  use: (port: number, pid: number | null) => Promise<void>,
): Promise<void> {
  if (!isInstalled('nginx')) return use(servers.good, null);
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'scan-bench-'));
  writeFileSync(join(folder, 'cert.pem'), servers.pem);
  writeFileSync(join(folder, 'key.pem'), servers.keyPem);
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; error_log stderr crit;
     events { worker_connections 8192; }
     http { access_log off; server { listen ${port} ssl backlog=8192; ssl_session_cache off;
       ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem; return 204; } }`,
  );
  const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  try {
    await answers(port);
    await use(port, nginx.pid ?? null);
  } finally {
    await stopped(nginx);
    rmSync(folder, { recursive: true });
  }
}

async function answers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { end } = await scan([`127.0.0.1:${port}`], 'fast', 1);
    if (end.outcomes.ok === 1) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('nginx does not answer');
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.kill();
  await exit;
}

function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

const endpoints = '127.60.0.0-127.60.7.207';
const endpointCount = 2000;

async function probes(report: Report, port: number, pid: number | null): Promise<void> {
  const target = [`127.60.0.0-127.60.31.255:${port}`];
  const count = 8192;
  await scan(target, 'fast', 100); // warm up
  const serverCpu = pid === null ? null : cpuOf(pid);
  const fast = await scan(target, 'fast', 100);
  const serverMs = serverCpu === null || pid === null ? null : cpuOf(pid) - serverCpu;
  const full = await scan(target, 'full', 100);
  const bare = await bareConnects(port, count);
  const perCpuSecond = (cost: { cpuMs: number }): number => (count / cost.cpuMs) * 1000;
  const peer = { name: 'tls.connect, shared context', value: perCpuSecond(bare) };
  report.result('fast probe: certificates per CPU-second', perCpuSecond(fast), '1/s', peer);
  report.result('full probe: certificates per CPU-second', perCpuSecond(full), '1/s', peer);
  report.result('fast probe: certificates per second', (count / fast.wallMs) * 1000, '1/s');
  report.result('fast probe: CPU busy', (fast.cpuMs / fast.wallMs) * 100, '% of one core');
  if (serverMs !== null)
    report.result('fast probe: CPU of the server meanwhile', (serverMs / fast.wallMs) * 100, '% of one core');
}

/** CPU time used by another process, in ms (Linux: clock ticks of 10 ms). */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** What Node offers by itself: tls.connect, a shared context, 100 at a time, the certificate read once. */
async function bareConnects(port: number, count: number): Promise<{ cpuMs: number }> {
  const secureContext = createSecureContext({ ciphers: 'ALL:@SECLEVEL=0', minVersion: 'TLSv1' });
  const cpu = process.cpuUsage();
  let next = 0;
  const one = (host: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect({ host, port, secureContext, rejectUnauthorized: false }, () => {
        socket.getPeerX509Certificate();
        socket.destroy();
        resolve();
      });
      socket.on('error', reject);
    });
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++)
      await one(`127.60.${Math.floor(index / 256)}.${index % 256}`);
  };
  await Promise.all(Array.from({ length: 100 }, lane));
  const { user, system } = process.cpuUsage(cpu);
  return { cpuMs: (user + system) / 1000 };
}

/** Other programs over the same endpoints: wall and CPU time of the child processes, and the certificates found. */
async function peers(report: Report, port: number): Promise<void> {
  const ours = await scan([`${endpoints}:${port}`], 'full', 100);
  const hosts = Array.from(
    { length: endpointCount },
    (_, index) => `127.60.${Math.floor(index / 256)}.${index % 256}`,
  );
  const compare = (program: string, script: string, count: number, found: RegExp): void => {
    if (!isInstalled(program)) return;
    const startedAt = performance.now();
    const timed = `exec 3>&2; { time -p sh -c '${script}' 2>/dev/null; } 2>&1`;
    const input = hosts.slice(0, count).join('\n');
    const output = execFileSync('bash', ['-c', timed], { input, maxBuffer: 1e9, encoding: 'latin1' });
    const wallMs = performance.now() - startedAt;
    const cpuMs = ['user', 'sys'].reduce(
      (sum, key) => sum + Number(new RegExp(`^${key} (.+)$`, 'm').exec(output)?.[1] ?? NaN) * 1000,
      0,
    );
    const certificates = output.match(new RegExp(found, 'g'))?.length ?? 0;
    const scale = endpointCount / count;
    const rows: readonly (readonly [what: string, ours: number, theirs: number, unit: string])[] = [
      ['wall time for 2,000 endpoints', ours.wallMs / 1000, (wallMs / 1000) * scale, 's'],
      ['CPU time for 2,000 endpoints', ours.cpuMs / 1000, (cpuMs / 1000) * scale, 's'],
      ['certificates found', ours.end.outcomes.ok, certificates * scale, 'certificates'],
    ];
    for (const [what, value, theirs, unit] of rows)
      report.result(`full probe, ${what}`, value, unit, {
        name: count < endpointCount ? `${program}, ${count} scaled` : program,
        value: theirs,
      });
  };
  compare(
    'nmap',
    `nmap -n -Pn -p ${port} --script ssl-cert -iL -`,
    endpointCount,
    /-----BEGIN CERTIFICATE|ssl-cert: /,
  );
  compare(
    'openssl',
    `xargs -P 16 -I@ sh -c "openssl s_client -connect @:${port} </dev/null || true"`,
    500,
    /BEGIN CERTIFICATE/,
  );
  compare(
    'sslscan',
    `xargs -P 8 -I@ sslscan --no-ciphersuites --no-heartbleed --no-groups --no-renegotiation --no-compression --no-fallback @:${port} || true`,
    200,
    /Subject:/,
  );
}
