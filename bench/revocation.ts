import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crlOf, listed, Watch } from '../test/scanners/revocation/harness.js';
import { issueCa, makeKey } from '../test/support/pki.js';
import { served, startScriptedServer, type ScriptedServer } from '../test/support/scripted-server.js';
import type { Report } from './report.js';

const issuers = 50;
const certificates = 10_000;
const lists = 1_000;
const entries = 100_000;

/**
 * The first full status of 10,000 certificates of 50 issuers and the round after it (`status`), and memory over 1,000 lists of 100,000
 * entries (`lists`; another number may follow). The server of the lists runs in this process: its processor time and memory count.
 */
export async function bench(report: Report, parts: readonly string[]): Promise<void> {
  const server = await startScriptedServer();
  const folder = mkdtempSync(join(tmpdir(), 'bench-revocation-'));
  try {
    if (parts.length === 0 || parts.includes('status')) await firstStatus(report, server, folder);
    if (parts.length === 0 || parts.includes('lists'))
      await manyLists(report, server, Number(parts.find((part) => /^\d+$/.test(part)) ?? lists));
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
}

async function firstStatus(report: Report, server: ScriptedServer, folder: string): Promise<void> {
  const key = makeKey();
  const watch = new Watch(server.port, folder, { requestSeconds: 60 });
  for (let ca = 0; ca < issuers; ca += 1) {
    const issuer = issueCa(`Bench CA ${ca}`);
    server.handlers.set(`/${ca}.crl`, served(crlOf(issuer, serials(2_000))));
    for (let index = 0; index < certificates / issuers; index += 1) {
      const leaf = listed(`${server.url}/${ca}.crl`, issuer, { key, serialNumber: BigInt(index * 20 + 1) });
      watch.serve(leaf, issuer);
    }
  }
  const first = await cpuSeconds(() => watch.run());
  const revoked = [...watch.statuses.values()].filter(({ outcome }) => outcome === 'revoked').length;
  if (watch.statuses.size !== certificates || revoked === 0) throw new Error('not every status is known');
  const limit = (value: number) => ({ name: 'limit', value });
  report.result(
    `first status of ${certificates} certificates of ${issuers} issuers`,
    first,
    's CPU',
    limit(60),
  );
  report.result('requests for lists', server.asked.length, '', limit(issuers));
  const started = server.asked.length;
  const restart = await cpuSeconds(() => watch.run());
  report.result('the same after a restart, from the disk', restart, 's CPU', limit(60));
  report.result('requests for lists after a restart', server.asked.length - started, '', limit(0));
}

async function manyLists(report: Report, server: ScriptedServer, count: number): Promise<void> {
  const issuer = issueCa('Bench CA');
  const list = crlOf(issuer, serials(entries));
  server.handlers.set('*', served(list));
  const folder = mkdtempSync(join(tmpdir(), 'bench-revocation-lists-'));
  const watch = new Watch(server.port, folder, { requestSeconds: 60 });
  for (let at = 0; at < count; at += 1)
    watch.serve(listed(`${server.url}/list/${at}.crl`, issuer, { serialNumber: BigInt(at + 1) }), issuer);
  let peak = 0;
  const sample = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
  const seconds = await cpuSeconds(() => watch.run());
  clearInterval(sample);
  rmSync(folder, { recursive: true });
  if (watch.statuses.size !== count) throw new Error('not every status is known');
  const bytes = (list.length / 1e6).toFixed(1);
  report.result(`${count} lists of ${entries} entries (${bytes} MB each)`, seconds, 's CPU');
  report.result('most memory of the process', peak / 1_048_576, 'MiB', { name: 'limit', value: 256 });
}

/** Serial numbers in a list; some of them are those of certificates in use. */
function serials(count: number): bigint[] {
  return Array.from({ length: count }, (_, index) => BigInt(index * 7 + 1));
}

async function cpuSeconds(work: () => Promise<void>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
