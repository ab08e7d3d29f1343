import { mkdtempSync, rmSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { pino } from 'pino';
import { targetGroup, tlsConfig } from '../scanners/tls/config.js';
import { scanTargets } from '../scanners/tls/scan.js';
import { storeConfig } from '../src/store/config.js';
import { openStore } from '../src/store/index.js';
import { createReader } from '../src/store/sql-reader.js';
import type { Report } from './report.js';
import type { Servers } from './scan-servers.js';
import { makeLooks } from './store-ingest.js';
import { fill, making, withDatabase } from './store-queries.js';

const looks = 1_000_000;
const probesAtATime = 4;
const targets = Array.from({ length: 3_000 }, (_, n) => `127.70.${n >> 8}.${n % 256}`);

/**
 * What the store does to its neighbours: probes and files while four heavy queries run (part `queries`), and a scan at the product's own pace
 * while looks are stored as fast as they can be (part `ingest`).
 */
export async function bench(report: Report, parts: readonly string[]): Promise<void> {
  const server = fork(new URL('../test/support/tls-server-process.js', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [ports] = (await once(server, 'message')) as [Servers];
  const folder = mkdtempSync(join(tmpdir(), 'certglass-bench-'));
  try {
    if (parts.length === 0 || parts.includes('queries')) await besideQueries(report, folder, ports.good);
    if (parts.length === 0 || parts.includes('ingest')) await besideIngest(report, folder, ports.good);
  } finally {
    server.kill();
    await once(server, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function besideQueries(report: Report, folder: string, port: number): Promise<void> {
  const dataDir = join(folder, 'queries');
  await withDatabase({ ...making, dataDir }, (database, config) =>
    fill(database, config, looks, report, '1M looks'),
  );
  await withDatabase({ dataDir }, async (database) => {
    const reader = createReader(database, () => Promise.resolve([]));
    const alone = await delays(folder, port);
    let [isOver, queries] = [false, 0];
    const heavy = Array.from({ length: 4 }, async () => {
      for (; !isOver; queries += 1) await reader.issuerBreakdown(new Date('2026-06-01'));
    });
    const beside = await delays(folder, port);
    isOver = true;
    await Promise.all(heavy);
    report.result('heavy queries meanwhile', queries, 'queries');
    for (const what of ['probe', 'file'] as const) {
      const peer = { name: 'alone', value: alone[what] };
      report.result(`${what}, p99 beside four heavy queries`, beside[what], 'ms', peer);
    }
  });
}

/** 99th percentiles in milliseconds: of a full probe, and of writing, syncing and reading a small file. */
async function delays(
  folder: string,
  port: number,
): Promise<{ readonly probe: number; readonly file: number }> {
  const probe: number[] = [];
  const file: number[] = [];
  let isOver = false;
  const files = (async () => {
    while (!isOver) {
      const start = performance.now();
      await touch(join(folder, 'touched'));
      file.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  await scan(port, probesAtATime, 300, (durationMs) => probe.push(durationMs));
  isOver = true;
  await files;
  return { probe: p99(probe), file: p99(file) };
}

async function touch(path: string): Promise<void> {
  const file = await open(path, 'w');
  await file.writeFile('x'.repeat(4_096));
  await file.sync();
  await file.close();
  await readFile(path);
  await rm(path);
}

async function besideIngest(report: Report, folder: string, port: number): Promise<void> {
  const { global } = tlsConfig.parse({}).rate;
  const store = await openStore(
    storeConfig.parse({ dataDir: join(folder, 'ingest') }),
    pino({ level: 'error' }),
  );
  try {
    const alone = await scan(port, 200, global);
    const write = makeLooks();
    let [isOver, batches] = [false, 0];
    const ingest = Array.from({ length: 200 }, async () => {
      while (!isOver) await write(store, (batches += 1));
    });
    const beside = await scan(port, 200, global);
    isOver = true;
    await Promise.all(ingest);
    report.result('looks stored meanwhile', (batches * 1_000) / (beside / 1_000), 'looks/s');
    report.result(`scan of ${targets.length} endpoints beside it`, beside / 1_000, 's', {
      name: 'alone',
      value: alone / 1_000,
    });
  } finally {
    await store.close();
  }
}

/** Scans so many lanes at a time, so many connections a second; milliseconds it took. */
async function scan(
  port: number,
  concurrency: number,
  global: number,
  onProbe: (durationMs: number) => void = () => undefined,
): Promise<number> {
  const start = performance.now();
  const end = await scanTargets({
    ...targetGroup.parse({ targets: targets.map((address) => `${address}:${port}`), depth: 'full' }),
    config: tlsConfig.parse({ concurrency, rate: { global, perAddress: 0, perNetwork: 0, perName: 0 } }),
    scanId: 'bench',
    signal: new AbortController().signal,
    onObservation: ({ durationMs }) => onProbe(durationMs),
  });
  if (end.outcomes.ok !== targets.length) throw new Error(`only ${end.outcomes.ok} endpoints answered`);
  return performance.now() - start;
}

function p99(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? Infinity;
}
