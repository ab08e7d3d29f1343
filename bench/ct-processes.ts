import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BulkLogOptions } from '../test/support/ct-log-bulk.js';

const here = import.meta.dirname;

/** What a process has cost so far. */
export interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly maxMegabytes: number;
}

/** Logs served by a process of their own. */
export interface ServedLogs {
  /** File of their log list. */
  readonly list: string;
  /** Adds so many entries to every log. */
  add(entries: number): Promise<void>;
}

/** Serves logs from a process of its own while `use` runs. */
export async function withLogs<T>(
  folder: string,
  logs: readonly BulkLogOptions[],
  use: (served: ServedLogs) => Promise<T>,
): Promise<T> {
  const list = join(folder, `${logs[0]?.protocol}-${logs.length}.json`);
  const main = resolve(here, '../test/support/ct-log-bulk-main.js');
  const server = spawn(process.execPath, [main, list, JSON.stringify(logs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(server.stdout, 'data');
  try {
    return await use({
      list,
      async add(entries) {
        server.stdin.write(`${entries}\n`);
        await once(server.stdout, 'data');
      },
    });
  } finally {
    server.stdin.end();
    await once(server, 'close');
  }
}

/** Starts `certglass ct tail` over all logs of a list; nothing matches. `loopDelayFile` takes {@link ./loop-delay.js its report}. */
export function startTail(list: string, options: readonly string[], loopDelayFile?: string): ChildProcess {
  const main = resolve(here, '../src/main.js');
  const preload = loopDelayFile === undefined ? [] : ['--import', `file://${resolve(here, 'loop-delay.js')}`];
  const given = ['ct', 'tail', '--log-list', list, '--json', '--match', 'watched.test', ...options];
  return spawn(process.execPath, [...preload, main, ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LOOP_DELAY_FILE: loopDelayFile },
  });
}

/** Event-loop delay in milliseconds, as {@link ./loop-delay.js} writes it. */
export interface LoopDelay {
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** The delay of a process that does nothing, from now until `end`: what is the machine's doing and not that of what is measured beside it. */
export function watchIdle(folder: string): { end(): Promise<LoopDelay> } {
  const file = join(folder, 'idle-delay');
  const preload = ['--import', `file://${resolve(here, 'loop-delay.js')}`];
  const child = spawn(process.execPath, [...preload, resolve(here, 'idle-main.js')], {
    stdio: 'ignore',
    env: { ...process.env, LOOP_DELAY_FILE: file },
  });
  return {
    async end() {
      child.kill('SIGTERM');
      await once(child, 'close');
      return readDelay(file);
    },
  };
}

/** Reads what {@link ./loop-delay.js} wrote. */
export function readDelay(file: string): LoopDelay {
  return JSON.parse(readFileSync(file, 'utf8')) as LoopDelay;
}

/** Samples processor time from now on and peak memory of a process from /proc every 50 ms; the last sample counts. */
export function watchCost({ pid = 0 }: { readonly pid?: number | undefined }): { end(): Cost } {
  const began = performance.now();
  const cost = { cpuSeconds: 0, maxMegabytes: 0 };
  let before: number | null = null;
  const sample = (): void => {
    if (!existsSync(`/proc/${pid}/stat`)) return;
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const spent = (Number(fields[11]) + Number(fields[12])) / 100;
    before ??= spent;
    cost.cpuSeconds = spent - before;
    if (peak !== undefined) cost.maxMegabytes = Number(peak) / 1024;
  };
  sample();
  const timer = setInterval(sample, 50);
  return {
    end() {
      clearInterval(timer);
      sample();
      return { ...cost, seconds: (performance.now() - began) / 1000 };
    },
  };
}

/** Verified positions of a state folder of `certglass ct tail`, by log id in hex. */
export function positionsIn(folder: string): Map<string, number> {
  const positions = new Map<string, number>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const state = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { range: { end: number } | null };
    positions.set(file.slice(0, -'.json'.length), state.range?.end ?? 0);
  }
  return positions;
}
