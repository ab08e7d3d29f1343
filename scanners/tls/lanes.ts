import { isIPv6 } from 'node:net';
import type { Observation, Outcome } from '../../src/model/observation.js';
import type { Target } from '../../src/model/target.js';
import type { ScanTally } from './pace/scan-tally.js';
import type { ProbeTurn, Pacer } from './pace/pacer.js';
import type { Looker } from './probe/look.js';
import { otherKeyChains } from './probe/other-keys.js';
import { probe, type Probed, type ProbeOptions } from './probe/probe.js';
import type { ScanRequest } from './scan-request.js';
import { survey } from './survey/survey.js';
import { createResolver, type NameResolver } from './targets/resolve.js';
import type { Scope } from './targets/scope.js';
import { domainOf, starttlsOfService, type Service } from './targets/services.js';
import { starttlsFor, type PlacedTarget } from './targets/targets.js';

/** Surveys that one scan puts off; a target is some hundred bytes. */
const mostDeferred = 200_000;

/** The lanes of a scan and what they share. */
export class Lanes {
  readonly #request: ScanRequest;
  readonly #scope: Scope;
  readonly #ledger: ScanTally;
  readonly #signal: AbortSignal;
  readonly #resolver: NameResolver;
  readonly #looker: Looker;
  readonly #nextSource = { 4: 0, 6: 0 };
  readonly #deferred: ProbeTurn[] = [];
  #isOverfull = false;

  constructor(request: ScanRequest, scope: Scope, ledger: ScanTally, signal: AbortSignal, looker: Looker) {
    this.#request = request;
    this.#scope = scope;
    this.#ledger = ledger;
    this.#signal = signal;
    this.#looker = looker;
    this.#resolver = createResolver(request.config.dns);
  }

  /** Gives up what is still being looked up. */
  close(): void {
    this.#resolver.close();
  }

  /** The surveys that were put off; to be asked for once {@link jobs} are done. */
  async *surveys(): AsyncGenerator<readonly ProbeTurn[], void, void> {
    if (this.#isOverfull)
      this.#request.onProblem?.(
        `more than ${mostDeferred} endpoints are due for a survey; the rest follows in the next scan`,
      );
    for (let jobs = this.#deferred.splice(0, 500); jobs.length > 0; jobs = this.#deferred.splice(0, 500))
      yield jobs;
  }

  /** Everything to probe, names not yet resolved: the walk, then what was learned. */
  async *jobs(
    walk: AsyncIterable<readonly PlacedTarget[]>,
  ): AsyncGenerator<readonly ProbeTurn[], void, void> {
    for await (const batch of walk)
      yield batch.map(({ position, target, service }) => {
        this.#ledger.open(position);
        return service === null
          ? { position, target, isLearned: false, spentMs: 0 }
          : { position, target, isLearned: false, spentMs: 0, service };
      });
    for await (const host of this.#request.learnedNames ?? []) {
      for (const port of this.#request.ports) {
        const position = this.#ledger.append();
        const starttls = starttlsFor(this.#request.starttls, port);
        const target = { host, address: null, port, serverName: host, starttls };
        yield [{ position, target, isLearned: true, spentMs: 0 }];
      }
    }
  }

  async run(pacer: Pacer): Promise<void> {
    for (let job = await pacer.next(this.#signal); job !== null; job = await pacer.next(this.#signal))
      pacer.done(job, await this.#do(job, pacer));
  }

  /** Takes a job as far as it can be taken now; the outcome when it was a connection. */
  async #do(job: ProbeTurn, pacer: Pacer): Promise<Outcome | null> {
    if (job.target.address !== null) return this.#look(job, pacer);
    const { service } = job;
    return service === undefined ? this.#expand(job, pacer) : this.#expandService(job, service, pacer);
  }

  /** Looks a name up and puts its addresses in line as they come, or records that it has none. */
  async #expand(job: ProbeTurn, pacer: Pacer): Promise<null> {
    const { host } = job.target;
    const asked = this.#asked(job);
    const found = new Set<string>();
    const errors: string[] = [];
    for await (const { addresses, error } of this.#resolver.addresses(host, asked.deadlineAt)) {
      if (error !== null) errors.push(error);
      for (const address of addresses) {
        if (found.has(address)) continue;
        found.add(address);
        this.#ledger.open(job.position);
        pacer.add({ ...job, target: { ...job.target, address }, spentMs: asked.spentMs() });
      }
    }
    if (found.size === 0) return this.#reportUnresolved(job, errors.at(-1) ?? null, asked);
    if (errors[0] !== undefined) this.#request.onProblem?.(`${host}: ${errors[0]}`);
    this.#ledger.expanded(job.position, found.size);
    return null;
  }

  /** Looks up the records of a service and puts its servers in line, or records that there are none. */
  async #expandService(job: ProbeTurn, service: Service, pacer: Pacer): Promise<null> {
    const { record, name } = service;
    const asked = this.#asked(job);
    const { hosts, error } = await this.#resolver.services(service, asked.deadlineAt);
    if (hosts.length === 0) return this.#reportUnresolved(job, error, asked);
    if (error !== null) this.#request.onProblem?.(`${record}:${name}: ${error}`);
    const serverName = this.#request.serverName ?? domainOf(service);
    const isAuto = this.#request.starttls === 'auto';
    const { position, isLearned } = job;
    for (const { host, port } of hosts) {
      this.#ledger.open(position);
      const ofService = isAuto ? starttlsOfService(service) : undefined;
      const starttls = ofService === undefined ? starttlsFor(this.#request.starttls, port) : ofService;
      const target = { host, address: null, port, serverName, starttls };
      pacer.add({ position, isLearned, target, spentMs: asked.spentMs() });
    }
    this.#ledger.expanded(position, hosts.length);
    return null;
  }

  /** A question about a name that begins now: its time counts among that of the probe. */
  #asked({ spentMs }: ProbeTurn): Asked {
    const startedAt = performance.now();
    return {
      at: new Date(),
      deadlineAt: startedAt + this.#request.config.deadlineMs - spentMs,
      spentMs: () => spentMs + performance.now() - startedAt,
    };
  }

  async #reportUnresolved(job: ProbeTurn, error: string | null, asked: Asked): Promise<null> {
    await this.#report(job, unresolved(job.target, error, asked, this.#request.scanId));
    return null;
  }

  async #look(job: ProbeTurn, pacer: Pacer): Promise<Outcome | null> {
    const options = this.#options(job);
    const probed = await probe(job.target, options, this.#signal);
    if (this.#triesAgain(job, probed, pacer)) return null;
    const seen = clearer(job.earlier?.observation, probed.observation);
    const turn = (): Promise<void> => pacer.turn(job.target, this.#signal);
    if (job.isSurvey === true) return this.#survey(job, seen, options, turn);
    const observation = await this.#withOtherKeys(seen, options, turn);
    if (options.depth !== 'survey' || !speaksTls(observation)) return this.#report(job, observation);
    if (this.#request.needsSurvey === undefined) return this.#survey(job, observation, options, turn);
    if (await this.#request.needsSurvey(observation)) this.#defer(job);
    return this.#report(job, observation);
  }

  /** The observation with its survey; one that was put off is dropped when the endpoint no longer answers. */
  async #survey(
    job: ProbeTurn,
    seen: Observation,
    options: ProbeOptions,
    turn: () => Promise<void>,
  ): Promise<Outcome | null> {
    if (!speaksTls(seen)) return seen.outcome;
    const { surveyDeadlineMs, deadlineMs } = this.#request.config;
    const facts = await survey(seen, { ...options, surveyDeadlineMs, deadlineMs, turn }, this.#signal);
    const observation = { ...seen, survey: facts };
    if (job.isSurvey !== true) return this.#report(job, observation);
    if (!this.#signal.aborted) await this.#request.onObservation(observation);
    return observation.outcome;
  }

  /** Puts a survey off until everything has been probed: it takes a hundred times as long as a probe. */
  #defer(job: ProbeTurn): void {
    const { position, target, isLearned } = job;
    if (this.#deferred.length < mostDeferred)
      this.#deferred.push({ position, target, isLearned, spentMs: 0, isSurvey: true });
    else this.#isOverfull = true;
  }

  async #withOtherKeys(
    seen: Observation,
    options: ProbeOptions,
    turn: () => Promise<void>,
  ): Promise<Observation> {
    const { depth, otherKeys, needsSurvey } = this.#request;
    const isAsked = depth === 'full' ? otherKeys === true : depth === 'survey' && needsSurvey !== undefined;
    if (!isAsked || seen.certificate === null) return seen;
    return { ...seen, alternates: await otherKeyChains(seen, options, turn, this.#signal) };
  }

  /** Puts an endpoint with a passing trouble in line again: a lane that waited for it would be one less for the others. */
  #triesAgain(job: ProbeTurn, { observation, isTransient }: Probed, pacer: Pacer): boolean {
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

  #options({ target, isLearned, spentMs }: ProbeTurn): ProbeOptions {
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
}

/** A question about a name under way. */
interface Asked {
  readonly at: Date;
  /** Of `performance.now()`. */
  readonly deadlineAt: number;
  spentMs(): number;
}

function speaksTls({ outcome }: Observation): boolean {
  return outcome === 'ok' || outcome === 'no-certificate';
}

const sawNothing = new Set<Outcome>(['silent', 'timeout']);

/** Another try has less time than the first: that it saw nothing in it does not undo what was seen. */
function clearer(before: Observation | undefined, now: Observation): Observation {
  return before !== undefined && sawNothing.has(now.outcome) ? before : now;
}

function unresolved(target: Target, detail: string | null, asked: Asked, scanId: string): Observation {
  return {
    observedAt: asked.at,
    scanId,
    target,
    outcome: 'unresolved',
    detail,
    tls: null,
    certificate: null,
    chain: [],
    durationMs: asked.spentMs(),
  };
}
