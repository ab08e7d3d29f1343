import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coverageUnderKills } from '../test/support/ct-coverage.js';
import { withLogs } from './ct-processes.js';
import type { Report } from './report.js';

const entriesPerLog = Number(process.env['CT_COVERAGE_ENTRIES'] ?? 1_000_000) / 2;
const kills = 50;

/** Coverage of a million entries, half of each protocol, with faults on 5 % of the answers and `kill -9` at 50 random moments. */
export async function bench(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-ct-coverage-'));
  const logs = (['static-ct', 'rfc6962'] as const).map((protocol) => ({
    protocol,
    entries: entriesPerLog,
    growth: 0,
    maxPage: 256,
    description: protocol,
    faultShare: 0.05,
  }));
  try {
    const { missing, repeated, doubled } = await withLogs(folder, logs, ({ list }) =>
      coverageUnderKills({
        ...{ list, folder, logs: logs.length, entriesPerLog, kills },
        longestLifeMs: 4000,
        giveUpMs: 1_200_000,
      }),
    );
    const none = { name: 'bar', value: 0 };
    report.result('entries missing', missing, 'entries', none);
    report.result('entries handed over twice by one process', doubled, 'entries', none);
    report.result(`entries handed over again after one of ${kills} kills`, repeated, 'entries');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
