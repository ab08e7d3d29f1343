import { setTimeout as delay } from 'node:timers/promises';
import type { Observation, Outcome } from '../../../src/model/observation.js';
import type { Target } from '../../../src/model/target.js';
import { parseAddress, formatAddress } from '../targets/addresses.js';
import type { RateLimits, TlsConfig } from '../config.js';
import { Heap } from './heap.js';
import { quietUntil } from './quiet-hours.js';
import { RateLimiter } from './rate-limiter.js';

/** Something to probe at its turn. */
export interface Job {
  /** Place in the walk. */
  readonly position: number;
  readonly target: Target;
  /** Learned from a certificate or CT log, not written by the operator. */
  readonly isLearned: boolean;
  /** What looking up its name and earlier tries took away from its deadline, in ms. */
  readonly spentMs: number;
  /** The tries before this one: how many, and what they saw. */
  readonly earlier?: { readonly tries: number; readonly observation: Observation };
}

/** Jobs that wait for their network's turn; a full waiting room stops the intake. */
const maxWaiting = 10_000;

/**
 * Hands out jobs no faster than the limits allow. A job whose address, network or name has no token left waits aside while
 * others go first, so that one slow network never holds the lanes up.
 */
export class Pacer {
  readonly #source: AsyncIterator<Job, void, void>;
  readonly #config: Pick<TlsConfig, 'jitterMs' | 'quietHours'>;
  readonly #waiting = new Heap<Job>();
  readonly #global: RateLimiter;
  readonly #addresses: RateLimiter;
  readonly #networks: RateLimiter;
  readonly #names: RateLimiter;
  readonly #backOff: BackOff | null;
  #isSourceDone = false;
  #out = 0;
  /** Those who wait for a change; made when somebody does. */
  #wake: (() => void) | null = null;
  #change: Promise<void> | null = null;

  constructor(
    source: AsyncIterator<Job, void, void>,
    rate: RateLimits,
    config: Pick<TlsConfig, 'jitterMs' | 'quietHours'>,
  ) {
    this.#source = source;
    this.#config = config;
    this.#global = new RateLimiter(rate.global);
    this.#addresses = new RateLimiter(rate.perAddress);
    this.#networks = new RateLimiter(rate.perNetwork);
    this.#names = new RateLimiter(rate.perName);
    this.#backOff = rate.backOff ? new BackOff() : null;
  }

  /** The next job whose time has come; null when there are no more, or on abort. Each must be given back by {@link done}. */
  async next(signal: AbortSignal): Promise<Job | null> {
    while (!signal.aborted) {
      const now = performance.now();
      if (this.#waiting.nextAt <= now) {
        const job = this.#waiting.pop();
        if (job !== undefined) return this.#dispatch(job, signal);
      } else if (!this.#isSourceDone && this.#waiting.size < maxWaiting) {
        const { value, done } = await this.#source.next();
        if (done === true || value === undefined) this.#isSourceDone = true;
        else this.add(value);
      } else if (this.#waiting.size > 0) {
        await this.#sleep(this.#waiting.nextAt - now, signal);
      } else if (this.#out > 0) {
        await this.#changed();
      } else {
        return null;
      }
    }
    return null;
  }

  /** Puts a job in line, for example an address that a name was found to have; not before `pauseMs` from now. */
  add(job: Job, pauseMs = Math.random() * this.#config.jitterMs): void {
    this.#waiting.push(this.#reserve(job.target, performance.now() + pauseMs), job);
    this.#notify();
  }

  /** Waits until a job under way may connect to its endpoint once more. */
  async turn(target: Target, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    await this.#sleep(this.#reserve(target, now) - now, signal, false);
    await this.#sleep(this.#globalWaitMs(), signal, false);
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
  done(job: Job, outcome: Outcome | null): void {
    this.#out -= 1;
    const { address } = job.target;
    if (outcome !== null && address !== null) this.#backOff?.learn(networkOf(address), outcome);
    this.#notify();
  }

  async #dispatch(job: Job, signal: AbortSignal): Promise<Job | null> {
    this.#out += 1;
    const quietMs = (quietUntil(this.#config.quietHours, new Date())?.getTime() ?? 0) - Date.now();
    if (quietMs > 0) await this.#sleep(quietMs, signal, false);
    const waitMs = this.#globalWaitMs();
    if (waitMs > 0) await this.#sleep(waitMs, signal, false);
    if (!signal.aborted) return job;
    this.#out -= 1;
    this.#notify();
    return null;
  }

  /** Takes a token of all connections together; how long until it may be used. */
  #globalWaitMs(): number {
    const now = performance.now();
    const readyAt = this.#global.readyAt('', now);
    this.#global.take('', readyAt);
    return readyAt - now;
  }

  /** Waits `ms`, less when the scan is stopped or (`isIdle`) the queue has changed. */
  async #sleep(ms: number, signal: AbortSignal, isIdle = true): Promise<void> {
    if (ms <= 0) return;
    const timer = new AbortController();
    const stop = (): void => timer.abort();
    signal.addEventListener('abort', stop, { once: true });
    const slept = delay(Math.min(ms, 60_000), undefined, { signal: timer.signal }).catch(() => undefined);
    await (isIdle ? Promise.race([slept, this.#changed()]) : slept);
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
  const parsed = parseAddress(address);
  return parsed === undefined ? address : formatAddress(6, (parsed.first >> 80n) << 80n);
}

/** Outcomes that say a network suffers, rather than that nothing is there. */
const failing = new Set<Outcome>(['reset', 'silent', 'timeout', 'unreachable', 'closed']);

/** How a network has fared. */
interface NetworkState {
  answered: boolean;
  misses: number;
  slowdown: number;
}

/**
 * Doubles the pause between connections to a network, up to 16 times, each time four looks in a row fail after something
 * there had answered; halves it with every answer.
 */
class BackOff {
  readonly #networks = new Map<string, NetworkState>();

  slowdown(network: string): number {
    return this.#networks.get(network)?.slowdown ?? 1;
  }

  learn(network: string, outcome: Outcome): void {
    const state = this.#networks.get(network) ?? this.#remember(network);
    if (!failing.has(outcome)) {
      state.answered = true;
      state.misses = 0;
      state.slowdown = Math.max(1, state.slowdown / 2);
    } else if (state.answered) {
      state.misses += 1;
      if (state.misses % 4 === 0) state.slowdown = Math.min(16, state.slowdown * 2);
    }
  }

  /** Forgets the networks met first when there are too many. */
  #remember(network: string): NetworkState {
    const state = { answered: false, misses: 0, slowdown: 1 };
    this.#networks.set(network, state);
    const [oldest] = this.#networks.size > 50_000 ? this.#networks.keys() : [];
    if (oldest !== undefined) this.#networks.delete(oldest);
    return state;
  }
}
