import { setTimeout as delay } from 'node:timers/promises';
import type { Observation, Outcome } from '../../../src/model/observation.js';
import type { Target } from '../../../src/model/target.js';
import { formatAddress, parseAddress, splitZone } from '../targets/addresses.js';
import type { Service } from '../targets/services.js';
import type { RateLimits, TlsConfig } from '../config.js';
import { BackOff } from './back-off.js';
import { Heap } from './heap.js';
import { quietUntil } from './quiet-hours.js';
import { RateLimiter } from './rate-limiter.js';

/** Something to probe at its turn. */
export interface ProbeTurn {
  /** Place in the walk. */
  readonly position: number;
  readonly target: Target;
  /** Records to look up first; the target is only a pattern then. */
  readonly service?: Service;
  /** Learned from a certificate or CT log, not written by the operator. */
  readonly isLearned: boolean;
  /** What looking up its name and earlier tries took away from its deadline, in ms. */
  readonly spentMs: number;
  /** Already probed and reported in this scan: it is to be surveyed. */
  readonly isSurvey?: boolean;
  /** The tries before this one: how many, and what they saw. */
  readonly earlier?: { readonly tries: number; readonly observation: Observation };
}

/** Time, as a pacer sees it. */
export interface Clock {
  /** Milliseconds that only ever grow. */
  now(): number;
  /** The time of day, for quiet hours. */
  date(): Date;
  /** Resolves after so many ms, or at once when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
};

/** Longest single sleep, in ms: timers take 24 days at most, and a machine that was suspended looks at the time again. */
const longestSleepMs = 60_000;

/** Jobs that wait for their network's turn; a full waiting room stops the intake. */
const maxWaiting = 10_000;

/**
 * Hands out jobs no faster than the limits allow. A job whose address, network or name has no token left waits aside while
 * others go first, so that one slow network never holds the lanes up.
 */
export class Pacer {
  readonly #source: AsyncIterator<readonly ProbeTurn[], void, void>;
  readonly #config: Pick<TlsConfig, 'jitterMs' | 'quietHours'>;
  readonly #waiting = new Heap<ProbeTurn>();
  readonly #global: RateLimiter;
  readonly #addresses: RateLimiter;
  readonly #networks: RateLimiter;
  readonly #names: RateLimiter;
  readonly #backOff: BackOff | null;
  readonly #clock: Clock;
  readonly #heeded = new WeakSet<AbortSignal>();
  #isSourceDone = false;
  #isReading = false;
  #out = 0;
  /** Those who wait for a change; made when somebody does. */
  #wake: (() => void) | null = null;
  #change: Promise<void> | null = null;

  constructor(
    source: AsyncIterator<readonly ProbeTurn[], void, void>,
    rate: RateLimits,
    config: Pick<TlsConfig, 'jitterMs' | 'quietHours'>,
    clock: Clock = systemClock,
  ) {
    this.#clock = clock;
    this.#source = source;
    this.#config = config;
    this.#global = new RateLimiter(rate.global);
    this.#addresses = new RateLimiter(rate.perAddress);
    this.#networks = new RateLimiter(rate.perNetwork);
    this.#names = new RateLimiter(rate.perName);
    this.#backOff = rate.backOff ? new BackOff() : null;
  }

  /** The next job whose time has come; null when there are no more, or on abort. Each must be given back by {@link done}. */
  async next(signal: AbortSignal): Promise<ProbeTurn | null> {
    this.#wakeOnAbort(signal);
    while (!signal.aborted) {
      const waitMs = this.#waiting.nextAt - this.#clock.now();
      const mayRead = !this.#isSourceDone && this.#waiting.size < maxWaiting;
      if (waitMs <= 0) {
        const job = this.#waiting.pop();
        if (job !== undefined) return this.#dispatch(job, signal);
      } else if (mayRead && !this.#isReading) {
        await this.#read();
      } else if (this.#waiting.size > 0) {
        await this.#sleepOrChange(waitMs, signal);
      } else if (this.#out > 0 || mayRead) {
        await this.#changed();
      } else {
        return null;
      }
    }
    return null;
  }

  /** Those who wait for a change learn of a stop too. */
  #wakeOnAbort(signal: AbortSignal): void {
    if (this.#heeded.has(signal)) return;
    this.#heeded.add(signal);
    signal.addEventListener('abort', () => this.#notify(), { once: true });
  }

  /** Takes some jobs from the source; one lane at a time, so that a slow source holds no job up that is due. */
  async #read(): Promise<void> {
    this.#isReading = true;
    try {
      const { value, done } = await this.#source.next();
      if (done === true || value === undefined) this.#isSourceDone = true;
      else for (const job of value) this.#wait(job, this.#jitter());
    } finally {
      this.#isReading = false;
      this.#notify();
    }
  }

  /** Puts a job in line, for example an address that a name was found to have; not before `pauseMs` from now. */
  add(job: ProbeTurn, pauseMs = this.#jitter()): void {
    this.#wait(job, pauseMs);
    this.#notify();
  }

  #wait(job: ProbeTurn, pauseMs: number): void {
    this.#waiting.push(this.#reserve(job.target, this.#clock.now() + pauseMs), job);
  }

  #jitter(): number {
    return Math.random() * this.#config.jitterMs;
  }

  /** Waits until a job under way may connect to its endpoint once more. */
  async turn(target: Target, signal: AbortSignal): Promise<void> {
    await this.#sleepUntil(this.#reserve(target, this.#clock.now()), signal);
    await this.#sleepUntil(this.#takeGlobal(), signal);
  }

  /** Takes the tokens of a target's address, network and name; when they may be used, not before `from`. */
  #reserve({ host, address }: Target, from: number): number {
    let readyAt = from;
    const network = address === null ? null : networkOf(address);
    if (address !== null && network !== null) {
      readyAt = Math.max(this.#addresses.readyAt(address, readyAt), this.#networks.readyAt(network, readyAt));
      if (host !== address) readyAt = this.#names.readyAt(host, readyAt);
      this.#addresses.take(address, readyAt);
      this.#networks.take(network, readyAt, this.#backOff?.slowdown(network) ?? 1);
      if (host !== address) this.#names.take(host, readyAt);
    }
    return readyAt;
  }

  /** The job is over; its outcome, if it was a connection, teaches how its network fares. */
  done(job: ProbeTurn, outcome: Outcome | null): void {
    this.#out -= 1;
    const { address } = job.target;
    if (outcome !== null && address !== null) this.#backOff?.learn(networkOf(address), outcome);
    this.#notify();
  }

  async #dispatch(job: ProbeTurn, signal: AbortSignal): Promise<ProbeTurn | null> {
    this.#out += 1;
    // What waited for its token into quiet hours gets a new one after them: old ones together would be a burst.
    do {
      await this.#quietOver(signal);
      if (job.target.address !== null) await this.#sleepUntil(this.#takeGlobal(), signal);
    } while (!signal.aborted && this.#quietMs() > 0);
    if (!signal.aborted) return job;
    this.#out -= 1;
    this.#notify();
    return null;
  }

  /** Takes a token of all connections together; when it may be used. */
  #takeGlobal(): number {
    const readyAt = this.#global.readyAt('', this.#clock.now());
    this.#global.take('', readyAt);
    return readyAt;
  }

  /** How long the quiet hours that it is now still last. */
  #quietMs(): number {
    const now = this.#clock.date();
    return (quietUntil(this.#config.quietHours, now)?.getTime() ?? 0) - now.getTime();
  }

  async #quietOver(signal: AbortSignal): Promise<void> {
    for (let ms = this.#quietMs(); ms > 0 && !signal.aborted; ms = this.#quietMs())
      await this.#clock.sleep(Math.min(ms, longestSleepMs), signal);
  }

  /** Waits until `at`, less when the scan is stopped. */
  async #sleepUntil(at: number, signal: AbortSignal): Promise<void> {
    for (let ms = at - this.#clock.now(); ms > 0 && !signal.aborted; ms = at - this.#clock.now())
      await this.#clock.sleep(Math.min(ms, longestSleepMs), signal);
  }

  /** Waits `ms` at most, less when the scan is stopped or the queue has changed. */
  async #sleepOrChange(ms: number, signal: AbortSignal): Promise<void> {
    const timer = new AbortController();
    const stop = (): void => timer.abort();
    signal.addEventListener('abort', stop, { once: true });
    const slept = this.#clock.sleep(Math.min(ms, longestSleepMs), timer.signal);
    await Promise.race([slept, this.#changed()]);
    stop();
    signal.removeEventListener('abort', stop);
  }

  #changed(): Promise<void> {
    this.#change ??= new Promise((resolve) => (this.#wake = resolve));
    return this.#change;
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = this.#change = null;
  }
}

/** The /24 (IPv4) or /48 (IPv6) of an address, as text. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address.slice(0, address.lastIndexOf('.'));
  const parsed = parseAddress(splitZone(address).address);
  return parsed === undefined ? address : formatAddress(6, (parsed.first >> 80n) << 80n);
}
