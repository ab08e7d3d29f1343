import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killAgainAndAgain } from '../test/store/kills.js';
import type { Report } from './report.js';

/** What is lost or doubled when service and engine are killed 200 times (CERTGLASS_BENCH_KILLS) while they write. */
export async function bench(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'certglass-bench-'));
  try {
    const kills = Number(process.env['CERTGLASS_BENCH_KILLS'] ?? 200);
    const found = await killAgainAndAgain(folder, kills, Math.random);
    report.result('kill -9 of the engine', found.engines, 'times');
    report.result('kill -9 of service and engine', found.services, 'times');
    report.result('acknowledged', found.acknowledged, 'rows');
    report.result('lost', found.lost, 'rows', { name: 'limit', value: 0 });
    report.result('doubled in the lists', found.doubled, 'rows', { name: 'limit', value: 0 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
