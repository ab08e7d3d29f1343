import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueCa, issueFor } from '../test/support/pki.js';
import type { Report } from './report.js';
import { freePort, isInstalled, type Servers } from './scan-servers.js';

/** Endpoints, and how many certificates they share; ports are one certificate each. */
const estates = [
  [2000, 1],
  [2000, 200],
  [2000, 2000],
  [20_000, 2000],
] as const;

const mostCertificates = 2000;
/** Of so many runs the median counts; fewer where a look is enough. */
const runs = Number(process.env['CERTGLASS_BENCH_RUNS'] ?? 5);
const concurrency = '300';

/** A scanner as a command over a file of `address:port` lines; its output names each certificate's site. */
interface Scanner {
  readonly name: string;
  command(list: string, config: string): readonly string[];
}

const main = join(import.meta.dirname, '../src/main.js');
const ours = (depth: string): Scanner => ({
  name: `certglass scan --depth ${depth} --json`,
  command: (list, config) => [
    ...[process.execPath, main, 'scan', `@${list}`, '--config', config],
    ...['--depth', depth, '--json', '--concurrency', concurrency],
  ],
});
const loop: Scanner = {
  name: 'a tls.connect loop',
  command: (list) => [process.execPath, join(import.meta.dirname, 'tls-connect-main.js'), list, concurrency],
};
const others: readonly Scanner[] = [
  { name: 'tlsx', command: (list) => ['tlsx', '-l', list, '-c', concurrency, '-json', '-silent', '-duc'] },
];

/** Whole processes, from their start to their end: CPU time, wall time and memory, and the certificates they print. */
export async function whole(report: Report, _servers: Servers): Promise<void> {
  if (!isInstalled('nginx')) return;
  const folder = mkdtempSync(join(tmpdir(), 'scan-whole-'));
  const first = await startNginx(folder);
  const config = join(folder, 'config.yaml');
  writeFileSync(config, 'scan: { rate: { global: 0, perAddress: 0, perNetwork: 0, perName: 0 } }\n');
  try {
    for (const [endpoints, certificates] of estates) {
      const list = join(folder, 'list');
      writeFileSync(list, endpointList(first, endpoints, certificates).join('\n'));
      await compare(
        report,
        list,
        config,
        `${endpoints.toLocaleString('en')} endpoints, ${certificates} certificates`,
        endpoints,
      );
    }
  } finally {
    process.kill(Number(readFileSync(join(folder, 'pid'), 'latin1')));
    rmSync(folder, { recursive: true });
  }
}

async function compare(
  report: Report,
  list: string,
  config: string,
  estate: string,
  endpoints: number,
): Promise<void> {
  const peers = [loop, ...others.filter(({ name }) => isInstalled(name))];
  const theirs = [];
  for (const peer of peers) theirs.push({ name: peer.name, cost: await median(peer.command(list, config)) });
  for (const depth of ['fast', 'full']) {
    const scanner = ours(depth);
    const mine = await median(scanner.command(list, config));
    const what = `${scanner.name}, ${estate}`;
    report.result(`${what}: certificates`, mine.sites.length, 'found', {
      name: 'expected',
      value: endpoints,
    });
    report.result(`${what}: memory`, mine.maxRssMb, 'MB RSS', { name: 'limit', value: 150 });
    for (const { name, cost } of theirs) {
      report.result(`${what}: CPU time`, mine.cpuMs / 1000, 's', { name, value: cost.cpuMs / 1000 });
      report.result(`${what}: wall time`, mine.wallMs / 1000, 's', { name, value: cost.wallMs / 1000 });
      const isSame = mine.sites.join() === cost.sites.join();
      report.result(`${what}: the same certificates as ${name}`, isSame ? 1 : 0, '', {
        name: 'expected',
        value: 1,
      });
    }
  }
}

function endpointList(first: number, endpoints: number, certificates: number): string[] {
  return Array.from({ length: endpoints }, (_, index) => {
    const host = Math.floor(index / certificates) + 1;
    return `127.61.${host >> 8}.${host & 255}:${first + (index % certificates)}`;
  });
}

/** One server with a certificate for each port, from the port that is returned on. */
async function startNginx(folder: string): Promise<number> {
  const ca = issueCa('Bench Root CA');
  // Below the ports that systems hand out by themselves.
  const first = 12_000 + ((await freePort()) % 8000);
  const servers = Array.from({ length: mostCertificates }, (_, index) => {
    const { pem, keyPem } = issueFor(`site-${index}.example`, { issuer: ca });
    const file = join(folder, `${index}.pem`);
    writeFileSync(file, pem + ca.pem + keyPem);
    return `server { listen ${first + index} ssl backlog=1024; ssl_session_cache off; ssl_certificate ${file}; ssl_certificate_key ${file}; return 204; }`;
  });
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon on; worker_processes 1; user root; pid ${folder}/pid; error_log stderr crit; worker_rlimit_nofile 16384;
     events { worker_connections 12000; } http { access_log off; ${servers.join('\n')} }`,
  );
  const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  const [code] = (await once(nginx, 'exit')) as [number];
  if (code !== 0) throw new Error('nginx does not start: one of its ports is taken; try again');
  return first;
}

interface Run {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly maxRssMb: number;
  /** Numbers of the sites found, sorted. */
  readonly sites: readonly number[];
}

/** The run with the median CPU time. */
async function median(command: readonly string[]): Promise<Run> {
  const all: Run[] = [];
  for (let count = 0; count < runs; count += 1) all.push(await measured(command));
  const [middle] = all.sort((a, b) => a.cpuMs - b.cpuMs).slice(Math.floor(all.length / 2));
  if (middle === undefined) throw new Error('no run');
  return middle;
}

/** Time as `time` of bash has it, memory as the kernel counted it for the process. */
async function measured(command: readonly string[]): Promise<Run> {
  const startedAt = performance.now();
  const script = 'exec 3>&1; { time -p "$@" 2>/dev/null >&3; } 2>&1 >/dev/null | cat >&2';
  const child = spawn('bash', ['-c', script, 'bash', ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  let times = '';
  let maxRssMb = 0;
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => (times += chunk.toString('latin1')));
  const sample = setInterval(() => (maxRssMb = Math.max(maxRssMb, rssBelow(child.pid ?? 0))), 200);
  await once(child, 'close');
  clearInterval(sample);
  const seconds = (key: string): number => Number(new RegExp(`^${key} (.+)$`, 'm').exec(times)?.[1] ?? NaN);
  const sites = [
    ...Buffer.concat(chunks)
      .toString('latin1')
      .matchAll(/^.*?CN=site-(\d+)\./gm),
  ];
  return {
    cpuMs: (seconds('user') + seconds('sys')) * 1000,
    wallMs: performance.now() - startedAt,
    maxRssMb,
    sites: sites.map(([, site]) => Number(site)).sort((a, b) => a - b),
  };
}

/** Peak memory of the largest process below another, in MB. */
function rssBelow(pid: number): number {
  try {
    const own =
      Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1000;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1')
      .trim()
      .split(' ')
      .filter(Boolean);
    return Math.max(own, ...children.map((child) => rssBelow(Number(child))));
  } catch {
    return 0; // gone
  }
}
