/**
 * Token buckets by key, each one number: the time at which its next token is due (the generic cell rate algorithm,
 * ITU-T I.371). A bucket holds one second's worth of tokens. Keys whose bucket is full again are forgotten.
 */
export class RateLimiter {
  readonly #intervalMs: number;
  readonly #burstMs: number;
  readonly #dueAt = new Map<string, number>();
  #sweepAt = 10_000;

  /** `perSecond` 0 is no limit. */
  constructor(perSecond: number) {
    this.#intervalMs = perSecond > 0 ? 1000 / perSecond : 0;
    this.#burstMs = Math.max(0, 1000 - this.#intervalMs);
  }

  /** When the next token of `key` may be used, not before `now` (both in ms). */
  readyAt(key: string, now: number): number {
    if (this.#intervalMs === 0) return now;
    return Math.max(now, (this.#dueAt.get(key) ?? 0) - this.#burstMs);
  }

  /** Uses a token of `key` at `at`; `slowdown` times as many when its network is to be spared. */
  take(key: string, at: number, slowdown = 1): void {
    if (this.#intervalMs === 0) return;
    this.#dueAt.set(key, Math.max(this.#dueAt.get(key) ?? 0, at) + this.#intervalMs * slowdown);
    if (this.#dueAt.size < this.#sweepAt) return;
    for (const [other, dueAt] of this.#dueAt) if (dueAt <= at) this.#dueAt.delete(other);
    this.#sweepAt = Math.max(10_000, this.#dueAt.size * 2);
  }
}
