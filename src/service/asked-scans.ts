import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Sink } from '../../scanners/scanner.js';
import { targetGroup, type TlsConfig } from '../../scanners/tls/config.js';
import { createTlsScanner } from '../../scanners/tls/scanner.js';
import type { Scope } from '../../scanners/tls/targets/scope.js';
import type { AskedScan } from '../api/routes.js';
import type { RunningScans } from './jobs.js';
import type { Clock } from '../judging/clock.js';
import type { Pipeline } from '../judging/pipeline.js';
import type { Store } from '../store/store.js';
import type { ScanRun } from '../model/scan-run.js';

/** What scans on request work with. */
export interface AskedScansDependencies {
  readonly config: TlsConfig;
  readonly pipeline: Pipeline;
  readonly clock: Pick<Clock, 'afterScan'>;
  /** Where connections may go; may change its mind during a scan. */
  readonly scope: Scope;
  /** Where it is told how far they are. */
  readonly running: RunningScans;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** Scans that somebody asks for, beside those on schedule. */
export interface AskedScans {
  /** Starts a scan, or says in one sentence why not. */
  start(asked: AskedScan, actor: string): Promise<ScanRun | string>;
  /** Resolves when none is running. */
  ended(): Promise<void>;
}

const atOnce = 4;
const askedBy = 'asked by ';

/** Ends the scans on request that a crash or a restart cut off: nothing takes them up again. */
export async function closeAskedScans(store: Pick<Store, 'unfinishedScans' | 'writeScanRun'>): Promise<void> {
  for (const run of await store.unfinishedScans())
    if (run.name.startsWith(askedBy))
      await store.writeScanRun({ ...run, finishedAt: new Date(), resume: null });
}

/** See {@link AskedScans}. At most four run at a time; the configured scope and limits bind them too. */
export function createAskedScans(dependencies: AskedScansDependencies): AskedScans {
  const { config, pipeline, signal, log } = dependencies;
  const underWay = new Set<Promise<void>>();

  async function start(asked: AskedScan, actor: string): Promise<ScanRun | string> {
    if (underWay.size >= atOnce)
      return `${atOnce} scans that were asked for are running; wait for one to end`;
    const name = `${askedBy}${actor}`;
    const ports = asked.ports === null ? {} : { ports: [...asked.ports] };
    const depth = asked.depth === null ? {} : { depth: asked.depth };
    const starttls = asked.starttls === null ? {} : { starttls: asked.starttls };
    const group = targetGroup.parse({
      name,
      targets: [...asked.targets],
      schedule: null,
      ...ports,
      ...depth,
      ...starttls,
    });
    const run: ScanRun = {
      id: randomUUID(),
      name,
      startedAt: new Date(),
      finishedAt: null,
      targets: 0,
      outcomes: {},
      resume: null,
    };
    let onStart = (): void => undefined;
    const started = new Promise<null>((resolve) => (onStart = () => resolve(null)));
    const scanner = createTlsScanner({
      config,
      group,
      log,
      unfinished: () => Promise.resolve(run),
      scope: dependencies.scope,
      onProgress(progress) {
        dependencies.running.set(run.id, { name, progress });
        onStart();
      },
    });
    const scan = scanner.run(notResumable(pipeline), signal);
    const whole = scan.then(
      () =>
        pipeline
          .drained()
          .then(() => (signal.aborted ? undefined : dependencies.clock.afterScan(new Date()))),
      (error: unknown) =>
        log.warn({ scan: run.id, reason: reasonOf(error) }, 'scan that was asked for failed'),
    );
    const tracked: Promise<void> = whole.finally(() => {
      underWay.delete(tracked);
      dependencies.running.delete(run.id);
    });
    underWay.add(tracked);
    const refusal = await Promise.race([started, scan.then(() => null, reasonOf)]);
    return refusal ?? run;
  }

  return { start, ended: async () => void (await Promise.all(underWay)) };
}

/** Targets on request are not remembered, so these scans cannot be resumed. */
function notResumable(sink: Sink): Sink {
  return {
    take: (fact) =>
      sink.take(fact.kind === 'scan-run' ? { ...fact, run: { ...fact.run, resume: null } } : fact),
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
