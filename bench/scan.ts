import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createScope } from '../scanners/tls/targets/scope.js';
import { openTargets } from '../scanners/tls/targets/targets.js';
import { hostileServers } from '../test/support/hostile-servers.js';
import type { Report } from './report.js';
import { peer, peerNames, probes } from './scan-peers.js';
import { whole } from './scan-whole.js';
import { freePort, openFiles, scan, withNginx, type Servers } from './scan-servers.js';

type Part = (report: Report, servers: Servers) => Promise<void>;

const parts: Readonly<Record<string, Part>> = {
  sparse: sparseNetwork,
  command: commandLine,
  whole,
  hostile: hostileNetworks,
  behaviours: everyBehaviour,
  enumeration,
  probes: (report, servers) => withNginx(servers, (port, _, pid) => probes(report, port, pid)),
  ...Object.fromEntries(
    peerNames.map((name): [string, Part] => [
      name,
      (report, servers) => withNginx(servers, (_, port) => peer(report, port, name)),
    ]),
  ),
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

/** The command a user types, over the same addresses: the memory and time of its whole process. */
async function commandLine(report: Report, servers: Servers): Promise<void> {
  const main = join(import.meta.dirname, '../src/main.js');
  const args = ['scan', `127.40.0.0-127.40.39.15:${servers.sparse}`, '--rate', '1000000', '--json'];
  const startedAt = performance.now();
  const command = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let lines = 0;
  let maxRss = 0;
  command.stdout.on('data', (chunk: Buffer) => (lines += chunk.filter((octet) => octet === 10).length));
  const sample = setInterval(() => (maxRss = Math.max(maxRss, peakRss(command.pid ?? 0))), 50);
  const [code] = (await once(command, 'close')) as [number];
  clearInterval(sample);
  const name = 'certglass scan of 10,000 addresses';
  report.result(`${name}: lines`, lines, 'lines', { name: 'expected', value: 10_000 });
  report.result(`${name}: exit code (1: untrusted test certificates)`, code, '', {
    name: 'expected',
    value: 1,
  });
  report.result(`${name}: memory`, maxRss / 1e6, 'MB RSS', { name: 'limit', value: 250 });
  report.result(`${name}: time`, (performance.now() - startedAt) / 1000, 's');
}

/** Most memory a process has had, in bytes; 0 when it is gone. */
function peakRss(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Endpoints of a hostile network by what they do; tarpits and drips hang until the deadline. */
interface Mix {
  readonly concurrency: number;
  readonly deadlineMs: number;
  readonly good: number;
  readonly tarpit: number;
  readonly refusing: number;
  readonly resetting: number;
  readonly dripping: number;
}

const mixes: readonly Mix[] = [
  {
    concurrency: 200,
    deadlineMs: 1000,
    good: 2000,
    tarpit: 1000,
    refusing: 1000,
    resetting: 500,
    dripping: 500,
  },
  {
    concurrency: 200,
    deadlineMs: 1500,
    good: 2500,
    tarpit: 600,
    refusing: 500,
    resetting: 1000,
    dripping: 400,
  },
  {
    concurrency: 300,
    deadlineMs: 5000,
    good: 1500,
    tarpit: 400,
    refusing: 1900,
    resetting: 1000,
    dripping: 200,
  },
];

async function hostileNetworks(report: Report, servers: Servers): Promise<void> {
  for (const mix of mixes) await hostileNetwork(report, servers, mix);
}

async function hostileNetwork(report: Report, servers: Servers, mix: Mix): Promise<void> {
  const { concurrency, deadlineMs } = mix;
  const refusing = await freePort();
  const block = (network: number, count: number, port: number): string =>
    `127.${network}.0.0-127.${network}.${Math.floor((count - 1) / 256)}.${(count - 1) % 256}:${port}`;
  const filesBefore = openFiles();
  const { end, wallMs, maxRssMb, maxFds } = await scan(
    [
      block(50, mix.good, servers.good),
      block(51, mix.tarpit, servers.tarpit),
      block(52, mix.refusing, refusing),
      block(53, mix.resetting, servers.resetting),
      block(54, mix.dripping, servers.dripping),
    ],
    'fast',
    concurrency,
    deadlineMs,
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  const hanging = mix.tarpit + mix.dripping;
  const expected = { ok: mix.good, silent: hanging, refused: mix.refusing, reset: mix.resetting };
  const right = Object.entries(expected).map(([outcome, count]) =>
    Math.min(count, end.outcomes[outcome as keyof typeof expected]),
  );
  const name = `${end.done.toLocaleString('en')} endpoints, ${hanging} hang for ${deadlineMs / 1000} s`;
  report.result(`${name}: time`, wallMs / 1000, 's', {
    name: 'hanging x deadline / lanes',
    value: (hanging * deadlineMs) / concurrency / 1000,
  });
  // A lane takes a hanging endpoint whole: no order of them ends sooner than this.
  report.result(`${name}: time`, wallMs / 1000, 's', {
    name: 'rounds of whole deadlines',
    value: (Math.ceil(hanging / concurrency) * deadlineMs) / 1000,
  });
  const wrong = end.done - right.reduce((sum, count) => sum + count, 0);
  report.result(`${name}: classified wrong`, wrong, 'endpoints', { name: 'limit', value: 0 });
  const sockets = { name: 'limit', value: concurrency };
  report.result(`${name}: most sockets open`, maxFds - filesBefore, 'sockets', sockets);
  report.result(`${name}: descriptors left open`, openFiles() - filesBefore, 'files', {
    name: 'limit',
    value: 0,
  });
  report.result(`${name}: memory`, maxRssMb, 'MB RSS', { name: 'limit', value: 200 });
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
        () => undefined,
        5,
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
