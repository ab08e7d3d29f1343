import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Sink } from '../../scanners/scanner.js';
import { targetGroup, type TargetGroup, type TlsConfig } from '../../scanners/tls/config.js';
import { createTlsScanner } from '../../scanners/tls/scanner.js';
import { createSurveyNeed } from '../../scanners/tls/survey-need.js';
import { parseExpression } from '../../scanners/tls/targets/expression.js';
import { targetRefusal } from '../../scanners/tls/targets/refusal.js';
import type { Scope } from '../../scanners/tls/targets/scope.js';
import type { AskedScan } from '../api/routes.js';
import type { RunningScans } from './jobs.js';
import type { Clock } from '../judging/clock.js';
import type { Pipeline } from '../judging/pipeline.js';
import type { Store } from '../store/store.js';
import type { ScanRun } from '../model/scan-run.js';

/** What scans on request work with. */
export interface AskedScansDependencies {
  readonly config: () => TlsConfig;
  readonly store: Pick<Store, 'unfinishedScans' | 'writeScanRun' | 'endpoints'>;
  readonly pipeline: Pipeline;
  /** Judges what a scan may have changed. */
  readonly clock: Pick<Clock, 'afterScan'>;
  /** Where connections may go; may change its mind during a scan. */
  readonly scope: Scope;
  /** Where they report how far they are. */
  readonly running: RunningScans;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** Scans that somebody asks for, beside those on schedule. */
export interface AskedScans {
  /** Starts a scan, stored before this resolves, or says in one sentence why not. */
  start(asked: AskedScan, actor: string): Promise<ScanRun | string>;
  /** Goes on with what was accepted before a restart. */
  resume(): Promise<void>;
  isRunning(id: string): boolean;
  /** Ends a scan; false when no scan on request of this id runs. */
  stop(id: string): Promise<boolean>;
  /** Resolves when none is running. */
  ended(): Promise<void>;
}

const atOnce = 4;
const askedBy = 'asked by ';

/** One that is under way. */
interface UnderWay {
  readonly abort: AbortController;
  readonly whole: Promise<void>;
  /** As it was stored last. */
  run: ScanRun;
}

/** What has to be known to go on after a restart: kept as the resume point of the run. */
interface Accepted {
  readonly asked: AskedScan;
  /** The scanner's own resume point; null: from the start. */
  readonly point: string | null;
}

/** See {@link AskedScans}. At most four run at a time; the configured scope and limits bind them too. */
export function createAskedScans(dependencies: AskedScansDependencies): AskedScans {
  const { store, log } = dependencies;
  const underWay = new Map<string, UnderWay>();

  return {
    async start(asked, actor) {
      if (underWay.size >= atOnce)
        return `${atOnce} scans that were asked for are running; wait for one to end`;
      const name = `${askedBy}${actor}`;
      groupOf(name, asked);
      const refused = refusalOf(asked, dependencies);
      if (refused !== null) return refused;
      const first = {
        id: randomUUID(),
        name,
        startedAt: new Date(),
        finishedAt: null,
        targets: 0,
        outcomes: {},
      };
      const run: ScanRun = { ...first, resume: accepted(asked, null) };
      await store.writeScanRun(run);
      const refusal = await begin(dependencies, underWay, run, { asked, point: null });
      if (refusal === null) return run;
      await store.writeScanRun({ ...run, finishedAt: new Date(), resume: null });
      return refusal;
    },
    async resume() {
      for (const run of await store.unfinishedScans()) {
        if (!run.name.startsWith(askedBy)) continue;
        const known = readAccepted(run.resume);
        const refusal =
          known === null ? 'its targets are not known' : await begin(dependencies, underWay, run, known);
        if (refusal === null) continue;
        log.warn({ scan: run.id, reason: refusal }, 'scan on request cannot go on');
        await store.writeScanRun({ ...run, finishedAt: new Date(), resume: null });
      }
    },
    isRunning: (id) => underWay.has(id),
    async stop(id) {
      const current = underWay.get(id);
      if (current === undefined) return false;
      current.abort.abort();
      await current.whole;
      await store.writeScanRun({ ...current.run, finishedAt: new Date(), resume: null });
      return true;
    },
    ended: async () => void (await Promise.all([...underWay.values()].map(({ whole }) => whole))),
  };
}

/** Why a target cannot be scanned, the first that cannot. */
function refusalOf(
  { targets }: AskedScan,
  { config, scope }: Pick<AskedScansDependencies, 'config' | 'scope'>,
): string | null {
  for (const target of targets) {
    const refusal = targetRefusal(target, parseExpression(target), scope, config());
    if (refusal !== null) return refusal;
  }
  return null;
}

/** Begins a scan; null once it probes, or one sentence on why it cannot. */
async function begin(
  dependencies: AskedScansDependencies,
  underWay: Map<string, UnderWay>,
  run: ScanRun,
  { asked, point }: Accepted,
): Promise<string | null> {
  const { signal, log } = dependencies;
  const group = groupOf(run.name, asked);
  const abort = new AbortController();
  const { started, ended } = scan(
    dependencies,
    group,
    run,
    { asked, point },
    {
      signal: AbortSignal.any([signal, abort.signal]),
      onRun: (state) => {
        const kept = state.finishedAt === null ? accepted(asked, state.resume) : null;
        const stored = { ...state, resume: kept };
        const current = underWay.get(run.id);
        if (current !== undefined) current.run = stored;
        return stored;
      },
    },
  );
  const whole = ended
    .catch((error: unknown) => log.warn({ scan: run.id, reason: reasonOf(error) }, 'scan on request failed'))
    .finally(() => {
      underWay.delete(run.id);
      dependencies.running.delete(run.id);
    });
  underWay.set(run.id, { abort, whole, run });
  return Promise.race([started, ended.then(() => null, reasonOf)]);
}

function groupOf(name: string, { targets, ports, depth, starttls }: AskedScan): TargetGroup {
  return targetGroup.parse({
    name,
    targets: [...targets],
    schedule: null,
    ...(ports === null ? {} : { ports: [...ports] }),
    ...(depth === null ? {} : { depth }),
    ...(starttls === null ? {} : { starttls }),
  });
}

/** Runs one scan and judges what it found. `started` resolves once targets are being probed. */
function scan(
  { config, store, pipeline, clock, scope, running, log }: AskedScansDependencies,
  group: TargetGroup,
  run: ScanRun,
  { asked, point }: Accepted,
  { signal, onRun }: { readonly signal: AbortSignal; onRun(state: ScanRun): ScanRun },
): { readonly started: Promise<null>; readonly ended: Promise<void> } {
  let onStart = (): void => undefined;
  const started = new Promise<null>((resolve) => (onStart = () => resolve(null)));
  const scanner = createTlsScanner({
    config: config(),
    group,
    log,
    unfinished: () => Promise.resolve({ ...run, resume: point }),
    ...(asked.depth === null ? { needsSurvey: createSurveyNeed(store, config().surveyEveryHours, log) } : {}),
    scope,
    onProgress(progress) {
      running.set(run.id, { name: run.name, progress });
      onStart();
    },
  });
  const sink: Sink = {
    take: (fact) => pipeline.take(fact.kind === 'scan-run' ? { ...fact, run: onRun(fact.run) } : fact),
  };
  const ended = scanner
    .run(sink, signal)
    .then(() => pipeline.drained())
    .then(() => (signal.aborted ? undefined : clock.afterScan(new Date())));
  return { started, ended };
}

function accepted(asked: AskedScan, point: string | null): string {
  return JSON.stringify({ asked, point } satisfies Accepted);
}

/** null for a run that was stored before its targets were kept. */
function readAccepted(resume: string | null): Accepted | null {
  if (resume === null) return null;
  const { asked, point } = JSON.parse(resume) as Partial<Accepted>;
  return asked === undefined ? null : { asked, point: point ?? null };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
