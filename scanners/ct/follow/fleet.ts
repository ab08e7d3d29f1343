import { setMaxListeners } from 'node:events';
import type { LogInfo } from '../../../src/ct/log-list.js';

/** Keeps one task running for each log of a changing list. */
export interface Fleet {
  /** Starts tasks for new logs, restarts those whose entry in the list changed, stops those that are gone. */
  update(logs: readonly LogInfo[]): Promise<void>;
  /** Resolves when every task has ended by itself. */
  finished(): Promise<void>;
  /** Ends all tasks; no other one is started. */
  stop(): Promise<void>;
}

/** Follows one log until its end or until `signal` is aborted, which must not reject. */
export type FollowLog = (log: LogInfo, signal: AbortSignal) => Promise<void>;

interface Task {
  readonly fingerprint: string;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/** A fleet of no logs; `gone` hears of logs that left the list. */
export function createFleet(follow: FollowLog, gone: (logId: string) => Promise<void>): Fleet {
  const tasks = new Map<string, Task>();
  let stopped = false;
  /** Changes are made one after the other: two at once could start a log twice. */
  let changed: Promise<void> = Promise.resolve();

  function start(log: LogInfo): void {
    const abort = new AbortController();
    setMaxListeners(0, abort.signal);
    tasks.set(log.logId, { fingerprint: fingerprintOf(log), abort, done: follow(log, abort.signal) });
  }

  async function end(logId: string): Promise<void> {
    const task = tasks.get(logId);
    task?.abort.abort(new Error('no longer followed'));
    await task?.done;
    tasks.delete(logId);
  }

  async function apply(logs: readonly LogInfo[]): Promise<void> {
    const wanted = new Map(logs.map((log) => [log.logId, log]));
    for (const logId of [...tasks.keys()])
      if (!wanted.has(logId)) {
        await end(logId);
        await gone(logId);
      }
    for (const log of wanted.values()) {
      const running = tasks.get(log.logId);
      if (running?.fingerprint === fingerprintOf(log)) continue;
      if (running !== undefined) await end(log.logId);
      if (!stopped) start(log);
    }
  }

  return {
    update(logs) {
      const change = changed.then(() => (stopped ? undefined : apply(logs)));
      changed = change.catch(() => undefined);
      return change;
    },
    async finished() {
      await Promise.all([...tasks.values()].map((task) => task.done));
    },
    async stop() {
      stopped = true;
      await Promise.all([...tasks.keys()].map(end));
    },
  };
}

/** What a follower is built from. */
function fingerprintOf({ url, origin, state, finalTreeHead, mmdSeconds, description }: LogInfo): string {
  const final = finalTreeHead && [finalTreeHead.treeSize, finalTreeHead.rootHash.toString('base64')];
  return JSON.stringify([url, origin, state, final, mmdSeconds, description]);
}
