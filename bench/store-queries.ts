import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { storeConfig, type StoreConfig } from '../src/store/config.js';
import type { Database } from '../src/store/database.js';
import { dialectOf } from '../src/store/dialect.js';
import { openDatabase } from '../src/store/index.js';
import { migrate } from '../src/store/migrate.js';
import { migrations } from '../src/store/migrations/index.js';
import type { CertificateFilter, CertificateRow, StoreReader } from '../src/store/reader.js';
import { createReader } from '../src/store/sql-reader.js';
import { StateReader } from '../src/store/state-reader.js';
import type { PageRequest } from '../src/store/store.js';
import type { Report } from './report.js';
import {
  certificatesSql,
  endpointName,
  findingsSql,
  hostName,
  looksPerEndpoint,
  observationsSql,
  sightingsSql,
} from './store-data.js';

/**
 * Looks in the large store, in millions; the small one has a million. One certificate for every five looks, one finding for every
 * fifty. Data that takes long to make is kept, and used again, in the folder CERTGLASS_BENCH_DATA.
 */
const largest = Number(process.env['CERTGLASS_BENCH_MILLIONS'] ?? 100) * 1_000_000;
const repeats = 25;

/** How long the queries of the API take with a million looks and with a hundred million, and what the rows weigh. */
export async function bench(report: Report): Promise<void> {
  const small = largest > 1_000_000 ? await measure(report, 1_000_000, null) : null;
  await measure(report, largest, small);
}

/** Settings of a store in which {@link fill} makes rows by SQL, which takes more than the product does. */
export const making = { requestTimeoutMs: 3_600_000, embedded: { memoryMiB: 3_000 } };

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
  const scale = `${(looks / 1e6).toLocaleString('en')}M looks`;
  try {
    await withDatabase({ ...making, dataDir: folder }, async (database, config) => {
      await fill(database, config, looks, report, scale);
      await weigh(database, report, scale);
    });
    return await withDatabase({ dataDir: folder }, async (database) => {
      const medians = await time(await queries(database, looks), report, scale, before);
      await besideHeavy(database, looks, report, scale);
      report.result(`${scale}: memory of the engine after it`, engineMemory(folder) / 1024, 'MiB');
      return medians;
    });
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens the database of these settings for `work`. */
export async function withDatabase<T>(
  settings: object,
  work: (database: Database, config: StoreConfig) => Promise<T>,
): Promise<T> {
  const config = storeConfig.parse(settings);
  const database = await openDatabase(config, pino({ level: 'error' }));
  try {
    return await work(database, config);
  } finally {
    await database.close();
  }
}

async function time(
  queries: Queries,
  report: Report,
  scale: string,
  before: ReadonlyMap<string, number> | null,
): Promise<ReadonlyMap<string, number>> {
  const medians = new Map<string, number>();
  for (const [name, query] of queries) {
    const first = await medianMs(query);
    const median = await medianMs(query);
    medians.set(name, median);
    const limit = limits[name];
    const peer = limit === undefined ? null : { name: 'limit', value: limit };
    report.result(`${scale}: ${name}`, median, 'ms', peer);
    report.result(`${scale}: ${name}, of what was not asked for before`, first, 'ms');
    const was = before?.get(name);
    if (was !== undefined)
      report.result(`${name}: growth from 1M`, median / was, 'x', { name: 'limit', value: 3 });
  }
  return medians;
}

type Queries = readonly (readonly [name: string, query: (round: number) => Promise<unknown>])[];

/** Every round asks for something else, spread over the data; all of it twice, of which the second time is the warm one. */
async function queries(database: Database, looks: number): Promise<Queries> {
  const reader = createReader(database, () => Promise.resolve([]));
  const host = (round: number): number =>
    Math.floor(((looks / looksPerEndpoint) * (round + 0.5)) / (repeats + 1));
  const domain = (round: number, labels: number): string =>
    hostName(host(round)).split('.').slice(-labels).join('.');
  const page = { limit: 50, cursor: null };
  const known: CertificateRow[] = [];
  for (let round = 0; round < repeats; round += 1)
    known.push(await identitiesOf(reader, hostName(host(round))));
  return [
    ['a query of nothing', () => database.rows('SELECT 1')],
    ...findingQueries(reader, page, (round) => domain(round, 2)),
    ...nameQueries(
      reader,
      page,
      (round) => domain(round, 2),
      (round) => hostName(host(round)),
    ),
    ...certificateQueries(database, reader, page, known),
    ['expiry timeline', () => reader.expiryTimeline(new Date('2026-01-01'), new Date('2027-01-01'))],
    ['issuer breakdown', () => reader.issuerBreakdown(new Date('2026-06-01'))],
    [
      'endpoint history',
      (round) => reader.listObservations({ endpointKey: endpointName(host(round)) }, page),
    ],
    ['looks of a domain', (round) => reader.listObservations({ hostSuffix: domain(round, 2) }, page)],
    ['endpoints of a domain', (round) => reader.listEndpoints({ hostSuffix: domain(round, 2) }, page)],
  ];
}

async function identitiesOf(reader: StoreReader, host: string): Promise<CertificateRow> {
  const { items } = await reader.listCertificates({ host }, { limit: 1, cursor: null });
  const [found] = items;
  if (found === undefined) throw new Error(`no certificate for ${host}`);
  return found;
}

function findingQueries(reader: StoreReader, page: PageRequest, domain: (round: number) => string): Queries {
  return [
    ['findings page', () => reader.listFindings({ states: ['open'] }, page)],
    [
      'findings page, critical',
      () => reader.listFindings({ states: ['open'], severities: ['critical'] }, page),
    ],
    ['findings of a domain', (round) => reader.listFindings({ hostSuffix: domain(round) }, page)],
    [
      'findings of a certificate',
      (round) => reader.listFindings({ certificateSha256: String(round).repeat(64).slice(0, 64) }, page),
    ],
  ];
}

function nameQueries(
  reader: StoreReader,
  page: PageRequest,
  domain: (round: number) => string,
  host: (round: number) => string,
): Queries {
  const part = (round: number): string => host(round).split('.').slice(0, 2).join('.').slice(0, -1);
  return [
    ['host suffix', (round) => reader.listNames({ hostSuffix: domain(round) }, page)],
    ['host suffix, certificates', (round) => reader.listCertificates({ hostSuffix: domain(round) }, page)],
    ['host substring', (round) => reader.listNames({ hostContains: part(round) }, page)],
    ['host substring, certificates', (round) => reader.listCertificates({ hostContains: part(round) }, page)],
    ['host substring, of every fourth name', () => reader.listNames({ hostContains: 'shop' }, page)],
    ['host exact', (round) => reader.listCertificates({ host: host(round) }, page)],
  ];
}

function certificateQueries(
  database: Database,
  reader: StoreReader,
  page: PageRequest,
  known: readonly CertificateRow[],
): Queries {
  const store = new StateReader(database, () => ({
    failingSince: null,
    lastError: null,
    spooledBytes: 0,
    blocked: null,
  }));
  const one = (round: number): CertificateRow => {
    const found = known[round];
    if (found === undefined) throw new Error(`there is no round ${round}`);
    return found;
  };
  const by = (filter: (row: CertificateRow) => CertificateFilter) => (round: number) =>
    reader.listCertificates(filter(one(round)), page);
  return [
    ['certificate by hash', (round) => store.certificates([one(round).sha256])],
    ['certificate with everywhere it was met', (round) => reader.certificateDetail(one(round).sha256)],
    ['certificate by SHA-1', by(({ sha1 }) => ({ sha1 }))],
    ['certificate by key', by((row) => ({ spkiSha256: String(row.spkiSha256) }))],
    ['certificate by issuance', by((row) => ({ tbsSha256: String(row.tbsSha256) }))],
    [
      'certificate by issuer and serial',
      by((row) => ({ issuerSha256: String(row.issuerSha256), serialNumber: row.serialNumber })),
    ],
  ];
}

/** What a keyed query costs while four that read all certificates run. */
async function besideHeavy(database: Database, looks: number, report: Report, scale: string): Promise<void> {
  const reader = createReader(database, () => Promise.resolve([]));
  const known = await identitiesOf(reader, hostName(looks / looksPerEndpoint / 2));
  let isOver = false;
  const heavy = Array.from({ length: 4 }, async () => {
    while (!isOver) await reader.issuerBreakdown(new Date('2026-06-01'));
  });
  const median = await medianMs(() =>
    reader.listCertificates({ sha1: known.sha1 }, { limit: 50, cursor: null }),
  );
  report.result(`${scale}: certificate by SHA-1 beside four heavy queries`, median, 'ms');
  isOver = true;
  await Promise.all(heavy);
}

async function medianMs(query: (round: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < repeats; round += 1) {
    const start = performance.now();
    await query(round);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Infinity;
}

/** Makes the tables and the rows that are not there yet. */
export async function fill(
  database: Database,
  config: StoreConfig,
  looks: number,
  report: Report,
  scale: string,
): Promise<void> {
  await migrate(database, dialectOf(config), migrations, pino({ level: 'error' }));
  const steps: readonly (readonly [string, number, number, (from: number, to: number) => string])[] = [
    ['observations', looks, 2_000_000, observationsSql],
    ['sightings', (looks / looksPerEndpoint) * 2, 500_000, sightingsSql],
    ['findings', looks / 50, 200_000, findingsSql],
    ['certificates', looks / 5, 200_000, certificatesSql],
  ];
  let isNew = false;
  for (const [table, rows, step, sql] of steps) {
    const start = performance.now();
    const [present] = await database.rows<{ rows: string }>(`SELECT count() AS rows FROM ${table}`);
    const there = Number(present?.rows);
    isNew ||= there < rows;
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
  if (isNew) await settle(database);
}

/** Waits for merges to end. */
async function settle(database: Database): Promise<void> {
  for (let quiet = 0; quiet < 5;) {
    const [row] = await database.rows<{ merges: string }>('SELECT count() AS merges FROM system.merges');
    quiet = Number(row?.merges) === 0 ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

async function weigh(database: Database, report: Report, scale: string): Promise<void> {
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
    of('certificate_names').bytes + of('certificate_identities').bytes + of('certificate_ends').bytes;
  report.result(`${scale}: bytes per certificate of the ways to find it`, beside / certificates.rows, 'B');
}

/** Resident memory of the engine that has this folder, KiB. */
export function engineMemory(folder: string): number {
  const pid = Number(/PID: (\d+)/.exec(readFileSync(join(folder, 'engine', 'status'), 'utf8'))?.[1]);
  return Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
}
