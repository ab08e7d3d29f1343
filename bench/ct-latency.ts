import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startServiceProcess, type ServiceProcess } from '../test/e2e/service-process.js';
import {
  certificateEntry,
  generatedEntries,
  startCtLog,
  writeLogList,
  type CtLog,
} from '../test/support/ct-log.js';
import { issueCa, issueFor } from '../test/support/pki.js';
import { bar } from './ct-fleet.js';
import type { Report } from './report.js';

/** Logs at several paces, entries per second; the usual poll interval is 3 to 30 s. */
const paces = [
  ['static-ct', 188],
  ['static-ct', 60],
  ['static-ct', 10],
  ['static-ct', 0.2],
  ['rfc6962', 140],
  ['rfc6962', 0.2],
] as const;
const [shortestPoll, longestPoll, worthwhileEntries] = [3, 30, 256];
/** Shorter for a first look: `CT_LATENCY_SECONDS=60`. */
const seconds = Number(process.env['CT_LATENCY_SECONDS'] ?? 240);
/** A watched certificate appears in one log after the other, so often. */
const everyMs = 700;

/** Time from an entry's appearance in a log to its finding in the API of a service with the embedded store, at usual settings. */
export async function alertLatency(report: Report, folder: string): Promise<void> {
  const ca = issueCa('Latency CA');
  const logs: CtLog[] = [];
  for (const [protocol, pace] of paces)
    logs.push(
      await startCtLog({ protocol, description: `${protocol} ${pace}`, entries: generatedEntries(300) }),
    );
  const service = await startService(folder, logs);
  const appeared = new Map<string, { readonly log: number; readonly atMs: number }>();
  const latencies = new Map<number, number[]>(logs.map((_log, index) => [index, []]));
  try {
    const fill = startFilling(logs);
    // Every pace is learned after the longest poll interval.
    await delay(2 * longestPoll * 1000);
    const began = performance.now();
    let next = 0;
    const put = setInterval(() => {
      if (performance.now() - began > seconds * 1000) return clearInterval(put);
      const log = next % logs.length;
      const name = `n${next++}.watched.test`;
      logs[log]?.append(certificateEntry(issueFor(name, { issuer: ca }), ca));
      appeared.set(name, { log, atMs: performance.now() });
    }, everyMs);
    while (performance.now() - began < (seconds + 2 * longestPoll) * 1000) {
      await collect(service, appeared, latencies);
      if (performance.now() - began > seconds * 1000 && appeared.size === 0) break;
      await delay(100);
    }
    clearInterval(fill);
  } finally {
    await service.end('SIGTERM');
    await Promise.all(logs.map((log) => log.close()));
  }
  tell(report, latencies, appeared.size);
}

async function startService(folder: string, logs: readonly CtLog[]): Promise<ServiceProcess> {
  const list = await writeLogList(join(folder, 'latency.json'), logs);
  const config = join(folder, 'latency.yaml');
  const settings = {
    dns: { enabled: false },
    policy: { ownedDomains: ['watched.test'], approvedIssuers: [{ name: 'CN=Nobody' }] },
    ct: { logLists: [{ source: list }] },
    store: { dataDir: join(folder, 'latency') },
    api: { port: 0 },
  };
  writeFileSync(config, JSON.stringify(settings));
  return startServiceProcess(['--config', config]);
}

/** Entries of others, at each log's pace. */
function startFilling(logs: readonly CtLog[]): NodeJS.Timeout {
  const others = generatedEntries(500);
  const began = performance.now();
  const added = logs.map(() => 0);
  return setInterval(() => {
    for (const [index, [, pace]] of paces.entries()) {
      const due = Math.floor((pace * (performance.now() - began)) / 1000);
      for (; (added[index] ?? 0) < due; added[index] = (added[index] ?? 0) + 1)
        logs[index]?.append(...others.slice((added[index] ?? 0) % others.length).slice(0, 1));
    }
  }, 50);
}

async function collect(
  service: ServiceProcess,
  appeared: Map<string, { readonly log: number; readonly atMs: number }>,
  latencies: Map<number, number[]>,
): Promise<void> {
  const findings = await service.list<{ host: string | null }>('/api/v1/findings');
  const nowMs = performance.now();
  for (const { host } of findings) {
    const found = appeared.get(host ?? '');
    if (found === undefined) continue;
    appeared.delete(host ?? '');
    latencies.get(found.log)?.push((nowMs - found.atMs) / 1000);
  }
}

function tell(report: Report, latencies: ReadonlyMap<number, number[]>, missing: number): void {
  for (const [index, [protocol, pace]] of paces.entries()) {
    const sorted = (latencies.get(index) ?? []).sort((one, other) => one - other);
    const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
    const poll = Math.min(longestPoll, Math.max(shortestPoll, worthwhileEntries / pace));
    const name = `${protocol}, ${pace} entries/s: appearance to finding`;
    report.result(`${name}, median`, at(0.5), 's');
    report.result(`${name}, 99th percentile`, at(0.99), 's');
    report.result(`${name}, longest of ${sorted.length}`, at(1), 's', bar(5 + poll));
  }
  report.result('watched entries without a finding', missing, 'entries', bar(0));
}
