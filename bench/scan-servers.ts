import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { targetGroup, tlsConfig } from '../scanners/tls/config.js';
import type { ScanProgress } from '../src/model/scan-run.js';
import { scanTargets } from '../scanners/tls/scan.js';
import type { Observation } from '../src/model/observation.js';
import { issueFor } from '../test/support/pki.js';

/** Ports of test/support/tls-server-process. */
export interface Servers {
  readonly good: number;
  readonly tarpit: number;
  readonly resetting: number;
  readonly dripping: number;
  readonly sparse: number;
  readonly hostile: readonly number[];
}

/** What a scan cost this process. */
export interface Cost {
  readonly end: ScanProgress;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly maxRssMb: number;
  readonly maxFds: number;
}

/** Scans without limits of politeness and without second tries, and measures what that takes. */
export async function scan(
  targets: readonly string[],
  depth: 'fast' | 'full',
  concurrency: number,
  deadlineMs = 10_000,
  onObservation: (observation: Observation) => void = () => undefined,
  sampleEveryMs = 200, // every 50 ms, it would be a twentieth of what is measured
): Promise<Cost> {
  let maxRss = 0;
  let maxFds = 0;
  const look = (): void => {
    maxRss = Math.max(maxRss, process.memoryUsage.rss());
    maxFds = Math.max(maxFds, openFiles());
  };
  const sample = setInterval(look, sampleEveryMs);
  const group = targetGroup.parse({ targets, depth });
  const config = tlsConfig.parse({
    concurrency,
    deadlineMs,
    retries: 0,
    rate: { global: 0, perAddress: 0, perNetwork: 0, perName: 0 },
  });
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const end = await scanTargets({
    ...group,
    config,
    scanId: 'bench',
    signal: new AbortController().signal,
    onObservation,
  });
  clearInterval(sample);
  look();
  const { user, system } = process.cpuUsage(cpu);
  return {
    end,
    wallMs: performance.now() - startedAt,
    cpuMs: (user + system) / 1000,
    maxRssMb: maxRss / 1e6,
    maxFds,
  };
}

/** Files this process has open. */
export function openFiles(): number {
  return readdirSync('/proc/self/fd').length;
}

/** A port at which nothing listens: one that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

/** Whether a program is at hand. */
export function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** Networks 127.60.0.0/24 and following, each with a certificate of its own for `site-0.example` and so on. */
export const siteCount = 8;

/**
 * Runs `use` against nginx, a server that costs about as little as the probes: at its first port one certificate, at the
 * second one for each network. Without nginx `use` gets the port of the server in Node twice.
 */
export async function withNginx(
  servers: Servers,
  use: (port: number, sitesPort: number, pid: number | null) => Promise<void>,
): Promise<void> {
  if (!isInstalled('nginx')) return use(servers.good, servers.good, null);
  const [port, sitesPort] = [await freePort(), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), 'scan-bench-'));
  for (let site = 0; site < siteCount; site += 1) {
    const { pem, keyPem } = issueFor(`site-${site}.example`);
    writeFileSync(join(folder, `${site}.pem`), pem + keyPem);
  }
  const server = (listen: number, file: string): string =>
    `server { listen ${listen} ssl backlog=8192; ssl_session_cache off;
       ssl_certificate ${folder}/${file}.pem; ssl_certificate_key ${folder}/${file}.pem; return 204; }`;
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; user root; pid ${folder}/pid; error_log stderr crit;
     events { worker_connections 8192; }
     http { access_log off; map $server_addr $site { default 0; "~^127\\.60\\.(?<network>[0-7])\\." $network; }
       ${server(port, '0')} ${server(sitesPort, '$site')} }`,
  );
  const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  try {
    await answers(sitesPort);
    await use(port, sitesPort, nginx.pid ?? null);
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
