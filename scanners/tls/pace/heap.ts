/** A priority queue: the entry with the smallest `at` first. */
export class Heap<T> {
  readonly #entries: { readonly at: number; readonly value: T }[] = [];

  get size(): number {
    return this.#entries.length;
  }

  /** The smallest `at`; Infinity when empty. */
  get nextAt(): number {
    return this.#entries[0]?.at ?? Infinity;
  }

  push(at: number, value: T): void {
    const entries = this.#entries;
    let index = entries.push({ at, value }) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if ((entries[parent]?.at ?? -Infinity) <= at) break;
      this.#swap(index, parent);
      index = parent;
    }
  }

  pop(): T | undefined {
    const entries = this.#entries;
    const top = entries[0];
    const last = entries.pop();
    if (top === undefined || last === undefined || entries.length === 0) return top?.value;
    entries[0] = last;
    for (let index = 0; ;) {
      const left = index * 2 + 1;
      const smaller = this.#at(left + 1) < this.#at(left) ? left + 1 : left;
      if (this.#at(smaller) >= last.at) return top.value;
      this.#swap(index, smaller);
      index = smaller;
    }
  }

  #at(index: number): number {
    return this.#entries[index]?.at ?? Infinity;
  }

  #swap(x: number, y: number): void {
    const [first, second] = [this.#entries[x], this.#entries[y]];
    if (first === undefined || second === undefined) return;
    this.#entries[x] = second;
    this.#entries[y] = first;
  }
}
