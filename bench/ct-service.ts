import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startServiceProcess, type ServiceProcess } from '../test/e2e/service-process.js';
import {
  bar,
  busyRate,
  fleetOf,
  headsOf,
  logs,
  outageRate,
  outageSeconds,
  steadySeconds,
} from './ct-fleet.js';
import { alertLatency } from './ct-latency.js';
import { readDelay, watchCost, watchIdle, withLogs, type ServedLogs } from './ct-processes.js';
import type { Report } from './report.js';

/** The loads of `ct-load` on the whole service with its embedded store, and its alert latency; parts: `latency`, `steady`, `outage`. */
export async function bench(report: Report, parts: readonly string[]): Promise<void> {
  const wants = (part: string): boolean => parts.length === 0 || parts.includes(part);
  const folder = mkdtempSync(join(tmpdir(), 'bench-ct-service-'));
  try {
    if (wants('latency')) await alertLatency(report, folder);
    if (wants('steady'))
      await withLogs(folder, fleetOf(busyRate, 0), ({ list }) => steady(report, list, folder));
    if (wants('outage'))
      await withLogs(folder, fleetOf(outageRate, 0), (served) => outage(report, served, folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A service that follows the logs of `list` and looks for a name that does not come. */
async function startService(list: string, folder: string, name: string): Promise<ServiceProcess> {
  const config = join(folder, `${name}.yaml`);
  const settings = {
    dns: { enabled: false },
    policy: { ownedDomains: ['watched.test'] },
    ct: { logLists: [{ source: list }] },
    store: { dataDir: join(folder, name) },
    api: { port: 0 },
  };
  writeFileSync(config, JSON.stringify(settings));
  return startServiceProcess(['--config', config], {
    NODE_OPTIONS: `--import file://${join(import.meta.dirname, 'loop-delay.js')}`,
    LOOP_DELAY_FILE: join(folder, `${name}-delay`),
  });
}

async function steady(report: Report, list: string, folder: string): Promise<void> {
  const idle = watchIdle(folder);
  const service = await startService(list, folder, 'steady');
  await delay(20_000);
  const before = await positions(service);
  const cost = watchCost(service);
  let worst = 0;
  for (let at = 0; at < steadySeconds; at += 10) {
    await delay(10_000);
    worst = Math.max(worst, await furthest(service, list));
  }
  const { seconds, cpuSeconds, maxMegabytes } = cost.end();
  const read = sum(await positions(service)) - sum(before);
  report.result(`service, ${logs} logs, entries read`, read / seconds, 'entries/s', bar(busyRate));
  report.result(`service, ${logs} logs, processor`, (100 * cpuSeconds) / seconds, '% of a core', bar(40));
  report.result(`service, ${logs} logs, largest memory`, maxMegabytes, 'MB', bar(256));
  report.result('furthest any log was behind its head', worst, 'entries');
  report.result('the same in time', worst / (busyRate / logs), 's', bar(60));
  await endAndTellDelay(report, service, idle, folder, 'steady');
}

/** The service is stopped, an hour's entries come, and it is started again. */
async function outage(report: Report, { list, add }: ServedLogs, folder: string): Promise<void> {
  const first = await startService(list, folder, 'outage');
  while ((await positions(first)).size < logs) await delay(500);
  await first.end('SIGTERM');
  await add((outageRate * outageSeconds) / logs);
  const idle = watchIdle(folder);
  const began = performance.now();
  const service = await startService(list, folder, 'outage');
  const cost = watchCost(service);
  // What came since the last look is no arrears.
  while ((await furthest(service, list)) > (20 * outageRate) / logs) await delay(1000);
  const { cpuSeconds, maxMegabytes } = cost.end();
  const behind = (outageRate * outageSeconds).toLocaleString('en');
  report.result(
    `service caught up with ${behind} entries`,
    (performance.now() - began) / 1000,
    's',
    bar(300),
  );
  report.result('service catching up, processor time', cpuSeconds, 's');
  report.result('service catching up, largest memory', maxMegabytes, 'MB', bar(256));
  await endAndTellDelay(report, service, idle, folder, 'outage');
}

async function endAndTellDelay(
  report: Report,
  service: ServiceProcess,
  idle: ReturnType<typeof watchIdle>,
  folder: string,
  name: string,
): Promise<void> {
  await service.end('SIGTERM');
  const beside = await idle.end();
  const { p99Ms, maxMs } = readDelay(join(folder, `${name}-delay`));
  report.result(`service, ${name}, event-loop delay, 99th percentile`, p99Ms, 'ms', bar(50));
  report.result('the same of an idle process beside it', beside.p99Ms, 'ms');
  report.result(`service, ${name}, event-loop delay, longest`, maxMs, 'ms', {
    name: 'idle process',
    value: beside.maxMs,
  });
}

interface LogItem {
  readonly logId: string;
  readonly cursor: string;
  readonly verifiedIndex: number;
}

/** Verified positions of the tails, by log id. */
async function positions(service: ServiceProcess): Promise<Map<string, number>> {
  const items = await service.list<LogItem>('/api/v1/ct/logs');
  return new Map(
    items.filter(({ cursor }) => cursor === 'tail').map(({ logId, verifiedIndex }) => [logId, verifiedIndex]),
  );
}

/** Entries the furthest log is behind its head as it is now. */
async function furthest(service: ServiceProcess, list: string): Promise<number> {
  const [heads, known] = await Promise.all([headsOf(list), positions(service)]);
  return Math.max(...[...heads].map(([logId, size]) => size - (known.get(logId) ?? 0)));
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
