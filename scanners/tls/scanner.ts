import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Observation } from '../../src/model/observation.js';
import type { ScanProgress, ScanRun } from '../../src/model/scan-run.js';
import type { Sink } from '../scanner.js';
import type { TargetGroup, TlsConfig } from './config.js';
import { openScan, type Scan } from './scan.js';
import type { Scope } from './targets/scope.js';

/** What a scanner of one target group works with. */
export interface TlsScannerOptions {
  readonly config: TlsConfig;
  readonly group: TargetGroup;
  readonly log: Logger;
  /** An earlier run of this group that was stopped; null starts anew. */
  unfinished?(): Promise<ScanRun | null>;
  /** Names learned under owned domains, asked for at the start of a run and probed after the targets. */
  learnedNames?(): AsyncIterable<string>;
  /** Whether an endpoint is to be surveyed, for groups of that depth: new and changed ones, say. Default every one. */
  needsSurvey?(observation: Observation): boolean | Promise<boolean>;
  onProgress?(progress: ScanProgress, scanId: string): void;
  /** Replaces the scope of `config`; may change its mind during a run. */
  readonly scope?: Scope;
}

const batchSize = 500;
const batchMs = 1000;

/** One run over a target group; returns when it began. */
export interface TlsScanner {
  run(sink: Sink, signal: AbortSignal): Promise<Date>;
}

/** Scans one target group once per `run`, streams batches into the sink, and resumes a run that was stopped. */
export function createTlsScanner(options: TlsScannerOptions): TlsScanner {
  return { run: (sink, signal) => runOnce(options, sink, signal) };
}

async function runOnce(options: TlsScannerOptions, sink: Sink, signal: AbortSignal): Promise<Date> {
  const { config, group, log } = options;
  const unfinished = (await options.unfinished?.()) ?? null;
  const id = unfinished?.id ?? randomUUID();
  const startedAt = unfinished?.startedAt ?? new Date();
  const learnedNames = options.learnedNames?.();
  const scan = await openScan({
    ...group,
    config,
    scanId: id,
    signal,
    resume: unfinished?.resume ?? null,
    onObservation: (observation) => batcher.add(observation),
    onProblem: (message) => log.warn({ scan: id, problem: message }, 'target left out of the scan'),
    onProgress: (progress) => options.onProgress?.(progress, id),
    ...(options.needsSurvey === undefined ? {} : { needsSurvey: options.needsSurvey }),
    ...(learnedNames === undefined ? {} : { learnedNames }),
    ...(options.scope === undefined ? {} : { scope: options.scope }),
  });
  let targets = unfinished?.targets ?? 0;
  const outcomes = new Map(Object.entries(unfinished?.outcomes ?? scan.progress().outcomes));
  const state = (resume: string | null, finishedAt: Date | null): ScanRun => ({
    id,
    name: group.name,
    startedAt,
    finishedAt,
    targets,
    outcomes: Object.fromEntries(outcomes),
    resume,
  });
  const batcher = new Batcher(scan, sink, (batch, resume) => {
    // A survey that was put off is a second observation of its endpoint.
    const probed = options.needsSurvey === undefined ? batch : batch.filter(({ survey }) => !survey);
    targets += probed.length;
    for (const { outcome } of probed) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    return sink.take({ kind: 'scan-run', run: state(resume, null) });
  });
  log.info({ scan: id, group: group.name, resumed: unfinished !== null }, 'scan started');
  try {
    await scan.run();
  } finally {
    await batcher.close();
  }
  if (!signal.aborted) await sink.take({ kind: 'scan-run', run: state(null, new Date()) });
  log.info({ scan: id, group: group.name, stopped: signal.aborted, ...scan.progress() }, 'scan ended');
  return startedAt;
}

/** Told of each batch the sink has taken, and from where to go on after it. */
type OnTaken = (batch: readonly Observation[], resumePoint: string) => Promise<void>;

/** Gathers observations into batches; a full batch makes the lanes wait until the sink has taken the one before. */
class Batcher {
  readonly #scan: Scan;
  readonly #sink: Sink;
  readonly #onTaken: OnTaken;
  readonly #timer: NodeJS.Timeout;
  #batch: Observation[] = [];
  #flushing: Promise<void> = Promise.resolve();
  #failure: unknown = null;

  constructor(scan: Scan, sink: Sink, onTaken: OnTaken) {
    this.#scan = scan;
    this.#sink = sink;
    this.#onTaken = onTaken;
    // The failure of a timed flush reaches the lanes with their next observation.
    this.#timer = setInterval(() => void this.#flush().catch(() => undefined), batchMs);
  }

  async add(observation: Observation): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    this.#batch.push(observation);
    if (this.#batch.length >= batchSize) await this.#flush();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#flush();
  }

  /** One flush at a time. The resume point is taken with the batch: it covers this batch and those before. */
  #flush(): Promise<void> {
    this.#flushing = this.#flushing.then(async () => {
      const batch = this.#batch;
      if (batch.length === 0) return;
      this.#batch = [];
      const resumePoint = this.#scan.resumePoint();
      try {
        await this.#sink.take({ kind: 'observations', observations: batch });
        await this.#onTaken(batch, resumePoint);
      } catch (error) {
        this.#failure = error;
        throw error;
      }
    });
    return this.#flushing;
  }
}
