import { setMaxListeners } from 'node:events';
import { isIPv6 } from 'node:net';
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import type { Observation, Outcome } from '../../src/model/observation.js';
import type { ScanProgress } from '../../src/model/scan-run.js';
import type { Target } from '../../src/model/target.js';
import type { Depth, TlsConfig } from './config.js';
import { Ledger } from './pace/ledger.js';
import { createLookPool } from './probe/look-pool.js';
import type { Looker } from './probe/look.js';
import { Pacer, type Job } from './pace/pacer.js';
import { probe, type Probed, type ProbeOptions } from './probe/probe.js';
import { createResolver, type NameResolver } from './targets/resolve.js';
import { createScope, type Scope } from './targets/scope.js';
import { survey } from './survey/survey.js';
import { openTargets, starttlsFor, type PlacedTarget, type TargetList } from './targets/targets.js';

/** One run over a list of targets. */
export interface ScanRequest extends TargetList {
  readonly depth: Depth;
  readonly config: TlsConfig;
  readonly scanId: string;
  readonly signal: AbortSignal;
  /** Called for every look; the lane waits for it, which slows the scan down when the receiver is slow. */
  onObservation(observation: Observation): void | Promise<void>;
  /** Whether an endpoint that answered is to be surveyed, when `depth` is survey; default every one. */
  needsSurvey?(observation: Observation): boolean | Promise<boolean>;
  /** Called twice a second and at the end. */
  onProgress?(progress: ScanProgress): void;
  /** Told in one sentence of a line of stdin, or a record, that had to be left out. */
  onProblem?(message: string): void;
  /** Resume point of an earlier run over the same list; null or absent starts anew in a new order. */
  readonly resume?: string | null;
  /** Take only every `of`-th target, from `index` on. */
  readonly shard?: { readonly index: number; readonly of: number };
  /** Lines for the target `-`. */
  readonly stdin?: AsyncIterable<string>;
  /** Names learned from certificates and CT logs: probed too, but never at loopback or special addresses. */
  readonly learnedNames?: AsyncIterable<string>;
  /** Replaces the scope of `config`; asked for every connection, so it may change its mind during the scan. */
  readonly scope?: Scope;
}

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
export async function openScan(request: ScanRequest): Promise<Scan> {
  const { config } = request;
  const scope = request.scope ?? createScope(config);
  const [seed, position] = readResumePoint(request.resume ?? null);
  const list = await openTargets(request, {
    scope,
    confirmLargeRanges: config.confirmLargeRanges,
    seed,
    position,
    shard: request.shard ?? { index: 0, of: 1 },
    stdin: request.stdin ?? null,
    onBadLine: (message) => request.onProblem?.(message),
  });
  const ledger = new Ledger(list.total === null ? null : shardOf(list.total - position, request), position);
  return {
    run: () => runLanes(request, scope, ledger, list.walk()),
    progress: () => ledger.progress(),
    resumePoint: () => `${seed}:${ledger.position()}`,
  };
}

async function runLanes(
  request: ScanRequest,
  scope: Scope,
  ledger: Ledger,
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
  const pacer = new Pacer(lanes.jobs(walk), config.rate, config);
  const timer = setInterval(() => request.onProgress?.(ledger.progress()), 500);
  const limit = pLimit(config.concurrency);
  const lane = (): Promise<void> =>
    lanes.run(pacer).catch((error: unknown) => {
      abort(); // what failed here fails everywhere: the other lanes stop too
      throw error;
    });
  try {
    const ends = await Promise.allSettled(Array.from({ length: config.concurrency }, () => limit(lane)));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', abort);
    await Promise.all([walk.return(), pool.close()]);
  }
  request.onProgress?.(ledger.progress());
  return ledger.progress();
}

/** A thread takes longer to start than a small scan needs. */
const worthThreads = 5000;

/** Worker threads of a scan: fast probes only. */
function poolSize({ config, depth }: ScanRequest, ledger: Ledger): number {
  if (depth !== 'fast') return 0;
  if (config.workers !== null) return config.workers;
  const { total } = ledger.progress();
  return total !== null && total < worthThreads ? 0 : Math.max(0, availableParallelism() - 2);
}

/** The lanes of a scan and what they share. */
class Lanes {
  readonly #request: ScanRequest;
  readonly #scope: Scope;
  readonly #ledger: Ledger;
  readonly #signal: AbortSignal;
  readonly #resolver: NameResolver;
  readonly #looker: Looker;
  readonly #nextSource = { 4: 0, 6: 0 };

  constructor(request: ScanRequest, scope: Scope, ledger: Ledger, signal: AbortSignal, looker: Looker) {
    this.#request = request;
    this.#scope = scope;
    this.#ledger = ledger;
    this.#signal = signal;
    this.#looker = looker;
    this.#resolver = createResolver(request.config.dns);
  }

  /** Everything to probe, names not yet resolved: the walk, then what was learned. */
  async *jobs(walk: AsyncIterable<readonly PlacedTarget[]>): AsyncGenerator<Job, void, void> {
    for await (const batch of walk) {
      for (const { position, target, service } of batch) {
        this.#ledger.open(position);
        if (service === null) yield { position, target, isLearned: false, spentMs: 0 };
        else yield* this.#serviceJobs(position, target, service);
      }
    }
    for await (const host of this.#request.learnedNames ?? []) {
      for (const port of this.#request.ports) {
        const position = this.#ledger.append();
        const starttls = starttlsFor(this.#request.starttls, port);
        const target = { host, address: null, port, serverName: host, starttls };
        yield { position, target, isLearned: true, spentMs: 0 };
      }
    }
  }

  async run(pacer: Pacer): Promise<void> {
    for (let job = await pacer.next(this.#signal); job !== null; job = await pacer.next(this.#signal)) {
      const isName = job.target.address === null;
      const outcome = isName ? await this.#expand(job, pacer) : await this.#look(job, pacer);
      pacer.done(job, outcome);
    }
  }

  /** Looks a name up and puts its addresses in line, or records that it has none. */
  async #expand(job: Job, pacer: Pacer): Promise<Outcome | null> {
    const { host } = job.target;
    const startedAt = performance.now();
    const observedAt = new Date();
    const { addresses, error } = await this.#resolver.addresses(
      host,
      startedAt + this.#request.config.deadlineMs,
    );
    if (error !== null && addresses.length > 0) this.#request.onProblem?.(`${host}: ${error}`);
    const spentMs = performance.now() - startedAt;
    for (const address of addresses) {
      this.#ledger.open(job.position);
      pacer.add({ ...job, target: { ...job.target, address }, spentMs });
    }
    if (addresses.length > 0) this.#ledger.expanded(job.position, addresses.length);
    else await this.#report(job, unresolved(job.target, error, observedAt, startedAt, this.#request.scanId));
    return null;
  }

  async #look(job: Job, pacer: Pacer): Promise<Outcome | null> {
    const options = this.#options(job);
    const probed = await probe(job.target, options, this.#signal);
    if (this.#triesAgain(job, probed, pacer)) return null;
    const observation = clearer(job.earlier?.observation, probed.observation);
    const speaksTls = observation.outcome === 'ok' || observation.outcome === 'no-certificate';
    if (options.depth !== 'survey' || !speaksTls) return this.#report(job, observation);
    if ((await this.#request.needsSurvey?.(observation)) === false) return this.#report(job, observation);
    const { surveyDeadlineMs, deadlineMs } = this.#request.config;
    const turn = (): Promise<void> => pacer.turn(job.target, this.#signal);
    const facts = await survey(observation, { ...options, surveyDeadlineMs, deadlineMs, turn }, this.#signal);
    return this.#report(job, { ...observation, survey: facts });
  }

  /** Puts an endpoint with a passing trouble in line again: a lane that waited for it would be one less for the others. */
  #triesAgain(job: Job, { observation, isTransient }: Probed, pacer: Pacer): boolean {
    const { retries, deadlineMs } = this.#request.config;
    const tries = (job.earlier?.tries ?? 0) + 1;
    const spentMs = job.spentMs + observation.durationMs;
    if (!isTransient || tries > retries || spentMs >= deadlineMs) return false;
    pacer.add({ ...job, spentMs, earlier: { tries, observation } }, 50 * 2 ** tries * (0.5 + Math.random()));
    return true;
  }

  /** A look that was cut short by a stop says nothing of the endpoint: it is dropped, and done again after a resume. */
  async #report(job: { readonly position: number }, observation: Observation): Promise<Outcome | null> {
    if (this.#signal.aborted) return null;
    await this.#request.onObservation(observation);
    this.#ledger.close(job.position, observation.outcome);
    return observation.outcome;
  }

  #options({ target, isLearned, spentMs }: Job): ProbeOptions {
    const { config, scanId, depth } = this.#request;
    return {
      scanId,
      depth,
      look: this.#looker,
      deadlineMs: config.deadlineMs - spentMs,
      limits: config,
      sourceAddress: this.#sourceAddress(target),
      refusal: ({ host, address }) =>
        address === null ? null : this.#scope.refusal(host, address, isLearned),
    };
  }

  #sourceAddress(target: Target): string | null {
    if (this.#request.config.sourceAddresses.length === 0) return null;
    const family = target.address !== null && isIPv6(target.address) ? 6 : 4;
    const usable = this.#request.config.sourceAddresses.filter(
      (address) => isIPv6(address) === (family === 6),
    );
    if (usable.length === 0) return null;
    this.#nextSource[family] = (this.#nextSource[family] + 1) % usable.length;
    return usable[this.#nextSource[family]] ?? null;
  }

  async *#serviceJobs(
    position: number,
    pattern: Target,
    service: { readonly record: 'mx' | 'srv'; readonly name: string },
  ): AsyncGenerator<Job, void, void> {
    const startedAt = performance.now();
    const observedAt = new Date();
    const { record, name } = service;
    const { hosts, error } = await this.#resolver.services(
      record,
      name,
      startedAt + this.#request.config.deadlineMs,
    );
    if (hosts.length === 0) {
      const target = { ...pattern, port: record === 'mx' ? 25 : 443 };
      await this.#report(
        { position },
        unresolved(target, error, observedAt, startedAt, this.#request.scanId),
      );
      return;
    }
    if (error !== null) this.#request.onProblem?.(`${record}:${name}: ${error}`);
    for (const { host, port } of hosts) {
      this.#ledger.open(position);
      const starttls = starttlsFor(this.#request.starttls, port);
      const target = { host, address: null, port, serverName: this.#request.serverName ?? host, starttls };
      yield { position, target, isLearned: false, spentMs: 0 };
    }
    this.#ledger.expanded(position, hosts.length);
  }
}

const sawNothing = new Set<Outcome>(['silent', 'timeout']);

/** Another try has less time than the first: that it saw nothing in it does not undo what was seen. */
function clearer(before: Observation | undefined, now: Observation): Observation {
  return before !== undefined && sawNothing.has(now.outcome) ? before : now;
}

function unresolved(
  target: Target,
  detail: string | null,
  observedAt: Date,
  startedAt: number,
  scanId: string,
): Observation {
  const durationMs = performance.now() - startedAt;
  return {
    observedAt,
    scanId,
    target,
    outcome: 'unresolved',
    detail,
    tls: null,
    certificate: null,
    chain: [],
    durationMs,
  };
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
