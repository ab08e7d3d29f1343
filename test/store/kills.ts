import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openStore, type OpenStore } from '../../src/store/index.js';
import type { Page, PageRequest } from '../../src/store/store.js';
import { embeddedConfig, log, minutes } from './sample.js';

/** What was killed how often, and what became of the rows. */
export interface KillReport {
  readonly engines: number;
  readonly services: number;
  readonly acknowledged: number;
  /** Acknowledged rows that are not there. */
  readonly lost: number;
  /** Rows that a list shows twice. */
  readonly doubled: number;
}

/** Looks in a round; one logged certificate and one finding come with them. */
const looks = 10;

/** One run of the service: the domain it writes under, and the rounds that it acknowledged. */
interface Run {
  readonly domain: string;
  rounds: number;
}

/**
 * Kills the engine (three times in four) or the whole service with SIGKILL at random moments while it writes without a pause, then
 * compares what it had acknowledged with what every list shows. `random` gives numbers from 0 to 1.
 */
export async function killAgainAndAgain(
  folder: string,
  kills: number,
  random: () => number,
): Promise<KillReport> {
  const runs: Run[] = [];
  let [engines, services] = [0, 0];
  while (engines + services < kills) {
    const run = { domain: `run${runs.length}.example.com`, rounds: 0 };
    runs.push(run);
    const service = startService(folder, run);
    try {
      for (let isLast = false; !isLast && engines + services < kills;) {
        const before = run.rounds;
        while (run.rounds <= before) await once(service, 'message', { signal: AbortSignal.timeout(60_000) });
        await delay(random() * 300);
        isLast = random() < 0.25;
        if (isLast) services += 1;
        else engines += 1;
        if (!isLast) await killEngine(folder);
      }
    } finally {
      const exited = once(service, 'exit');
      service.kill('SIGKILL');
      await exited;
    }
  }
  const store = await openStore(embeddedConfig(folder), log);
  try {
    while ((await store.health()).spooledBytes > 0) await delay(50);
    const counts = await Promise.all(runs.map((run) => compare(store, run)));
    const sum = (key: keyof Counts): number => counts.reduce((total, one) => total + one[key], 0);
    return {
      engines,
      services,
      acknowledged: sum('acknowledged'),
      lost: sum('lost'),
      doubled: sum('doubled'),
    };
  } finally {
    await store.close();
  }
}

/** Id of the engine process that has the folder. */
export function enginePid(folder: string): number {
  return Number(/PID: (\d+)/.exec(readFileSync(join(folder, 'engine', 'status'), 'utf8'))?.[1]);
}

/** Kills the engine, waiting for one that is just being opened again. */
async function killEngine(folder: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await delay(20)) {
    try {
      process.kill(enginePid(folder), 'SIGKILL');
      return;
    } catch (error) {
      // Gone already, or just writing who it is.
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ESRCH' && code !== 'ERR_INVALID_ARG_TYPE') throw error;
    }
  }
  throw new Error('there is no engine to kill');
}

function startService(folder: string, run: Run): ChildProcess {
  const service = fork(new URL('./service-to-kill.js', import.meta.url), [folder, run.domain], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  service.on('message', (rounds) => (run.rounds = Number(rounds)));
  return service;
}

interface Counts {
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
}

async function compare({ reader }: OpenStore, { domain, rounds }: Run): Promise<Counts> {
  const every = <T>(count: number, of: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => of(index));
  const parts = [
    {
      expected: every(rounds * looks, (index) => minutes(index).toISOString()),
      found: await all(
        (page) => reader.listObservations({ host: `looks.${domain}` }, page),
        (look) => look.observedAt.toISOString(),
      ),
    },
    {
      expected: every(rounds, (round) => `CN=r${round}.logged.${domain}`),
      found: await all(
        (page) => reader.listCertificates({ hostSuffix: `logged.${domain}` }, page),
        (certificate) => certificate.subject,
      ),
    },
    {
      expected: every(rounds, (round) => `r${round}.findings.${domain}`),
      found: await all(
        (page) => reader.listFindings({ hostSuffix: `findings.${domain}` }, page),
        (finding) => String(finding.host),
      ),
    },
    {
      // The endpoint and its first certificate.
      expected: rounds > 0 ? [`looks.${domain} ok`] : [],
      found: await all(
        (page) => reader.listEndpoints({ host: `looks.${domain}` }, page),
        (endpoint) => `${endpoint.target.host} ${endpoint.lastOutcome}`,
      ),
    },
  ];
  const counts = parts.map(({ expected, found }) => {
    const there = new Set(found);
    return {
      acknowledged: expected.length,
      lost: expected.filter((one) => !there.has(one)).length,
      doubled: found.length - there.size,
    };
  });
  return counts.reduce((a, b) => ({
    acknowledged: a.acknowledged + b.acknowledged,
    lost: a.lost + b.lost,
    doubled: a.doubled + b.doubled,
  }));
}

async function all<T>(
  list: (page: PageRequest) => Promise<Page<T>>,
  keyOf: (item: T) => string,
): Promise<readonly string[]> {
  const keys: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await list({ limit: 1_000, cursor });
    keys.push(...page.items.map(keyOf));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return keys;
}
