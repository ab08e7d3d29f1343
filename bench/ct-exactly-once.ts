import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { storeConfig } from '../src/store/config.js';
import { openDatabase, openStore } from '../src/store/index.js';
import { startServiceProcess, type ServiceProcess } from '../test/e2e/service-process.js';
import { bar } from './ct-fleet.js';
import { withLogs } from './ct-processes.js';
import type { Report } from './report.js';

/** Shorter for a first look: `CT_COVERAGE_ENTRIES=100000 CT_COVERAGE_KILLS=10`. */
const entries = Number(process.env['CT_COVERAGE_ENTRIES'] ?? 1_000_000);
const kills = Number(process.env['CT_COVERAGE_KILLS'] ?? 50);
const protocols = ['static-ct', 'rfc6962'] as const;
/** Half of each log is there before its tail begins, and read by its backfill. */
const half = Math.floor(entries / protocols.length / 2);
const longestLifeMs = 4000;
const giveUpMs = 1_800_000;

/**
 * The whole service with its embedded store over a million entries, all kept, half of each protocol and half of each log by backfill,
 * with faults on 5 % of the answers and `kill -9` of the service at 50 random moments; then the rows are counted.
 */
export async function bench(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-ct-exactly-once-'));
  const logs = protocols.map((protocol) => ({
    protocol,
    entries: half,
    growth: 0,
    maxPage: 256,
    description: protocol,
    faultShare: 0.05,
  }));
  try {
    await withLogs(folder, logs, async ({ list, add }) => {
      const config = writeConfig(folder, list);
      const first = await startServiceProcess(['--config', config]);
      while ((await cursors(first, 'tail')).length < logs.length) await delay(200);
      await add(half);
      await delay(Math.random() * longestLifeMs);
      await first.end('SIGKILL');
      for (let kill = 1; kill < kills; kill += 1) {
        const service = await startServiceProcess(['--config', config]);
        await delay(Math.random() * longestLifeMs);
        await service.end('SIGKILL');
      }
      const last = await startServiceProcess(['--config', config]);
      const began = performance.now();
      while (!(await isRead(last)) && performance.now() - began < giveUpMs) await delay(1000);
      await last.end('SIGTERM');
    });
    await tell(report, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeConfig(folder: string, list: string): string {
  const config = join(folder, 'config.yaml');
  const settings = {
    dns: { enabled: false },
    policy: { ownedDomains: ['watched.test'] },
    ct: {
      logLists: [{ source: list }],
      start: 'zero',
      keep: 'names',
      pollSeconds: 1,
      minPollSeconds: 0.2,
      limits: { backfillRequestsPerSecond: 1000 },
    },
    store: { dataDir: join(folder, 'data') },
    api: { port: 0 },
  };
  writeFileSync(config, JSON.stringify(settings));
  return config;
}

interface Cursor {
  readonly cursor: string;
  readonly verifiedIndex: number;
  readonly behind: number;
}

async function cursors(service: ServiceProcess, cursor: 'tail' | 'backfill'): Promise<Cursor[]> {
  return (await service.list<Cursor>('/api/v1/ct/logs')).filter((item) => item.cursor === cursor);
}

async function isRead(service: ServiceProcess): Promise<boolean> {
  const [tails, backfills] = await Promise.all([cursors(service, 'tail'), cursors(service, 'backfill')]);
  const isAt = (end: number) => (cursor: Cursor) => cursor.verifiedIndex === end;
  return backfills.length === protocols.length && backfills.every(isAt(half)) && tails.every(isAt(2 * half));
}

/** What the tables hold; the store is opened as any other program would. */
async function tell(report: Report, folder: string): Promise<void> {
  const config = storeConfig.parse({ dataDir: join(folder, 'data') });
  const log = pino({ level: 'silent' });
  // Rows that waited on the disk when the last service ended are stored first.
  const store = await openStore(config, log);
  while ((await store.health()).spooledBytes > 0) await delay(50);
  const listed = (await store.reader.listCtLogs()).filter(({ cursor }) => cursor === 'tail');
  await store.close();
  const database = await openDatabase(config, log);
  try {
    const [counts] = await database.rows<Record<'rows' | 'places' | 'verified' | 'known', string>>(
      `SELECT (SELECT count() FROM ct_entries FINAL) AS rows,
        (SELECT count() FROM ct_places FINAL) AS places,
        (SELECT countIf(verified) FROM ct_entries FINAL) AS verified,
        (SELECT count() FROM (SELECT DISTINCT log_id, leaf_index FROM ct_entries)) AS known`,
    );
    const expected = protocols.length * 2 * half;
    const { rows = '', places = '', verified = '', known = '' } = counts ?? {};
    report.result('entries of the logs', expected, 'entries');
    report.result('kill -9 of the service', kills, 'times');
    report.result('places (log, index) without a row', expected - Number(known), 'entries', bar(0));
    report.result('rows beyond one for each place', Number(rows) - Number(known), 'rows', bar(0));
    report.result('rows not verified', Number(rows) - Number(verified), 'rows', bar(0));
    report.result(
      'places of certificates beyond one for each',
      Number(places) - Number(known),
      'rows',
      bar(0),
    );
    const shown = listed.reduce((sum, { entries: count }) => sum + count, 0);
    report.result('entries the API shows beyond those', shown - expected, 'entries', bar(0));
    const positions = await database.rows<{ readonly state: string }>(
      'SELECT follower_state AS state FROM ct_positions FINAL',
    );
    report.result('entries the counters have beyond those', counted(positions) - expected, 'entries', bar(0));
  } finally {
    await database.close();
  }
}

function counted(positions: readonly { readonly state: string }[]): number {
  const states = positions.map(({ state }) => JSON.parse(state) as { counts: { entries: number } });
  return states.reduce((sum, { counts }) => sum + counts.entries, 0);
}
