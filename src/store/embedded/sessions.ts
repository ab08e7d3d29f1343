import { randomUUID } from 'node:crypto';
import type { Session } from 'chdb';
import { watchCpu } from './cpu-watch.js';
import { StatementError } from './statement.js';

/** One query to run: SQL with everything bound and its settings rendered. */
export interface EngineQuery {
  readonly sql: string;
  readonly signal: AbortSignal;
  /** Processor time after which the query is stopped, milliseconds; absent: no limit. */
  readonly cpuMs?: number;
}

/**
 * Sessions of one kind. A session runs one query at a time, so work waits for a free one; at most `maxWaiting` of it, the rest
 * is refused as ClickHouse does (code 202).
 */
export class SessionPool {
  readonly #free: Session[];
  readonly #all: readonly Session[];
  readonly #maxWaiting: number;
  readonly #waiting: { take(session: Session): void; readonly signal: AbortSignal }[] = [];

  constructor(sessions: readonly Session[], maxWaiting: number) {
    this.#all = sessions;
    this.#free = [...sessions];
    this.#maxWaiting = maxWaiting;
  }

  /** True while no session is at work. */
  get idle(): boolean {
    return this.#free.length === this.#all.length && this.#waiting.length === 0;
  }

  /** Runs `work` on a session of its own; rejects when `signal` is aborted while it waits. */
  async run<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.#take(signal);
    try {
      return await work(session);
    } catch (error) {
      await empty(session);
      throw error;
    } finally {
      this.#give(session);
    }
  }

  /** Closes every session; the pool must be idle. */
  close(): void {
    for (const session of this.#all) session.close();
  }

  #take(signal: AbortSignal): Promise<Session> {
    signal.throwIfAborted();
    const free = this.#free.pop();
    if (free !== undefined) return Promise.resolve(free);
    if (this.#waiting.length >= this.#maxWaiting) {
      throw new StatementError(
        202,
        'TOO_MANY_SIMULTANEOUS_QUERIES',
        `Too many simultaneous queries: ${this.#maxWaiting} are waiting already`,
      );
    }
    return new Promise((resolve, reject) => {
      const entry = {
        signal,
        take: (session: Session): void => {
          signal.removeEventListener('abort', leave);
          resolve(session);
        },
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(entry);
    });
  }

  #give(session: Session): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(session);
    else next.take(session);
  }
}

/**
 * What a query had written before it failed stays in the session (chdb 3.4) and would come out in front of the next answer there:
 * takes it out. Throws when the session does not come clean, which ends the process rather than mix up answers.
 */
async function empty(session: Session): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) {
    const rest = await session.queryAsync('SELECT 1', { format: 'TabSeparatedRaw' });
    if (rest.text() === '1\n') return;
  }
  process.kill(process.pid, 'SIGKILL');
}

/**
 * Runs `work` with `sql` tagged by a comment, and stops it inside the engine when `signal` is aborted: the promise of a query
 * does not, the query would run on. `killer` is a pool whose sessions are never long at work.
 */
export async function cancellable<T>(
  killer: SessionPool,
  job: EngineQuery,
  work: (taggedSql: string) => Promise<T>,
): Promise<T> {
  const tag = `/* certglass ${randomUUID()} */`;
  const kill = (): void => {
    const never = new AbortController().signal;
    const sql = `KILL QUERY WHERE startsWith(query, '${tag}') ASYNC`;
    // A query that ended meanwhile is simply not found.
    killer.run(never, (session) => session.queryAsync(sql)).catch(() => undefined);
  };
  job.signal.addEventListener('abort', kill, { once: true });
  const watch = job.cpuMs === undefined ? null : watchCpu(threadsOf(killer, tag), job.cpuMs, kill);
  try {
    return await work(`${tag} ${job.sql}`);
  } catch (error) {
    throw watch?.isOver === true ? tooMuchCpu(job.cpuMs) : error;
  } finally {
    watch?.end();
    job.signal.removeEventListener('abort', kill);
  }
}

function tooMuchCpu(cpuMs: number | undefined): StatementError {
  return new StatementError(
    159,
    'TIMEOUT_EXCEEDED',
    `The query took more than ${cpuMs} ms of processor time`,
  );
}

/** Asks for the threads that work on the query with this tag. */
function threadsOf(killer: SessionPool, tag: string): () => Promise<readonly string[]> {
  const never = new AbortController().signal;
  const sql = `SELECT arrayJoin(thread_ids) FROM system.processes WHERE startsWith(query, '${tag}')`;
  return async () => {
    const answer = await killer.run(never, (session) =>
      session.queryAsync(sql, { format: 'TabSeparatedRaw' }),
    );
    return answer.text().split('\n').filter(Boolean);
  };
}
