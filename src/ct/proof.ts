import { MalformedError } from './bytes.js';
import { rangeFromHashes, type CompactRange } from './compact-range.js';
import { nodeHash } from './merkle.js';

/** Leaves [start, end). */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** Largest power of two below `size` (which is at least 2). */
function splitPoint(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** The ranges whose hashes make the consistency proof between two tree sizes, in the proof's order (RFC 6962 section 2.1.2). */
export function consistencyRanges(first: number, second: number): LeafRange[] {
  if (first === 0 || first === second) return [];
  const proof: LeafRange[] = [];
  let start = 0;
  let end = second;
  // `whole` stays true while [start, end) still begins the first tree, whose root the verifier has already.
  let whole = true;
  while (end !== first) {
    const middle = start + splitPoint(end - start);
    if (first <= middle) {
      proof.push({ start: middle, end });
      end = middle;
    } else {
      proof.push({ start, end: middle });
      start = middle;
      whole = false;
    }
  }
  if (!whole) proof.push({ start, end });
  return proof.reverse();
}

/** The ranges whose hashes make the audit path of leaf `index` in a tree of `size`, leaf upwards (RFC 6962 section 2.1.1). */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  const path: LeafRange[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    if (index < middle) {
      path.push({ start: middle, end });
      end = middle;
    } else {
      path.push({ start, end: middle });
      start = middle;
    }
  }
  return path.reverse();
}

/** True when `proof` shows that the tree of `second` leaves extends the tree of `first` (RFC 9162 section 2.1.4.2). */
export function verifyConsistency(
  first: { readonly size: number; readonly root: Uint8Array },
  second: { readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  if (first.size > second.size) return false;
  if (first.size === second.size) return proof.length === 0 && equal(first.root, second.root);
  if (first.size === 0) return proof.length === 0;
  const ranges = consistencyRanges(first.size, second.size);
  if (ranges.length !== proof.length || proof.some((hash) => hash.length !== 32)) return false;
  // Without the first hash the old root itself is the common subtree.
  const seeded = isPowerOfTwo(first.size) ? 0 : 1;
  let oldRoot: Uint8Array = seeded === 0 ? first.root : (proof[0] ?? first.root);
  let newRoot = oldRoot;
  for (const [position, hash] of proof.entries()) {
    if (position < seeded) continue;
    if ((ranges[position]?.end ?? 0) <= first.size) {
      oldRoot = nodeHash(hash, oldRoot);
      newRoot = nodeHash(hash, newRoot);
    } else newRoot = nodeHash(newRoot, hash);
  }
  return equal(oldRoot, first.root) && equal(newRoot, second.root);
}

function isPowerOfTwo(size: number): boolean {
  return splitPoint(size + 1) === size;
}

/** Root of the tree of `size` leaves that `path` leads to from the leaf at `index`; null when the path has the wrong length. */
export function rootFromInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Buffer | null {
  if (index < 0 || index >= size) return null;
  const ranges = inclusionRanges(index, size);
  if (ranges.length !== path.length || path.some((hash) => hash.length !== 32)) return null;
  let root: Buffer = Buffer.from(leaf);
  for (const [position, hash] of path.entries())
    root = (ranges[position]?.start ?? 0) > index ? nodeHash(root, hash) : nodeHash(hash, root);
  return root;
}

/** True when `path` leads from `leaf` at `index` to `root`. */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  const computed = rootFromInclusion(leaf, index, size, path);
  return computed !== null && equal(computed, root);
}

/**
 * The compact range of all `size` leaves, from the audit path of the last of them: on the right edge every sibling is a left
 * one, so the path holds exactly the range's other subtrees. The caller has verified the path.
 */
export function rangeFromLastLeaf(leaf: Uint8Array, size: number, path: readonly Uint8Array[]): CompactRange {
  let tail: Buffer = Buffer.from(leaf);
  let used = 0;
  for (let odd = size; odd % 2 === 0 && odd > 0; odd /= 2) {
    const sibling = path[used];
    if (sibling === undefined)
      throw new MalformedError(`audit path of ${path.length} hashes for size ${size}`);
    tail = nodeHash(sibling, tail);
    used += 1;
  }
  return rangeFromHashes(size, Buffer.concat([...path.slice(used).reverse(), tail]));
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
