import { once } from 'node:events';
import { pino } from 'pino';
import { ctConfig, type CtConfig, type StartAt } from '../../scanners/ct/config.js';
import { createCtEngine, type CtEngine } from '../../scanners/ct/engine.js';
import { createFleet } from '../../scanners/ct/fleet.js';
import { follow } from '../../scanners/ct/follower.js';
import type { FollowerContext, FollowerSink } from '../../scanners/ct/follower-context.js';
import { createLogListSource, type LogListSource } from '../../scanners/ct/log-lists.js';
import { pause } from '../../scanners/ct/pause.js';
import { positionOf } from '../../scanners/ct/progress.js';
import { selectLogs } from '../../scanners/ct/select-logs.js';
import { openStateFolder, type StateFolder } from '../../scanners/ct/state-folder.js';
import { domainName, watchListOf } from '../../scanners/ct/watch-list.js';
import type { LogInfo } from '../ct/log-list.js';
import { lockFolder } from '../store/folder-lock.js';
import { jsonLine } from '../lib/json-line.js';
import { printable } from '../lib/printable.js';
import { entryLine, entryText, summaryText, type LogSummary } from './render-ct.js';

/** Options of `certglass ct tail`, as the command line gives them. */
export interface CtTailOptions {
  /** File or URL; default: the lists of the default configuration. */
  readonly logList?: string;
  /** Text contained in a log's description; any of them. */
  readonly log?: readonly string[] | string;
  /** `head`, `zero`, an index, or a date. */
  readonly from?: string;
  readonly once?: boolean;
  /** Domains, sub-domains included; `.` matches every entry. */
  readonly match?: readonly string[] | string;
  readonly state?: string;
  readonly json?: boolean;
}

/** Where lines go; a promise holds the reader back until the line is out. */
export interface TailOutput {
  out(line: string): Promise<void>;
  error(line: string): void;
}

/** With `--once` a log that gives nothing for so long is given up. */
const giveUpMs = 20_000;

/**
 * `certglass ct tail`: follows logs without a database and prints every entry that matches. Answers the exit code: 0 stopped,
 * or with `--once` all logs read and verified; 1 some log was not. Throws one sentence when nothing can be followed.
 */
export async function ctTail(options: CtTailOptions, output: TailOutput = terminal): Promise<number> {
  const config = tailConfig(options);
  for (const item of listOf(options.match)) checkMatch(item);
  startOf(options.from);
  const state = await openStateFolder(options.state ?? null);
  const unlock = options.state === undefined ? null : await lockFolder(options.state);
  const engine = openEngine(options, config);
  const abort = new AbortController();
  const stop = (): void => abort.abort(new Error('stopped'));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await run({ options, config, engine, state, output, summaries: [] }, abort.signal);
  } catch (error) {
    if (abort.signal.aborted) return 0;
    throw error;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await engine.close();
    await unlock?.();
  }
}

const terminal: TailOutput = {
  async out(line) {
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
  },
  error: (line) => void process.stderr.write(`${line}\n`),
};

interface Tail {
  readonly options: CtTailOptions;
  readonly config: CtConfig;
  readonly engine: CtEngine;
  readonly state: StateFolder;
  readonly output: TailOutput;
  readonly summaries: LogSummary[];
}

function tailConfig({ logList }: CtTailOptions): CtConfig {
  const config = ctConfig.parse({ minPollSeconds: 1 });
  const [first] = config.logLists;
  return logList === undefined || first === undefined
    ? config
    : { ...config, logLists: [{ ...first, source: logList }] };
}

function openEngine(options: CtTailOptions, config: CtConfig): CtEngine {
  const wanted = listOf(options.match);
  const domains = wanted.filter((item) => item !== '.');
  const watchList = watchListOf(config.watch, domains, wanted.includes('.'));
  const logger = pino({ level: 'silent' });
  const engine = createCtEngine({ config, watchList, logger, now: () => new Date(), issuerFolder: null });
  engine.decode.warm();
  return engine;
}

async function run(tail: Tail, signal: AbortSignal): Promise<number> {
  const { options, output, summaries } = tail;
  const sources = tail.config.logLists.map((list) => createLogListSource(list, tail.engine.http, null));
  const logs = await currentLogs(tail, sources, signal);
  if (listOf(options.match).length === 0)
    output.error('certglass: nothing to look for; give --match DOMAIN (or --match . for every entry)');
  const fleet = createFleet(
    (log, stop) => followOne(tail, log, stop),
    () => Promise.resolve(),
  );
  const stopFleet = (): void => void fleet.stop();
  signal.addEventListener('abort', stopFleet, { once: true });
  await fleet.update(logs);
  if (options.once !== true) await refreshForEver(tail, sources, fleet.update, signal);
  await fleet.finished();
  if (options.once === true) await printSummary(tail, summaries);
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
  { config, options, output }: Tail,
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
  const wanted = listOf(options.log).map((text) => text.toLowerCase());
  const logs = selectLogs(lists, config).filter(
    ({ description }) =>
      wanted.length === 0 || wanted.some((text) => description.toLowerCase().includes(text)),
  );
  if (logs.length === 0)
    throw new Error(`the log list has no log to follow${wanted.length > 0 ? ' of this name' : ''}`);
  return logs;
}

async function followOne(tail: Tail, log: LogInfo, signal: AbortSignal): Promise<void> {
  const { options, output } = tail;
  const progress = await tail.state.load(log.logId, new Date());
  const context = tail.engine.follower(log, {
    priority: 'tail',
    start: startOf(options.from),
    progress,
    sink: sinkOf(tail, log),
    once: options.once === true,
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

function sinkOf({ options, output, state }: Tail, log: LogInfo): FollowerSink {
  let told: string | null = null;
  const tell = (error: string | null): void => {
    if (error !== null && error !== told)
      output.error(`certglass: ${printable(`${log.description}: ${error}`)}`);
    told = error;
  };
  const silent = listOf(options.match).length === 0;
  return {
    async entries(batch) {
      if (silent) return;
      for (const entry of batch)
        await output.out(
          options.json === true
            ? jsonLine(entryLine(log.description, entry))
            : entryText(log.description, entry),
        );
    },
    async progress(progress, { lastError }) {
      tell(lastError);
      if (progress.range === null) return;
      try {
        await state.save(log.logId, progress);
      } catch (error) {
        tell(error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
    async misbehaviour(misbehaviour) {
      if (misbehaviour === null) return;
      const { problem, message, evidence, proven } = misbehaviour;
      if (options.json === true)
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

async function printSummary({ options, output }: Tail, logs: readonly LogSummary[]): Promise<void> {
  if (options.json === true) await output.out(jsonLine({ type: 'summary', logs }));
  else for (const summary of logs) await output.out(summaryText(summary));
}

function startOf(from: string | undefined): StartAt {
  const text = from ?? 'head';
  if (text === 'head' || text === 'zero') return text;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (/^\d{4}-\d\d-\d\d(?:T.*)?$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new Error(`--from ${text}: give head, an index, or a date such as 2026-01-31`);
}

/** Throws one sentence for what can match no name in any certificate. */
function checkMatch(text: string): void {
  const isDomain = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/.test(domainName(text));
  if (text !== '.' && !isDomain)
    throw new Error(`--match ${text}: this is no domain; give one such as example.com, or . for every entry`);
}

function listOf(option: readonly string[] | string | undefined): readonly string[] {
  return option === undefined ? [] : typeof option === 'string' ? [option] : option;
}
