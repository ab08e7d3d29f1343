import { createHash } from 'node:crypto';

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const zero = Buffer.from([0]);
const one = Buffer.from([1]);

/**
 * An append-only Merkle tree written straight from RFC 6962 section 2.1, on purpose without any code of src/ct: what the
 * tests' log serves is an independent opinion. Complete subtrees are remembered.
 */
export class MerkleTree {
  /** levels[l][i] = hash of the complete subtree over leaves [i * 2^l, (i + 1) * 2^l). */
  private readonly levels: Buffer[][] = [[]];

  get size(): number {
    return this.levels[0]!.length;
  }

  append(leafInput: Uint8Array): void {
    this.appendHash(sha256(zero, leafInput));
  }

  appendHash(hash: Buffer): void {
    this.levels[0]!.push(hash);
    for (let level = 0; this.levels[level]!.length % 2 === 0; level += 1) {
      const row = this.levels[level]!;
      const parent = sha256(one, row.at(-2)!, row.at(-1)!);
      (this.levels[level + 1] ??= []).push(parent);
    }
  }

  /** Hash of the complete subtree at a place; undefined while it is not complete. */
  node(level: number, index: number): Buffer | undefined {
    return this.levels[level]?.[index];
  }

  root(size: number = this.size): Buffer {
    return size === 0 ? sha256() : this.rangeHash(0, size);
  }

  /** MTH(D[start:end]). */
  rangeHash(start: number, end: number): Buffer {
    const width = end - start;
    const level = Math.log2(width);
    const known = Number.isInteger(level) ? this.node(level, start / width) : undefined;
    if (known !== undefined && start % width === 0) return known;
    const middle = start + split(width);
    return sha256(one, this.rangeHash(start, middle), this.rangeHash(middle, end));
  }

  leafHash(index: number): Buffer {
    return this.levels[0]![index]!;
  }

  /** First place of a leaf hash; -1 when there is none. */
  indexOf(hash: Uint8Array): number {
    return this.levels[0]!.findIndex((known) => known.equals(hash));
  }

  /** PATH(m, D[n]), section 2.1.1. */
  inclusionProof(index: number, size: number, start = 0): Buffer[] {
    if (size === 1) return [];
    const k = split(size);
    return index < k
      ? [...this.inclusionProof(index, k, start), this.rangeHash(start + k, start + size)]
      : [...this.inclusionProof(index - k, size - k, start + k), this.rangeHash(start, start + k)];
  }

  /** PROOF(m, D[n]), section 2.1.2. */
  consistencyProof(first: number, second: number): Buffer[] {
    return first === 0 ? [] : this.subproof(first, 0, second, true);
  }

  private subproof(m: number, start: number, n: number, complete: boolean): Buffer[] {
    if (m === n) return complete ? [] : [this.rangeHash(start, start + n)];
    const k = split(n);
    return m <= k
      ? [...this.subproof(m, start, k, complete), this.rangeHash(start + k, start + n)]
      : [...this.subproof(m - k, start + k, n - k, false), this.rangeHash(start, start + k)];
  }
}

/** Largest power of two smaller than n. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}
