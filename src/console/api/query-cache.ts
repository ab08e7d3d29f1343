/** What is known of one resource. While new data loads, the old stays. */
export interface Entry {
  readonly data: unknown;
  readonly error: Error | null;
  readonly loading: boolean;
  /** When `data` came; null before it first did. */
  readonly at: Date | null;
}

/** Fetches a path; must reject with an Error. */
export type Fetch = (path: string, signal: AbortSignal) => Promise<unknown>;

interface Kept {
  entry: Entry;
  readonly listeners: Set<() => void>;
  running: AbortController | null;
}

const fresh: Entry = { data: undefined, error: null, loading: false, at: null };

/**
 * Answers of the API by path. Whoever shows a path subscribes to it; nobody else keeps it fetched. Paths that nobody shows are
 * forgotten once there are more than `maxIdle`, oldest first.
 */
export class QueryCache {
  readonly #kept = new Map<string, Kept>();
  readonly #fetch: Fetch;
  readonly #maxIdle: number;
  readonly #now: () => Date;

  constructor(fetch: Fetch, maxIdle = 50, now: () => Date = () => new Date()) {
    this.#fetch = fetch;
    this.#maxIdle = maxIdle;
    this.#now = now;
  }

  /** What is known of a path; the same object until something changes. */
  peek(path: string): Entry {
    return this.#kept.get(path)?.entry ?? fresh;
  }

  /** Calls `listener` on every change of a path, and loads it now. Answers the way to unsubscribe, which ends a load that nobody waits for. */
  subscribe(path: string, listener: () => void): () => void {
    const kept = this.#keep(path);
    kept.listeners.add(listener);
    if (kept.running === null) void this.#load(path, kept);
    return () => {
      kept.listeners.delete(listener);
      if (kept.listeners.size > 0) return;
      kept.running?.abort();
      kept.running = null;
      this.#forgetIdle();
    };
  }

  /** Loads again what starts with `prefix` and is shown; forgets what is not shown. */
  invalidate(prefix: string): void {
    for (const [path, kept] of this.#kept) {
      if (!path.startsWith(prefix)) continue;
      if (kept.listeners.size === 0) this.#kept.delete(path);
      else void this.#load(path, kept);
    }
  }

  #keep(path: string): Kept {
    const known = this.#kept.get(path) ?? { entry: fresh, listeners: new Set(), running: null };
    // The order of the map is the order of use.
    this.#kept.delete(path);
    this.#kept.set(path, known);
    return known;
  }

  async #load(path: string, kept: Kept): Promise<void> {
    kept.running?.abort();
    const running = new AbortController();
    kept.running = running;
    this.#set(kept, { ...kept.entry, loading: true });
    const result = await this.#fetch(path, running.signal).then(
      (data) => ({ data, error: null, at: this.#now() }),
      (error: Error) => ({ data: kept.entry.data, error, at: kept.entry.at }),
    );
    if (kept.running !== running) return;
    kept.running = null;
    this.#set(kept, { ...result, loading: false });
  }

  #set(kept: Kept, entry: Entry): void {
    kept.entry = entry;
    for (const listener of kept.listeners) listener();
  }

  #forgetIdle(): void {
    const idle = [...this.#kept].filter(([, kept]) => kept.listeners.size === 0);
    for (const [path] of idle.slice(0, Math.max(0, idle.length - this.#maxIdle))) this.#kept.delete(path);
  }
}
