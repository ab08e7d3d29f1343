import { readFileSync } from 'node:fs';
import { openEngine } from '../test/store/engine.js';
import { hostileStatements } from '../test/store/hostile-statements.js';
import { temporaryFolder } from '../test/store/sample.js';
import type { Report } from './report.js';

/** What hostile statements of the user `reader` cost the embedded engine: processor time and memory of its process (Linux). */
export async function bench(report: Report): Promise<void> {
  const engine = await openEngine(temporaryFolder());
  try {
    const { url } = await engine.address();
    const headers = { 'x-clickhouse-user': 'reader', 'x-clickhouse-key': 'reader-password' };
    let [worstMs, slowest, worstMiB, largest] = [0, '', 0, ''];
    for (const [name, sql] of hostileStatements) {
      const [before, restingMiB] = [cpuMs(engine.pid), residentMiB(engine.pid)];
      let peakMiB = restingMiB;
      const sampling = setInterval(() => (peakMiB = Math.max(peakMiB, residentMiB(engine.pid))), 10);
      await fetch(url, { method: 'POST', body: sql, headers }).then((answer) => answer.text());
      clearInterval(sampling);
      const taken = cpuMs(engine.pid) - before;
      if (taken > worstMs) [worstMs, slowest] = [taken, name];
      if (peakMiB - restingMiB > worstMiB) [worstMiB, largest] = [peakMiB - restingMiB, name];
    }
    report.result('hostile statements', hostileStatements.length, 'statements');
    report.result(`worst processor time (${slowest})`, worstMs, 'ms', { name: 'limit', value: 1_000 });
    report.result(`worst growth of memory (${largest})`, worstMiB, 'MiB', { name: 'limit', value: 200 });
  } finally {
    await engine.close();
  }
}

function cpuMs(pid: number | null): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function residentMiB(pid: number | null): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
