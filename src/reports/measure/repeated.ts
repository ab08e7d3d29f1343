/** Finds hashes that come more than once among very many, eight bytes each: by their first 52 bits. */
export class Repeated {
  #values = new Float64Array(1_024);
  #length = 0;

  /** Takes a hash in hex. */
  add(hash: string): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = startOf(hash);
    this.#length += 1;
  }

  /** How many different hashes there were, and whether one may have come more than once: true of all that did. */
  result(): { readonly distinct: number; isRepeated(hash: string): boolean } {
    const sorted = this.#values.subarray(0, this.#length).sort();
    const repeated = new Set<number>();
    let distinct = 0;
    sorted.forEach((value, index) => {
      if (index > 0 && sorted[index - 1] === value) repeated.add(value);
      else distinct += 1;
    });
    return { distinct, isRepeated: (hash) => repeated.has(startOf(hash)) };
  }
}

function startOf(hash: string): number {
  return Number.parseInt(hash.slice(0, 13), 16);
}
