import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { positionsIn, readDelay, startTail, watchCost, withLogs } from './ct-processes.js';
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
import type { Report } from './report.js';

/** Sixty logs, half of each protocol: keeping up for five minutes, and catching up after an hour's outage. */
export async function bench(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-ct-load-'));
  try {
    await withLogs(folder, fleetOf(busyRate, 0), ({ list }) => keepUp(report, list, folder));
    await withLogs(folder, fleetOf(outageRate, outageRate * outageSeconds), ({ list }) =>
      catchUp(report, list, folder),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function keepUp(report: Report, list: string, folder: string): Promise<void> {
  const state = join(folder, 'steady');
  mkdirSync(state);
  const child = startTail(list, ['--from', '0', '--state', state], join(folder, 'steady-delay'));
  const cost = watchCost(child);
  let worst = 0;
  for (let at = 20; at <= steadySeconds; at += 10) {
    await delay(at === 20 ? 20_000 : 10_000);
    worst = Math.max(worst, (await lags(list, state)).largest / (busyRate / logs));
  }
  const { seconds, cpuSeconds, maxMegabytes } = cost.end();
  child.kill();
  await once(child, 'close');
  const read = [...positionsIn(state).values()].reduce((sum, position) => sum + position, 0);
  report.result(`${logs} logs, entries read`, read / seconds, 'entries/s', bar(busyRate));
  report.result(`${logs} logs, processor`, (100 * cpuSeconds) / seconds, '% of a core', bar(40));
  report.result(`${logs} logs, largest memory`, maxMegabytes, 'MB', bar(256));
  report.result(`${logs} logs, furthest any fell behind its head`, worst, 's', bar(60));
}

async function catchUp(report: Report, list: string, folder: string): Promise<void> {
  const state = join(folder, 'outage');
  const delayFile = join(folder, 'outage-delay');
  mkdirSync(state);
  const child = startTail(list, ['--from', '0', '--state', state], delayFile);
  const cost = watchCost(child);
  for (;;) {
    await delay(1000);
    const { largest, known } = await lags(list, state);
    // What came since the last look is no arrears.
    if (known === logs && largest < (20 * outageRate) / logs) break;
  }
  const { seconds, cpuSeconds, maxMegabytes } = cost.end();
  child.kill();
  await once(child, 'close');
  const behind = outageRate * outageSeconds;
  report.result(`caught up with ${behind.toLocaleString('en')} entries`, seconds, 's', bar(300));
  report.result('catching up, processor time', cpuSeconds, 's');
  report.result('catching up, largest memory', maxMegabytes, 'MB');
  const { p99Ms, maxMs } = readDelay(delayFile);
  report.result('catching up, event-loop delay, 99th percentile', p99Ms, 'ms', bar(50));
  report.result('catching up, event-loop delay, longest', maxMs, 'ms');
}

/** The furthest any log is behind its head as it is now, and how many logs have a position. */
async function lags(list: string, state: string): Promise<{ largest: number; known: number }> {
  const positions = positionsIn(state);
  const heads = await headsOf(list);
  const behind = [...heads].map(([id, size]) => size - (positions.get(hexOf(id)) ?? 0));
  return { largest: Math.max(...behind), known: positions.size };
}

function hexOf(logId: string): string {
  return Buffer.from(logId, 'base64').toString('hex');
}
