import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, createReadStream, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** What came out of a tail that was killed again and again. */
export interface Coverage {
  /** Entries that were never printed. */
  readonly missing: number;
  /** Printed more than once: what a kill made necessary, and what a store that is keyed by log and index takes once. */
  readonly repeated: number;
  /** Printed twice by one and the same process, which nothing excuses. */
  readonly doubled: number;
}

/** How to kill. */
export interface CoverageOptions {
  readonly list: string;
  readonly folder: string;
  readonly logs: number;
  readonly entriesPerLog: number;
  readonly kills: number;
  /** A process lives up to so long before it is killed. */
  readonly longestLifeMs: number;
  readonly giveUpMs: number;
}

/**
 * Runs `certglass ct tail --match . --state` over all entries of some logs, kills it with SIGKILL at random moments, starts it
 * again, lets the last one come to the end, and counts what was printed.
 */
export async function coverageUnderKills(options: CoverageOptions): Promise<Coverage> {
  const { folder, logs, entriesPerLog, kills, longestLifeMs } = options;
  const times = new Map<string, Uint8Array>();
  let doubled = 0;
  mkdirSync(join(folder, 'state'));
  for (let run = 0; run <= kills; run += 1) {
    const output = join(folder, `output-${run}`);
    const last = run === kills;
    await tailFor(options, output, last ? null : Math.random() * longestLifeMs);
    doubled += await count(output, times, entriesPerLog);
    rmSync(output);
  }
  const all = [...times.values()];
  const sum = (which: (count: number) => boolean): number =>
    all.reduce((total, counts) => total + counts.filter(which).length, 0);
  return {
    missing: (logs - all.length) * entriesPerLog + sum((count) => count === 0),
    repeated: sum((count) => count > 1),
    doubled,
  };
}

/** One process, killed after `lifeMs`, or (null) stopped when its state says that everything was read. */
async function tailFor(options: CoverageOptions, output: string, lifeMs: number | null): Promise<void> {
  const { list, folder, logs, entriesPerLog, giveUpMs } = options;
  const state = join(folder, 'state');
  const main = resolve(import.meta.dirname, '../../src/main.js');
  const file = openSync(output, 'w');
  const given = ['ct', 'tail', '--log-list', list, '--from', '0', '--match', '.', '--json', '--state', state];
  const child = spawn(process.execPath, [main, ...given], { stdio: ['ignore', file, 'ignore'] });
  closeSync(file);
  const closed = once(child, 'close');
  if (lifeMs === null) {
    const giveUp = performance.now() + giveUpMs;
    while (readCompletely(state, entriesPerLog) < logs && performance.now() < giveUp) await delay(100);
    child.kill('SIGTERM');
  } else {
    await delay(lifeMs);
    child.kill('SIGKILL');
  }
  await closed;
}

function readCompletely(state: string, entriesPerLog: number): number {
  const files = readdirSync(state).filter((name) => name.endsWith('.json'));
  return files.filter((name) => {
    const { range } = JSON.parse(readFileSync(join(state, name), 'utf8')) as { range: { end: number } };
    return range.end === entriesPerLog;
  }).length;
}

/** Counts the entries of one output, a line cut off by the kill left out; answers how many came twice within it. */
async function count(file: string, times: Map<string, Uint8Array>, entriesPerLog: number): Promise<number> {
  const here = new Set<string>();
  let doubled = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const [, logId, index] =
      /^\{"type":"entry","log":"[^"]*","logId":"([^"]+)","leafIndex":(\d+),/.exec(line) ?? [];
    if (logId === undefined || index === undefined || !line.endsWith('}')) continue;
    const counts = times.get(logId) ?? new Uint8Array(entriesPerLog);
    times.set(logId, counts);
    counts[Number(index)] = Math.min(255, (counts[Number(index)] ?? 0) + 1);
    const key = `${logId} ${index}`;
    if (here.has(key)) doubled += 1;
    here.add(key);
  }
  return doubled;
}
