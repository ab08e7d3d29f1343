import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import type { ScanProgress } from '../../src/model/scan-run.js';
import type { Target } from '../../src/model/target.js';
import { Lanes } from './lanes.js';
import { ScanTally } from './pace/scan-tally.js';
import type { ScanRequest } from './scan-request.js';
import { createLookPool } from './probe/look-pool.js';
import { Pacer } from './pace/pacer.js';
import { serverNameOf } from './targets/expression.js';
import { createScope, type Scope } from './targets/scope.js';
import { openTargets, type PlacedTarget } from './targets/targets.js';

/** A scan ready to run. */
export interface Scan {
  /** Runs once; ends when every target was looked at, or the signal is aborted; rejects when a receiver does. */
  run(): Promise<ScanProgress>;
  progress(): ScanProgress;
  /** Where to go on after a stop: every target before it was handed to `onObservation` and accepted. */
  resumePoint(): string;
}

/** Runs a scan to its end; see {@link openScan}. Rejects before anything is sent when a target cannot be read. */
export async function scanTargets(request: ScanRequest): Promise<ScanProgress> {
  const scan = await openScan(request);
  return scan.run();
}

/**
 * Prepares a scan: lanes over one lazy walk, each taking the next endpoint that the limits let through.
 *
 *     walk of targets -> names resolved -> pacer (limits, quiet hours) -> lanes: probe -> onObservation
 */
export async function openScan(asked: ScanRequest): Promise<Scan> {
  const { config } = asked;
  const serverName = asked.serverName === null ? null : serverNameOf(asked.serverName);
  const request = { ...asked, serverName };
  const scope = request.scope ?? createScope(config);
  const [seed, position] = readResumePoint(request.resume ?? null);
  const list = await openTargets(request, {
    scope,
    confirmLargeRanges: config.confirmLargeRanges,
    rate: config.rate,
    seed,
    position,
    shard: request.shard ?? { index: 0, of: 1 },
    stdin: request.stdin ?? null,
    onBadLine: (message) => request.onProblem?.(message),
  });
  const ledger = new ScanTally(
    list.total === null ? null : shardOf(list.total - position, request),
    position,
  );
  return {
    run: () => runLanes(request, scope, ledger, list.walk()),
    progress: () => ledger.progress(),
    resumePoint: () => `${seed}:${ledger.position()}`,
  };
}

/** Probes exactly these endpoints once more at depth full, whatever their names resolve to by this time. */
export async function probeAgain(
  targets: readonly Target[],
  request: Pick<ScanRequest, 'config' | 'scanId' | 'signal' | 'onObservation' | 'onProblem'> & {
    readonly scope: Scope;
  },
): Promise<ScanProgress> {
  const whole = { targets: [], ports: [], starttls: 'none', serverName: null, depth: 'full' } as const;
  const ledger = new ScanTally(targets.length, 0);
  const place = (target: Target, position: number): PlacedTarget => ({ position, target, service: null });
  async function* walk(): AsyncGenerator<readonly PlacedTarget[], void, void> {
    yield targets.map(place);
  }
  return runLanes({ ...whole, ...request }, request.scope, ledger, walk());
}

async function runLanes(
  request: ScanRequest,
  scope: Scope,
  ledger: ScanTally,
  walk: AsyncGenerator<readonly PlacedTarget[], void, void>,
): Promise<ScanProgress> {
  const { config, signal } = request;
  const stop = new AbortController();
  setMaxListeners(0, stop.signal, signal);
  const abort = (): void => stop.abort();
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  const pool = createLookPool(poolSize(request, ledger), stop.signal);
  const lanes = new Lanes(request, scope, ledger, stop.signal, pool.look);
  const timer = setInterval(() => request.onProgress?.(ledger.progress()), 500);
  const limit = pLimit(config.concurrency);
  async function runAll(jobs: ReturnType<Lanes['jobs']>): Promise<void> {
    const pacer = new Pacer(jobs, config.rate, config);
    const lane = (): Promise<void> =>
      lanes.run(pacer).catch((error: unknown) => {
        abort(); // what failed here fails everywhere: the other lanes stop too
        throw error;
      });
    const ends = await Promise.allSettled(Array.from({ length: config.concurrency }, () => limit(lane)));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
  try {
    await runAll(lanes.jobs(walk));
    await runAll(lanes.surveys());
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', abort);
    lanes.close();
    await Promise.all([walk.return(), pool.close()]);
  }
  request.onProgress?.(ledger.progress());
  return ledger.progress();
}

/** A thread takes longer to start than a small scan needs. */
const worthThreads = 5000;

/** Worker threads of a scan: fast probes only. */
function poolSize({ config, depth }: ScanRequest, ledger: ScanTally): number {
  if (depth !== 'fast') return 0;
  if (config.workers !== null) return config.workers;
  const { total } = ledger.progress();
  return total !== null && total < worthThreads ? 0 : Math.max(0, availableParallelism() - 2);
}

function readResumePoint(text: string | null): [seed: number, position: number] {
  const match = /^(\d{1,10}):(\d{1,15})$/.exec(text ?? '');
  if (match !== null) return [Number(match[1]), Number(match[2])];
  if (text !== null) throw new Error(`"${text}" is not a resume point of a scan`);
  return [Math.floor(Math.random() * 0x1_0000_0000), 0];
}

function shardOf(total: number, request: ScanRequest): number {
  const { index, of } = request.shard ?? { index: 0, of: 1 };
  return Math.max(0, Math.ceil((total - index) / of));
}
