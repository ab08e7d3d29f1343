const maxFailures = 20;
const windowMs = 60_000;
const maxKeys = 10_000;

/** Failed attempts by key (an address, an address and a user, a device), for as many keys as fit into a bounded map. */
export class FailureCount {
  readonly #byKey = new Map<string, { count: number; readonly endsAtMs: number }>();

  /** Notes a failure. */
  add(key: string, now: Date): void {
    const current = this.#current(key, now) ?? { count: 0, endsAtMs: now.getTime() + windowMs };
    current.count += 1;
    this.#byKey.set(key, current);
    if (this.#byKey.size <= maxKeys) return;
    const [oldest] = this.#byKey.keys();
    if (oldest !== undefined) this.#byKey.delete(oldest);
  }

  /** Seconds until the next attempt is considered; 0: at once. 20 failures within a minute are free. */
  waitSeconds(key: string, now: Date): number {
    const current = this.#current(key, now);
    if (current === undefined || current.count < maxFailures) return 0;
    return Math.ceil((current.endsAtMs - now.getTime()) / 1000);
  }

  #current(key: string, now: Date): { count: number; readonly endsAtMs: number } | undefined {
    const current = this.#byKey.get(key);
    return current !== undefined && now.getTime() < current.endsAtMs ? current : undefined;
  }
}
