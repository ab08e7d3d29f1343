import { outcomes, type Outcome } from '../../../src/model/observation.js';
import type { ScanProgress } from '../../../src/model/scan-run.js';

/** What is done and what is under way. */
export class ScanTally {
  readonly #startedAt = performance.now();
  readonly #outcomes = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  /** Open looks by position; positions come in ascending order, so the first key is the smallest. */
  readonly #open = new Map<number, number>();
  #next: number;
  #total: number | null;
  #done = 0;

  constructor(total: number | null, position: number) {
    this.#total = total;
    this.#next = position;
  }

  open(position: number): void {
    this.#open.set(position, (this.#open.get(position) ?? 0) + 1);
    this.#next = Math.max(this.#next, position + 1);
  }

  /** A place behind all others, for a look that the walk did not know of. */
  append(): number {
    const position = this.#next;
    if (this.#total !== null) this.#total += 1;
    this.open(position);
    return position;
  }

  close(position: number, outcome: Outcome): void {
    this.#outcomes[outcome] += 1;
    this.#done += 1;
    this.#release(position);
  }

  /** The look at `position` has turned into `count` looks that were opened apart. */
  expanded(position: number, count: number): void {
    if (this.#total !== null) this.#total += count - 1;
    this.#release(position);
  }

  /** Everything before this position is done. */
  position(): number {
    const [first] = this.#open.keys();
    return first ?? this.#next;
  }

  progress(): ScanProgress {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const rate = seconds > 0 ? this.#done / seconds : 0;
    const secondsLeft =
      this.#total === null || rate === 0 ? null : Math.max(0, this.#total - this.#done) / rate;
    return { done: this.#done, total: this.#total, rate, secondsLeft, outcomes: { ...this.#outcomes } };
  }

  #release(position: number): void {
    const left = (this.#open.get(position) ?? 1) - 1;
    if (left === 0) this.#open.delete(position);
    else this.#open.set(position, left);
  }
}
