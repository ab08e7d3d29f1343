import { createHash, hash } from 'node:crypto';

const width = 32;

/**
 * An append-only Merkle tree written straight from RFC 6962 section 2.1, on purpose without any code of src/ct: what the
 * tests' log serves is an independent opinion. Complete subtrees are remembered, 64 bytes a leaf in all.
 */
export class MerkleTree {
  /** levels[l] holds the hashes of the complete subtrees over leaves [i * 2^l, (i + 1) * 2^l), one behind the other. */
  private readonly levels: { bytes: Buffer; count: number }[] = [
    { bytes: Buffer.alloc(1024 * width), count: 0 },
  ];
  private readonly leafInput = { bytes: Buffer.alloc(4096) };
  private readonly nodeInput = Buffer.alloc(1 + 2 * width, 1);

  get size(): number {
    return this.levels[0]!.count;
  }

  append(leafInput: Uint8Array): void {
    if (leafInput.length >= this.leafInput.bytes.length)
      this.leafInput.bytes = Buffer.alloc(2 * leafInput.length);
    this.leafInput.bytes.set(leafInput, 1);
    this.push(0, hash('sha256', this.leafInput.bytes.subarray(0, 1 + leafInput.length), 'binary'));
  }

  appendHash(leafHash: Buffer): void {
    this.push(0, leafHash.toString('latin1'));
  }

  private push(level: number, nodeHash: string): void {
    const row = (this.levels[level] ??= { bytes: Buffer.alloc(64 * width), count: 0 });
    if ((row.count + 1) * width > row.bytes.length)
      row.bytes = Buffer.concat([row.bytes, Buffer.alloc(row.bytes.length)]);
    row.bytes.write(nodeHash, row.count * width, 'latin1');
    row.count += 1;
    if (row.count % 2 === 1) return;
    row.bytes.copy(this.nodeInput, 1, (row.count - 2) * width, row.count * width);
    this.push(level + 1, hash('sha256', this.nodeInput, 'binary'));
  }

  /** Hash of the complete subtree at a place; undefined while it is not complete. */
  node(level: number, index: number): Buffer | undefined {
    const row = this.levels[level];
    return row === undefined || index >= row.count
      ? undefined
      : row.bytes.subarray(index * width, (index + 1) * width);
  }

  /** Hashes of `count` neighbouring subtrees of one level. */
  nodes(level: number, index: number, count: number): Buffer {
    return Buffer.from(this.levels[level]!.bytes.subarray(index * width, (index + count) * width));
  }

  root(size: number = this.size): Buffer {
    return size === 0 ? createHash('sha256').digest() : this.rangeHash(0, size);
  }

  /** MTH(D[start:end]). */
  rangeHash(start: number, end: number): Buffer {
    const leaves = end - start;
    const level = Math.log2(leaves);
    const known =
      Number.isInteger(level) && start % leaves === 0 ? this.node(level, start / leaves) : undefined;
    if (known !== undefined) return Buffer.from(known);
    const middle = start + split(leaves);
    const parts = [Buffer.from([1]), this.rangeHash(start, middle), this.rangeHash(middle, end)];
    return createHash('sha256').update(Buffer.concat(parts)).digest();
  }

  leafHash(index: number): Buffer {
    return this.nodes(0, index, 1);
  }

  /** First place of a leaf hash; -1 when there is none. */
  indexOf(leafHash: Uint8Array): number {
    for (let index = 0; index < this.size; index += 1)
      if (this.node(0, index)!.equals(leafHash)) return index;
    return -1;
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
