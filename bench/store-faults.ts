import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { storeConfig } from '../src/store/config.js';
import type { EngineAddress } from '../src/store/embedded/process.js';
import { openStore, type OpenStore } from '../src/store/index.js';
import { openEngine } from '../test/store/engine.js';
import { Proxy } from '../test/store/proxy.js';
import { minutes, observation } from '../test/store/sample.js';
import type { Report } from './report.js';
import { ask } from './store-data.js';

const cuts = Number(process.env['CERTGLASS_BENCH_CUTS'] ?? 1_000);
const awaySeconds = Number(process.env['CERTGLASS_BENCH_AWAY_SECONDS'] ?? 600);
const rowsPerSecond = 5_000;
const writesPerSecond = 10;

/** What becomes of rows when answers are cut off after the commit (part `cut`), and when the database is away for ten minutes (part `away`). */
export async function bench(report: Report, parts: readonly string[] = []): Promise<void> {
  if (parts.length === 0 || parts.includes('cut')) await withProxy((...given) => cut(report, ...given));
  if (parts.length === 0 || parts.includes('away')) await withProxy((...given) => away(report, ...given));
}

type Work = (store: OpenStore, proxy: Proxy, engine: EngineAddress) => Promise<void>;

/** A store whose database stands behind a proxy. */
async function withProxy(work: Work): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'certglass-bench-'));
  const engine = await openEngine(folder);
  const address = await engine.address();
  const proxy = await Proxy.open(() => Promise.resolve(Number(new URL(address.url).port)));
  const { username, password } = address;
  const store = await openStore(
    storeConfig.parse({
      mode: 'server',
      url: proxy.url,
      username,
      password,
      dataDir: join(folder, 'service'),
    }),
    pino({ level: 'silent' }),
  );
  try {
    await work(store, proxy, address);
  } finally {
    proxy.mode = 'pass';
    await store.close();
    await proxy.close();
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function drained(store: OpenStore): Promise<void> {
  while ((await store.health()).spooledBytes > 0) await delay(50);
}

async function cut(report: Report, store: OpenStore, proxy: Proxy, engine: EngineAddress): Promise<void> {
  for (let index = 0; index < cuts; index += 1) {
    const before = proxy.cuts;
    proxy.cutOnly = 'INTO+observations';
    proxy.mode = 'cut';
    const written = store.writeObservations([observation('cut.example.com', { observedAt: minutes(index) })]);
    while (proxy.cuts === before) await delay(2);
    proxy.mode = 'pass';
    await written;
  }
  await drained(store);
  const rows = Number(await ask(engine, 'SELECT count() FROM observations'));
  report.result('answers cut off after the commit', proxy.cuts, 'times');
  report.result('rows too many after them', rows - cuts, 'rows', { name: 'limit', value: 0 });
}

async function away(report: Report, store: OpenStore, proxy: Proxy, engine: EngineAddress): Promise<void> {
  const perWrite = rowsPerSecond / writesPerSecond;
  const writes: Promise<void>[] = [];
  let peakBytes = 0;
  proxy.mode = 'down';
  proxy.reset();
  const start = performance.now();
  for (let write = 0; write < awaySeconds * writesPerSecond; write += 1) {
    const looks = Array.from({ length: perWrite }, (_, row) => {
      const index = write * perWrite + row;
      return observation(`h${index % 50_000}.example.com`, {
        observedAt: minutes(Math.floor(index / 50_000)),
      });
    });
    writes.push(store.writeObservations(looks));
    await delay(Math.max(0, start + ((write + 1) * 1_000) / writesPerSecond - performance.now()));
  }
  await Promise.all(writes);
  peakBytes = (await store.health()).spooledBytes;
  const wasAway = (performance.now() - start) / 1_000;
  proxy.mode = 'pass';
  const back = performance.now();
  await drained(store);
  const expected = awaySeconds * rowsPerSecond;
  const rows = Number(await ask(engine, 'SELECT uniqExact(endpoint, observed_at) FROM observations'));
  report.result('database away', wasAway, 's', { name: 'asked', value: awaySeconds });
  report.result('rows written meanwhile', expected / wasAway, 'rows/s', {
    name: 'asked',
    value: rowsPerSecond,
  });
  report.result('spool at its largest', peakBytes / 1_048_576, 'MiB');
  report.result('rows lost', expected - rows, 'rows', { name: 'limit', value: 0 });
  report.result('drained after', (performance.now() - back) / 1_000, 's', { name: 'limit', value: 120 });
}
