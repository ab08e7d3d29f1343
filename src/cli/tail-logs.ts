import type { CtConfig, StartAt } from '../../scanners/ct/config.js';
import { ctDefaults } from '../../scanners/ct/config-defaults.js';
import type { DecodePool } from '../../scanners/ct/decode/decode-pool.js';
import { createCtEngine, type CtEngine } from '../../scanners/ct/follow/engine.js';
import { createFleet } from '../../scanners/ct/follow/fleet.js';
import { follow } from '../../scanners/ct/follow/follower.js';
import type { CtLogger, FollowerContext, FollowerSink } from '../../scanners/ct/follow/follower-context.js';
import { createLogListSource, type LogListSource } from '../../scanners/ct/lists/log-lists.js';
import { pause } from '../../scanners/ct/read/pause.js';
import { positionOf, type LogProgress } from '../../scanners/ct/follow/progress.js';
import { selectLogs } from '../../scanners/ct/lists/select-logs.js';
import { openStateFolder, unusable, type StateFolder } from '../../scanners/ct/follow/state-folder.js';
import type { LogInfo } from '../ct/log-list.js';
import type { CtEntry } from '../model/ct-entry.js';
import { FolderInUseError, lockFolder } from '../store/folder-lock.js';
import { jsonLine } from '../lib/json-line.js';
import { printable } from '../lib/printable.js';
import { entryBlock, entryLine, entryText, summaryText, type LogSummary } from './render-ct.js';
import { createTailHook, type TailHook } from './tail-hook.js';
import type { TailOutput } from './tail-output.js';
import { createTailStatus, type TailStatus } from './tail-status.js';

/** What is to be followed: the options of `certglass ct tail`, read. */
export interface TailTask {
  readonly logList?: string | undefined;
  /** Text contained in a log's description, any of them; empty: all logs. */
  readonly log: readonly string[];
  readonly start: StartAt;
  readonly once?: boolean | undefined;
  /** What is looked for, for `decode` to find; empty: nothing. */
  readonly match: readonly string[];
  readonly state?: string | undefined;
  readonly json?: boolean | undefined;
  readonly exec?: string | undefined;
  readonly decode: DecodePool;
  readonly output: TailOutput;
}

/** With `--once` a log that gives nothing for so long is given up. */
const giveUpMs = 20_000;
/** Time to end in order when asked to. */
const lastWordsMs = 3_000;

/** Follows the logs until stopped, or with `once` to their heads; answers the exit code of `certglass ct tail`. */
export async function tailLogs(task: TailTask): Promise<number> {
  const { decode } = task;
  const config = tailConfig(task);
  const positions = await openStateFolder(task.state ?? null);
  const unlock = task.state === undefined ? null : await lock(task.state);
  const engine = createCtEngine({
    config,
    decode,
    logger: silent,
    now: () => new Date(),
    issuerFolder: null,
  });
  const abort = new AbortController();
  const failures: unknown[] = [];
  const stop = (): void => abort.abort(new Error('stopped'));
  const asked = (): void => {
    stop();
    // What nobody reads would keep the process. It is printed again at the next start: no position is ahead of what is out.
    setTimeout(() => process.exit(0), lastWordsMs).unref();
  };
  process.once('SIGINT', asked).once('SIGTERM', asked);
  try {
    const hook = task.exec === undefined ? null : createTailHook(task.exec, abort.signal);
    const parts = {
      config,
      engine,
      positions,
      hook,
      status: createTailStatus(),
      summaries: [],
      failures,
      stop,
    };
    return await run({ ...task, ...parts }, abort.signal);
  } catch (error) {
    const [failure = error] = failures;
    if (abort.signal.aborted && failures.length === 0) return 0;
    throw failure;
  } finally {
    process.off('SIGINT', asked).off('SIGTERM', asked);
    await engine.close();
    await unlock?.();
  }
}

async function lock(folder: string): Promise<() => Promise<void>> {
  try {
    return await lockFolder(folder);
  } catch (error) {
    throw error instanceof FolderInUseError ? error : unusable(folder, error);
  }
}

/** What there is to say goes to standard error, log by log. */
const silent: CtLogger = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface Tail extends TailTask {
  readonly config: CtConfig;
  readonly engine: CtEngine;
  readonly positions: StateFolder;
  readonly hook: TailHook | null;
  readonly status: TailStatus;
  readonly summaries: LogSummary[];
  /** What ended a follower, and with it all of them. */
  readonly failures: unknown[];
  readonly stop: () => void;
}

function tailConfig({ logList }: TailTask): CtConfig {
  const own = [{ source: logList ?? '', publicKey: null, signature: null }];
  return { ...ctDefaults, minPollSeconds: 1, logLists: logList === undefined ? ctDefaults.logLists : own };
}

async function run(tail: Tail, signal: AbortSignal): Promise<number> {
  const { once, match, output, summaries, failures } = tail;
  const sources = tail.config.logLists.map((list) => createLogListSource(list, tail.engine.http, null));
  const logs = await currentLogs(tail, sources, signal);
  if (match.length === 0)
    output.error('certglass: nothing to look for; give --match DOMAIN (or --match . for every entry)');
  const fleet = createFleet(
    (log, stop) => followOne(tail, log, stop),
    () => Promise.resolve(),
  );
  const stopFleet = (): void => void fleet.stop();
  signal.addEventListener('abort', stopFleet, { once: true });
  await fleet.update(logs);
  if (once !== true) await refreshForEver(tail, sources, fleet.update, signal);
  await fleet.finished();
  if (failures.length > 0) throw failures[0];
  if (once === true) await printSummary(tail, summaries);
  return summaries.every((summary) => summary.verified) ? 0 : 1;
}

async function refreshForEver(
  tail: Tail,
  sources: readonly LogListSource[],
  update: (logs: readonly LogInfo[]) => Promise<void>,
  signal: AbortSignal,
): Promise<never> {
  for (;;) {
    await pause(tail.config.logListMinutes * 60_000, signal);
    await update(await currentLogs(tail, sources, signal));
  }
}

async function currentLogs(
  { config, log: names, output }: Tail,
  sources: readonly LogListSource[],
  signal: AbortSignal,
): Promise<LogInfo[]> {
  const states = await Promise.all(sources.map((source) => source.refresh(signal)));
  const lists = states.map(({ list }) => list).filter((list) => list !== null);
  const errors = states.flatMap(({ source, error }) => (error === null ? [] : [`${source}: ${error}`]));
  if (lists.length === 0)
    throw new Error(`no log list: ${errors.join('; ')}; give a file or URL with --log-list`);
  for (const problem of [...lists.flatMap((list) => list.problems), ...errors])
    output.error(`certglass: log list: ${printable(problem)}`);
  const wanted = names.map((text) => text.toLowerCase());
  const logs = selectLogs(lists, config).filter(
    ({ description }) =>
      wanted.length === 0 || wanted.some((text) => description.toLowerCase().includes(text)),
  );
  if (logs.length === 0)
    throw new Error(`the log list has no log to follow${wanted.length > 0 ? ' of this name' : ''}`);
  return logs;
}

async function followOne(tail: Tail, log: LogInfo, signal: AbortSignal): Promise<void> {
  try {
    await followFrom(tail, log, await tail.positions.load(log.logId, new Date()), signal);
  } catch (error) {
    tail.failures.push(error);
    tail.stop();
  }
}

async function followFrom(
  tail: Tail,
  log: LogInfo,
  progress: LogProgress | null,
  signal: AbortSignal,
): Promise<void> {
  const { output } = tail;
  const context = tail.engine.follower(log, {
    priority: 'tail',
    start: tail.start,
    progress,
    sink: sinkOf(tail, log),
    once: tail.once === true,
    giveUpMs,
  });
  const summarize = startSummary(context);
  // Said again at every start: a log whose misbehaviour is proved does not get better.
  if (context.progress.misbehaviour !== null) await context.sink.misbehaviour(context.progress.misbehaviour);
  try {
    await follow(context, signal);
  } catch (error) {
    if (!signal.aborted) output.error(`certglass: ${printable(`${log.description}: ${String(error)}`)}`);
  }
  tail.summaries.push(summarize());
}

function sinkOf(tail: Tail, log: LogInfo): FollowerSink {
  const { match, json, output, positions, status, hook } = tail;
  let told: string | null = null;
  const tell = (error: string | null): void => {
    if (error !== null && error !== told)
      output.error(`certglass: ${printable(`${log.description}: ${error}`)}`);
    told = error;
  };
  const isSilent = match.length === 0;
  return {
    async entries(batch) {
      if (isSilent) return;
      for (const entry of batch) await output.out(lineOf(tail, log, entry));
      if (hook === null) return;
      for (const entry of batch)
        await hook(log, entry).catch((error: unknown) => {
          // Nothing counts as read that was not handed on: the next start brings it again.
          tail.failures.push(error);
          tail.stop();
          throw error;
        });
    },
    async progress(progress, report) {
      const { lastError } = report;
      tell(lastError);
      status.note(log.logId, progress, report);
      output.status?.(() => status.line());
      if (progress.range === null) return;
      try {
        await positions.save(log.logId, progress);
      } catch (error) {
        tell(error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
    async misbehaviour(misbehaviour) {
      if (misbehaviour === null) return;
      const { problem, message, evidence, proven } = misbehaviour;
      if (json === true)
        await output.out(
          jsonLine({
            type: 'misbehaviour',
            log: log.description,
            logId: log.logId,
            problem,
            message,
            proven,
            evidence,
          }),
        );
      else output.error(`certglass: ${printable(`${log.description} MISBEHAVES (${problem}): ${message}`)}`);
    },
  };
}

function lineOf({ json, output }: Tail, { description }: LogInfo, entry: CtEntry): string {
  if (json === true) return jsonLine(entryLine(description, entry));
  return output.look === undefined
    ? entryText(description, entry)
    : entryBlock(description, entry, output.look, new Date());
}

/** Counts from now on; `verified` means read to the head seen at the start, and nothing held against the log. */
function startSummary(context: FollowerContext): () => LogSummary {
  const { progress, memory, log } = context;
  const before = progress.counts;
  const start = performance.now();
  return () => {
    const seconds = (performance.now() - start) / 1000;
    const entries = progress.counts.entries - before.entries;
    const position = positionOf(progress);
    const treeSize = progress.target?.treeSize ?? 0;
    const verified =
      progress.range !== null &&
      progress.target !== null &&
      position >= treeSize &&
      progress.misbehaviour === null;
    return {
      log: log.description,
      entries,
      matched: progress.counts.matched - before.matched,
      malformed: progress.counts.malformed - before.malformed,
      seconds,
      entriesPerSecond: entries / Math.max(seconds, 0.001),
      verified,
      treeSize,
      position,
      error: progress.misbehaviour?.message ?? memory.lastError,
    };
  };
}

async function printSummary({ json, output }: Tail, logs: readonly LogSummary[]): Promise<void> {
  if (json === true) await output.out(jsonLine({ type: 'summary', logs }));
  else for (const summary of logs) await output.out(summaryText(summary));
}
