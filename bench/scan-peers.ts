import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createSecureContext } from 'node:tls';
import type { Report } from './report.js';
import { isInstalled, scan, siteCount } from './scan-servers.js';

/** The fast and the full probe against `tls.connect`: certificates per second and CPU-second, and which side was busy. */
export async function probes(report: Report, port: number, pid: number | null): Promise<void> {
  const target = [`127.60.0.0-127.60.31.255:${port}`];
  const count = 8192;
  // A scanner runs for hours: the first thousands of probes, which V8 still compiles, are not what is measured.
  for (let round = 0; round < 2; round += 1) await scan(target, 'fast', 100);
  const serverCpu = pid === null ? null : cpuOf(pid);
  const fast = await scan(target, 'fast', 100);
  const serverMs = serverCpu === null || pid === null ? null : cpuOf(pid) - serverCpu;
  const full = await scan(target, 'full', 100);
  await bareConnects(port, count / 4);
  const bare = await bareConnects(port, count);
  const perCpuSecond = (cost: { cpuMs: number }): number => (count / cost.cpuMs) * 1000;
  const peer = { name: 'tls.connect, shared context', value: perCpuSecond(bare) };
  report.result('fast probe: certificates per CPU-second', perCpuSecond(fast), '1/s', peer);
  report.result('full probe: certificates per CPU-second', perCpuSecond(full), '1/s', peer);
  report.result('fast probe: certificates per second', (count / fast.wallMs) * 1000, '1/s', {
    name: 'limit',
    value: 3000,
  });
  report.result('fast probe: CPU busy', (fast.cpuMs / fast.wallMs) * 100, '% of one core');
  if (serverMs === null) return;
  report.result('fast probe: CPU of the server meanwhile', (serverMs / fast.wallMs) * 100, '% of one core');
  // The busier side was the limit; where neither was near 100 %, other processes were.
  report.result('fast probe: what the server could serve', (count / serverMs) * 1000, '1/s of one core');
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

/** Another program: a shell command that reads addresses, one a line, and where its output names the site of a certificate. */
interface Program {
  readonly name: string;
  command(port: number): string;
  readonly site: RegExp;
}

const programs: readonly Program[] = [
  {
    name: 'nmap',
    command: (port) => `nmap -n -Pn -p ${port} --script ssl-cert -iL -`,
    site: /Subject: commonName=site-(\d)/g,
  },
  {
    name: 'openssl',
    command: (port) =>
      `xargs -P 16 -I@ sh -c "openssl s_client -connect @:${port} </dev/null 2>/dev/null || true"`,
    site: /^subject=.*site-(\d)/gm,
  },
  {
    name: 'sslscan',
    command: (port) =>
      'xargs -P 16 -I@ sslscan --no-colour --no-ciphersuites --no-heartbleed --no-groups --no-renegotiation ' +
      `--no-compression --no-fallback @:${port} || true`,
    site: /^Subject: .*site-(\d)/gm,
  },
];

/** The programs that {@link peer} knows. */
export const peerNames: readonly string[] = programs.map(({ name }) => name);

/** Another program over the same 2,000 endpoints: wall and CPU time of its processes, and the certificates found. */
export async function peer(report: Report, port: number, name: string): Promise<void> {
  const program = programs.find((one) => one.name === name);
  if (program === undefined || !isInstalled(name)) return;
  const hosts = Array.from(
    { length: 2000 },
    (_, index) => `127.60.${Math.floor(index / 250)}.${index % 250}`,
  );
  const targets = Array.from(
    { length: siteCount },
    (_, site) => `127.60.${site}.0-127.60.${site}.249:${port}`,
  );
  const theirs = measured(program, port, hosts);
  const beside = (value: number): { name: string; value: number } => ({ name, value });
  for (const depth of ['full', 'fast'] as const) {
    const found: number[] = [];
    const ours = await scan(targets, depth, 100, 10_000, ({ certificate }) => {
      const site = /site-(\d)/.exec(certificate?.subject ?? '')?.[1];
      if (site !== undefined) found.push(Number(site));
    });
    const what = `${depth} probe, 2,000 endpoints`;
    report.result(`${what}: wall time`, ours.wallMs / 1000, 's', beside(theirs.wallMs / 1000));
    report.result(`${what}: CPU time`, ours.cpuMs / 1000, 's', beside(theirs.cpuMs / 1000));
    report.result(`${what}: certificates`, found.length, 'found', beside(theirs.found.length));
    report.result(`${what}: the same certificates`, common(found, theirs.found), 'endpoints', beside(2000));
  }
}

function measured(
  { command, site }: Program,
  port: number,
  hosts: readonly string[],
): { wallMs: number; cpuMs: number; found: number[] } {
  const startedAt = performance.now();
  const timed = `exec 3>&2; { time -p sh -c '${command(port)}' 2>/dev/null; } 2>&1`;
  const output = execFileSync('bash', ['-c', timed], {
    input: hosts.join('\n'),
    maxBuffer: 1e9,
    encoding: 'latin1',
  });
  const cpuMs = ['user', 'sys'].reduce(
    (sum, key) => sum + Number(new RegExp(`^${key} (.+)$`, 'm').exec(output)?.[1] ?? NaN) * 1000,
    0,
  );
  const found = [...output.matchAll(site)].map(([, number]) => Number(number));
  return { wallMs: performance.now() - startedAt, cpuMs, found };
}

/** How many endpoints show the same site in both lists, counted site by site. */
function common(ours: readonly number[], theirs: readonly number[]): number {
  const count = (list: readonly number[], site: number): number => list.filter((one) => one === site).length;
  return Array.from({ length: siteCount }, (_, site) =>
    Math.min(count(ours, site), count(theirs, site)),
  ).reduce((sum, one) => sum + one, 0);
}
