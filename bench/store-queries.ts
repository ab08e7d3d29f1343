import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { storeConfig } from '../src/store/config.js';
import type { Database } from '../src/store/database.js';
import { dialectOf } from '../src/store/dialect.js';
import { openDatabase } from '../src/store/index.js';
import { migrate } from '../src/store/migrate.js';
import { migrations } from '../src/store/migrations/index.js';
import { createReader } from '../src/store/sql-reader.js';
import { StateReader } from '../src/store/state-reader.js';
import type { Report } from './report.js';
import {
  certificatesSql,
  endpointName,
  findingsSql,
  hostName,
  observationsSql,
  sightingsSql,
} from './store-data.js';

/**
 * Looks in the large store, in millions; the small one has a million. One certificate for every five looks. Data that takes long to
 * make is kept, and used again, in the folder CERTGLASS_BENCH_DATA.
 */
const largest = Number(process.env['CERTGLASS_BENCH_MILLIONS'] ?? 100) * 1_000_000;
const looksPerEndpoint = 100;
const findingsPerMillion = 10_000;
const repeats = 15;

/** How long the queries of the API take with a million looks and with a hundred million, and what the rows weigh. */
export async function bench(report: Report): Promise<void> {
  const small = largest > 1_000_000 ? await measure(report, 1_000_000, null) : null;
  await measure(report, largest, small);
}

/** Limits in milliseconds that the product promises. */
const limits: Readonly<Record<string, number>> = {
  'findings page': 50,
  'host suffix': 50,
  'host substring': 300,
  'certificate by hash': 10,
  'expiry timeline': 300,
  'endpoint history': 50,
};

async function measure(
  report: Report,
  looks: number,
  before: ReadonlyMap<string, number> | null,
): Promise<ReadonlyMap<string, number>> {
  const kept = process.env['CERTGLASS_BENCH_DATA'];
  const folder =
    kept === undefined ? mkdtempSync(join(tmpdir(), 'certglass-bench-')) : join(kept, String(looks));
  const config = storeConfig.parse({
    dataDir: folder,
    requestTimeoutMs: 3_600_000,
    // Making rows by SQL takes more than the product does.
    embedded: { memoryMiB: 3_000 },
  });
  const database = await openDatabase(config, pino({ level: 'error' }));
  const medians = new Map<string, number>();
  const scale = `${(looks / 1e6).toLocaleString('en')}M looks`;
  try {
    await migrate(database, dialectOf(config), migrations, pino({ level: 'error' }));
    await fill(database, looks, report, scale);
    await weigh(database, folder, report, scale);
    for (const [name, query] of queries(database, looks)) {
      const median = await medianMs(query);
      medians.set(name, median);
      const limit = limits[name];
      const peer = limit === undefined ? null : { name: 'limit', value: limit };
      report.result(`${scale}: ${name}`, median, 'ms', peer);
      const was = before?.get(name);
      if (was !== undefined)
        report.result(`${name}: growth from 1M`, median / was, 'x', { name: 'limit', value: 3 });
    }
    return medians;
  } finally {
    await database.close();
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

type Queries = readonly (readonly [name: string, query: (round: number) => Promise<unknown>])[];

/** Every round asks for something else, spread over the data. */
function queries(database: Database, looks: number): Queries {
  const reader = createReader(database, () => Promise.resolve([]));
  const store = new StateReader(database, () => ({
    failingSince: null,
    lastError: null,
    spooledBytes: 0,
    blocked: null,
  }));
  const endpoints = looks / looksPerEndpoint;
  const host = (round: number): number => Math.floor((endpoints * (round + 0.5)) / (repeats + 1));
  const page = { limit: 50, cursor: null };
  const [from, to] = [new Date('2026-01-01'), new Date('2027-01-01')];
  const hashOf = async (round: number): Promise<string> => {
    const found = await reader.listCertificates({ host: hostName(host(round)) }, { limit: 1, cursor: null });
    return String(found.items[0]?.sha256);
  };
  const hashes = Array.from({ length: repeats + 2 }, (_, round) => hashOf(round));
  return [
    ['findings page', () => reader.listFindings({ states: ['open'] }, page)],
    [
      'findings of a domain',
      (round) =>
        reader.listFindings({ hostSuffix: hostName(host(round)).split('.').slice(1).join('.') }, page),
    ],
    [
      'host suffix',
      (round) => reader.listNames({ hostSuffix: hostName(host(round)).split('.').slice(2).join('.') }, page),
    ],
    ['host substring', (round) => reader.listNames({ hostContains: `h${host(round)}.dept` }, page)],
    [
      'host substring, certificates',
      (round) => reader.listCertificates({ hostContains: `h${host(round)}.dept` }, page),
    ],
    ['host exact', (round) => reader.listCertificates({ host: hostName(host(round)) }, page)],
    ['certificate by hash', async (round) => store.certificates([await (hashes[round] ?? hashOf(round))])],
    [
      'certificate with everywhere it was met',
      async (round) => reader.certificateDetail(await (hashes[round] ?? hashOf(round))),
    ],
    ['expiry timeline', () => reader.expiryTimeline(from, to)],
    ['issuer breakdown', () => reader.issuerBreakdown(new Date('2026-06-01'))],
    [
      'endpoint history',
      (round) => reader.listObservations({ endpointKey: endpointName(host(round)) }, page),
    ],
    [
      'endpoints of a domain',
      (round) =>
        reader.listEndpoints({ hostSuffix: hostName(host(round)).split('.').slice(2).join('.') }, page),
    ],
  ];
}

async function medianMs(query: (round: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = -1; round < repeats; round += 1) {
    const start = performance.now();
    await query(Math.max(round, 0));
    // The first is not yet warm.
    if (round >= 0) times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Infinity;
}

/** Makes what is not there yet. */
async function fill(database: Database, looks: number, report: Report, scale: string): Promise<void> {
  const endpoints = looks / looksPerEndpoint;
  const steps: readonly (readonly [string, number, number, (from: number, to: number) => string])[] = [
    ['observations', looks, 5_000_000, (from, to) => observationsSql(from, to, endpoints)],
    ['sightings', endpoints, 500_000, sightingsSql],
    ['findings', (looks / 1e6) * findingsPerMillion, 500_000, findingsSql],
    ['certificates', looks / 5, 200_000, certificatesSql],
  ];
  for (const [table, rows, step, sql] of steps) {
    const start = performance.now();
    const [present] = await database.rows<{ rows: string }>(`SELECT count() AS rows FROM ${table}`);
    const there = Number(present?.rows);
    for (let from = there >= rows ? rows : Math.floor(there / step) * step; from < rows; from += step) {
      await database.command(sql(from, Math.min(from + step, rows)));
      process.stderr.write(`\r${table}: ${from + step} of ${rows}\x1b[K`);
    }
    report.result(
      `${scale}: ${table} made by SQL`,
      rows,
      `rows in ${Math.round((performance.now() - start) / 1000)} s`,
    );
  }
  // One insert above holds an endpoint fifty times; one of the product hardly ever does.
  for (const table of ['endpoints', 'sightings', 'findings'])
    await database.command(`OPTIMIZE TABLE ${table} FINAL`);
  await settle(database);
}

/** Waits for merges to end. */
async function settle(database: Database): Promise<void> {
  for (let quiet = 0; quiet < 5;) {
    const [row] = await database.rows<{ merges: string }>('SELECT count() AS merges FROM system.merges');
    quiet = Number(row?.merges) === 0 ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

async function weigh(database: Database, folder: string, report: Report, scale: string): Promise<void> {
  const rows = await database.rows<{ table: string; bytes: string; rows: string }>(
    `SELECT table, sum(bytes_on_disk) AS bytes, sum(rows) AS rows FROM system.parts
     WHERE active AND database = currentDatabase() GROUP BY table ORDER BY sum(bytes_on_disk) DESC`,
  );
  const of = (table: string): { bytes: number; rows: number } => {
    const found = rows.find((row) => row.table === table);
    return { bytes: Number(found?.bytes ?? 0), rows: Number(found?.rows ?? 0) };
  };
  for (const { table, ...row } of rows)
    report.result(
      `${scale}: ${table}`,
      Number(row.bytes) / 1_048_576,
      `MiB, ${Number(row.rows).toLocaleString('en')} rows`,
    );
  const looks = of('observations');
  report.result(`${scale}: bytes per look`, looks.bytes / looks.rows, 'B', { name: 'limit', value: 25 });
  const certificates = of('certificates');
  report.result(
    `${scale}: bytes per certificate, its bytes included`,
    certificates.bytes / certificates.rows,
    'B',
    {
      name: 'limit',
      value: 1_300,
    },
  );
  const beside =
    of('certificate_names').bytes + of('certificate_identities').bytes + of('certificate_counts').bytes;
  report.result(`${scale}: bytes per certificate of the ways to find it`, beside / certificates.rows, 'B');
  report.result(`${scale}: memory of the engine`, engineMemory(folder) / 1024, 'MiB');
}

/** Resident memory of the engine that has this folder, KiB. */
export function engineMemory(folder: string): number {
  const pid = Number(/PID: (\d+)/.exec(readFileSync(join(folder, 'engine', 'status'), 'utf8'))?.[1]);
  return Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
}
