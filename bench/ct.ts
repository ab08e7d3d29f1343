import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ctConfig } from '../scanners/ct/config.js';
import { ctDefaults } from '../scanners/ct/config-defaults.js';
import { decodePage } from '../scanners/ct/decode/decode.js';
import { createHttpClient } from '../scanners/ct/read/http-client.js';
import type { Watch } from '../scanners/ct/read/page-collector.js';
import { createWatch } from '../scanners/ct/match/watch.js';
import { watchListOf } from '../scanners/ct/match/watch-list.js';
import { readDataTile } from '../src/ct/data-tile.js';
import { entryTypes } from '../src/ct/entry.js';
import { parseLogList } from '../src/ct/log-list.js';
import { tilePath, tileWidth } from '../src/ct/tile.js';
import type { BulkLogOptions } from '../test/support/ct-log-bulk.js';
import { LogBook } from '../test/support/ct-log-book.js';
import { generatedEntries, sharedTileEntries } from '../test/support/ct-log-entries.js';
import { startTail, watchCost, withLogs, type Cost, type ServedLogs } from './ct-processes.js';
import type { Peer, Report } from './report.js';

const logEntries = 256_000;
const turns = 20;
const turnMs = 200;
const giveUpMs = 180_000;

/** CT figures: decoding from memory, and whole logs over loopback beside certspotter (Debian package `certspotter`, if installed). */
export async function bench(report: Report): Promise<void> {
  await fromMemory(report);
  const folder = mkdtempSync(join(tmpdir(), 'bench-ct-'));
  try {
    const peer = await withLog('rfc6962', folder, ({ list }) => certspotter(list, folder));
    for (const protocol of ['rfc6962', 'static-ct'] as const) {
      const [ours, served] = await withLog(
        protocol,
        folder,
        async ({ list }) => [await tail(list), await capacity(list)] as const,
      );
      const beside = peer && { name: 'certspotter over RFC 6962' };
      report.result(
        `${protocol}, verified, over loopback`,
        logEntries / ours.seconds,
        'entries/s',
        beside && { ...beside, value: logEntries / peer.seconds },
      );
      report.result(`${protocol}, what the log server can serve, unread`, served, 'entries/s', {
        name: 'what was read of it',
        value: logEntries / ours.seconds,
      });
      report.result(
        `${protocol}, processor time`,
        logEntries / ours.cpuSeconds,
        'entries/cpu-s',
        beside && { ...beside, value: logEntries / peer.cpuSeconds },
      );
      report.result(`${protocol}, largest memory`, ours.maxMegabytes, 'MB');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function fromMemory(report: Report): Promise<void> {
  const tiles = dataTiles();
  const packed = tiles.map((tile) => gzipSync(tile));
  const ten = await watching(10);
  const many = await watching(100_000);
  const [tenRate, manyRate, wholeRate] = rates([
    () => matchAll(tiles, ten),
    () => matchAll(tiles, many),
    () => decodeAll(packed, ten),
  ]);
  const bar = (value: number): Peer => ({ name: 'bar', value });
  report.result('decode and match, ten domains', tenRate ?? 0, 'entries/s', bar(300_000));
  const beside = { name: 'ten domains', value: tenRate ?? 0 };
  report.result('decode and match, 100,000 domains', manyRate ?? 0, 'entries/s', beside);
  const name = 'gunzip, decode, match, leaf and tree hashes';
  report.result(name, wholeRate ?? 0, 'entries/s', bar(80_000));
}

/** Whole tiles of real entries where they are at hand. */
function dataTiles(): Buffer[] {
  const shared = sharedTileEntries();
  const book = new LogBook(true);
  for (const entry of shared.length >= 1024 ? shared : generatedEntries(1024))
    book.append(entry, 1_760_000_000_000);
  return [0, 256, 512, 768].map((at) => Buffer.concat(book.tileLeaves.slice(at, at + 256)));
}

function watching(domains: number): Promise<Watch> {
  const names = Array.from({ length: domains }, (_, index) => `watched-${index}.org`);
  return createWatch(watchListOf(ctConfig.parse({}).watch, names));
}

function matchAll(tiles: readonly Buffer[], watch: Watch): number {
  let count = 0;
  for (const tile of tiles)
    for (const { parts } of readDataTile(tile, 256)) {
      const kind = parts.entryType === entryTypes.precertificate ? 'tbs' : 'certificate';
      watch.mayMatch(tile, parts.certificateStart, parts.certificateEnd, kind);
      count += 1;
    }
  return count;
}

function decodeAll(packed: readonly Buffer[], watch: Watch): number {
  let count = 0;
  for (const bytes of packed) {
    const page = {
      format: 'data-tile',
      bytes,
      encoding: 'gzip',
      maxBytes: 2 ** 25,
      firstIndex: 0,
      width: 256,
    } as const;
    count += decodePage(page, 0, 256, watch).end;
  }
  return count;
}

/** Entries per second on one core: the works take turns, and of each the fastest turn counts. */
function rates(works: readonly (() => number)[]): number[] {
  const best = works.map(() => 0);
  for (let turn = 0; turn < turns; turn += 1)
    for (const [index, work] of works.entries()) best[index] = Math.max(best[index] ?? 0, rate(work));
  return best;
}

function rate(work: () => number): number {
  const began = performance.now();
  let count = 0;
  while (performance.now() - began < turnMs) count += work();
  return (1000 * count) / (performance.now() - began);
}

/** One log of {@link logEntries} entries. */
function withLog<T>(
  protocol: BulkLogOptions['protocol'],
  folder: string,
  use: (served: ServedLogs) => Promise<T>,
): Promise<T> {
  const options = { protocol, entries: logEntries, growth: 0, maxPage: 1000, description: 'Bench' };
  return withLogs(folder, [options], use);
}

/** `certglass ct tail` from 0 to the head, start of the process included. */
async function tail(list: string): Promise<Cost> {
  const child = startTail(list, ['--from', '0', '--once']);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const cost = watchCost(child);
  await once(child, 'close');
  if (!output.includes('"verified":true')) throw new Error(`ct tail did not verify the log: ${output}`);
  return cost.end();
}

/** Entries per second the log of a list serves to four requests at a time that only take the bytes in. */
async function capacity(list: string): Promise<number> {
  const [log] = parseLogList(readFileSync(list)).logs;
  if (log === undefined) throw new Error('the log list is empty');
  const http = createHttpClient({ userAgent: 'bench', connectMs: 5000, requestMs: 60_000 });
  const signal = new AbortController().signal;
  const width = log.protocol === 'static-ct' ? tileWidth : ctDefaults.limits.pageSize;
  let next = 0;
  const take = async (): Promise<void> => {
    for (let start = next; start < logEntries; start = next) {
      next += width;
      const end = Math.min(start + width, logEntries);
      const tile = tilePath({ level: 'data', number: start / width, width: end - start });
      const path = log.protocol === 'static-ct' ? tile : `ct/v1/get-entries?start=${start}&end=${end - 1}`;
      await http.get({ url: log.url + path, signal, maxBytes: 2 ** 24 });
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: ctDefaults.limits.concurrency }, take));
  const seconds = (performance.now() - began) / 1000;
  await http.close();
  return logEntries / seconds;
}

/** certspotter until its state says that everything is verified; null where it is not installed. */
async function certspotter(list: string, folder: string): Promise<Cost | null> {
  if (spawnSync('certspotter', ['-version']).error !== undefined) return null;
  const state = join(folder, 'certspotter');
  const watchlist = join(folder, 'watchlist');
  mkdirSync(state);
  writeFileSync(watchlist, 'watched.test\n');
  const began = performance.now();
  const options = ['-logs', list, '-watchlist', watchlist, '-state_dir', state, '-stdout', '-no_save'];
  const child = spawn('certspotter', options, { stdio: 'ignore' });
  const watch = watchCost(child);
  while (verifiedSize(state) < logEntries && performance.now() - began < giveUpMs)
    await new Promise((done) => setTimeout(done, 100));
  const cost = watch.end();
  const size = verifiedSize(state);
  child.kill();
  await once(child, 'close');
  return size < logEntries ? null : cost;
}

function verifiedSize(state: string): number {
  const logs = join(state, 'logs');
  for (const log of existsSync(logs) ? readdirSync(logs) : []) {
    const file = join(logs, log, 'state.json');
    if (!existsSync(file)) continue;
    const saved = JSON.parse(readFileSync(file, 'utf8')) as { verified_position?: { size?: number } };
    return saved.verified_position?.size ?? 0;
  }
  return 0;
}
