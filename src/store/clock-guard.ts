import type { Logger } from 'pino';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A clock is moved by less every day. */
const tolerantMs = 10 * 60_000;
/** How long the clock must have been steady after a jump. */
const steadyMs = dayMs;
const lookEveryMs = 1_000;
/** Orders are given anew this often: an engine that was opened again knows of none. */
const repeatMs = 10 * 60_000;

/** True when a time was noted and has been over for more than a day, by the clock as it is. */
export function isLongAgo(at: string | null | undefined, nowMs = Date.now()): boolean {
  return at !== null && at !== undefined && nowMs - Date.parse(at) > dayMs;
}

/** What the guard goes by. */
export interface ClockParts {
  /** When something was last noted by a clock that was trusted; null: nothing is known. */
  readonly lastAt: string | null;
  /** Forbids or allows the database to delete rows by age. */
  readonly allow: (deleting: boolean) => Promise<void>;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly wallMs?: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly steadyClockMs?: () => number;
}

/**
 * Keeps what is deleted by age while the clock is not to be trusted: when it is more than a day past the last note of the run before, or
 * went ahead of the time that has really passed. A day in which it is steady, or its going back, is the second opinion. A clock
 * that is behind deletes nothing anyway. Does not write to the ledger's time meanwhile, see {@link ClockGuard.trustedNow}.
 */
export class ClockGuard {
  readonly #parts: ClockParts;
  readonly #wall: () => number;
  readonly #steady: () => number;
  readonly #timer: NodeJS.Timeout;
  /** Wall time that would be right at a reading of the steady clock; it follows small corrections. */
  #right: { readonly wallMs: number; readonly steadyMs: number };
  #doubt: { readonly sinceMs: number; readonly why: string | null } | null = null;
  #orderedAtMs = -Infinity;
  #ordered: boolean | null = null;

  constructor(parts: ClockParts) {
    this.#parts = parts;
    this.#wall = parts.wallMs ?? Date.now;
    this.#steady = parts.steadyClockMs ?? (() => performance.now());
    const [wallMs, steadyClockMs] = [this.#wall(), this.#steady()];
    const isAhead = isLongAgo(parts.lastAt, wallMs);
    this.#right = { wallMs: isAhead ? Date.parse(parts.lastAt ?? '') : wallMs, steadyMs: steadyClockMs };
    if (isAhead) {
      this.#doubt = { sinceMs: steadyClockMs, why: null };
      parts.log.info('more than a day since the last run: nothing is deleted by age for a day');
    }
    this.#timer = setInterval(() => void this.look(), lookEveryMs).unref();
  }

  /** True while nothing is deleted by age. */
  get isHeld(): boolean {
    return this.#doubt !== null;
  }

  /** Why nothing is deleted by age, when the clock jumped while this ran; null after a mere pause between two runs. */
  get reason(): string | null {
    return this.#doubt?.why ?? null;
  }

  /** The time as far as it is trusted: that of before the jump, and what has passed since. */
  get trustedNow(): Date {
    return new Date(this.#right.wallMs + (this.#steady() - this.#right.steadyMs));
  }

  /** Compares the clocks, and gives the order that follows. */
  async look(): Promise<void> {
    const [wallMs, steadyNowMs] = [this.#wall(), this.#steady()];
    const aheadMs = wallMs - (this.#right.wallMs + steadyNowMs - this.#right.steadyMs);
    if (this.#doubt === null && aheadMs > tolerantMs) this.#startDoubt(aheadMs);
    const isSteady = this.#doubt !== null && steadyNowMs - this.#doubt.sinceMs >= steadyMs;
    if (this.#doubt !== null && (isSteady || aheadMs <= tolerantMs)) {
      this.#parts.log.warn('the clock is trusted again, rows are deleted by age again');
      this.#doubt = null;
    }
    if (this.#doubt === null) this.#right = { wallMs, steadyMs: steadyNowMs };
    await this.#order(this.#doubt === null, steadyNowMs);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #startDoubt(aheadMs: number): void {
    const hours = Math.round(aheadMs / hourMs);
    const why = `the clock went ahead by ${hours} hours: nothing is deleted by age until it was steady for a day, or went back`;
    this.#doubt = { sinceMs: this.#steady(), why };
    this.#parts.log.warn({ hours }, why);
  }

  async #order(deleting: boolean, nowMs: number): Promise<void> {
    if (deleting === this.#ordered && nowMs - this.#orderedAtMs < repeatMs) return;
    [this.#ordered, this.#orderedAtMs] = [deleting, nowMs];
    // An engine that is away holds its deleting back when it is opened again.
    await this.#parts.allow(deleting).catch(() => (this.#ordered = null));
  }
}
