import { randomBytes } from 'node:crypto';

/** An event and its id, by which a listener that was away can go on. */
export interface Numbered<E> {
  readonly id: string;
  readonly at: Date;
  readonly event: E;
}

/** What a listener that asks for what it missed gets. */
export interface Missed<E> {
  readonly events: readonly Numbered<E>[];
  /** False when more happened than is kept, or the process was another one: what is on the screen has to be read anew. */
  readonly isWhole: boolean;
}

/** Hands events to listeners as they happen, and keeps the last ones for those that were away. Ids belong to this process. */
export class EventLog<E> {
  readonly #kept: Numbered<E>[] = [];
  readonly #listeners = new Set<(event: Numbered<E>) => void>();
  readonly #origin = randomBytes(6).toString('hex');
  readonly #capacity: number;
  #count = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Id of the last event. */
  get lastId(): string {
    return `${this.#origin}-${this.#count}`;
  }

  /** True while nobody listens; what is expensive to make need not be made then. */
  get isIdle(): boolean {
    return this.#listeners.size === 0;
  }

  /** Keeps the event and hands it to everybody. `keep: false` is for what comes in masses: nobody gets it later. */
  publish(event: E, { keep = true } = {}): void {
    if (keep) this.#count += 1;
    const numbered = { id: this.lastId, at: new Date(), event };
    if (keep) this.#kept.push(numbered);
    if (this.#kept.length > this.#capacity) this.#kept.splice(0, this.#kept.length - this.#capacity);
    for (const listener of this.#listeners) listener(numbered);
  }

  /** Calls `listener` for every event from now on; the answer ends that. A listener does not throw. */
  listen(listener: (event: Numbered<E>) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** What happened after an id. */
  since(id: string): Missed<E> {
    const [origin, number = ''] = id.split('-');
    const after = Number(number);
    if (origin !== this.#origin || !/^\d{1,15}$/.test(number) || after > this.#count)
      return { events: [], isWhole: false };
    const missed = this.#count - after;
    const events = missed === 0 ? [] : this.#kept.slice(-missed);
    return { events, isWhole: events.length === missed };
  }
}
