import { MalformedError } from './bytes.js';
import { emptyRoot, hashBytes, hashPairs, nodeHash } from './merkle.js';

/**
 * The leaves [start, end) of a log, reduced to the roots of the fewest complete aligned subtrees that cover them, left to
 * right (less than 4 KB for any range). Ranges that touch can be joined; a range from 0 gives the tree's root.
 */
export interface CompactRange {
  readonly start: number;
  readonly end: number;
  /** The subtree roots, 32 bytes each; their places follow from `start` and `end` ({@link subtrees}). */
  readonly hashes: Buffer;
}

/** Place of a complete subtree: leaves [index * 2^level, (index + 1) * 2^level). */
export interface NodePlace {
  readonly level: number;
  readonly index: number;
}

/** The range of no leaves, from which a tree is read from its beginning. */
export const emptyRange: CompactRange = { start: 0, end: 0, hashes: Buffer.alloc(0) };

/** The fewest complete aligned subtrees that cover [start, end), left to right. */
export function subtrees(start: number, end: number): NodePlace[] {
  const places: NodePlace[] = [];
  for (let at = start; at < end;) {
    let level = 0;
    let size = 1;
    while (at % (size * 2) === 0 && at + size * 2 <= end) {
      size *= 2;
      level += 1;
    }
    places.push({ level, index: at / size });
    at += size;
  }
  return places;
}

/** Reduces the hashes of the leaves [start, start + n) to a range. `leafHashes` (n * 32 bytes) is overwritten. */
export function rangeOfLeaves(start: number, leafHashes: Buffer): CompactRange {
  const left: Buffer[] = [];
  const right: Buffer[] = [];
  const end = start + leafHashes.length / hashBytes;
  let first = start;
  let count = end - start;
  let from = 0;
  while (count > 0) {
    if (first % 2 === 1) {
      left.push(copyOf(leafHashes, from));
      from += hashBytes;
      first += 1;
      count -= 1;
    }
    if (count % 2 === 1) {
      count -= 1;
      right.push(copyOf(leafHashes, from + count * hashBytes));
    }
    hashPairs(leafHashes, from, count / 2, 0);
    from = 0;
    first /= 2;
    count /= 2;
  }
  return { start, end, hashes: Buffer.concat([...left, ...right.reverse()]) };
}

function copyOf(hashes: Buffer, at: number): Buffer {
  return Buffer.from(hashes.subarray(at, at + hashBytes));
}

/** Joins two ranges, the second beginning where the first ends. */
export function joinRanges(first: CompactRange, second: CompactRange): CompactRange {
  if (first.end !== second.start)
    throw new Error(`ranges do not touch: one ends at ${first.end}, the next starts at ${second.start}`);
  const nodes: { level: number; index: number; hash: Buffer }[] = [];
  for (const { level, index, hash } of [...placed(first), ...placed(second)]) {
    let node = { level, index, hash };
    for (let last = nodes.at(-1); last?.level === node.level && last.index % 2 === 0; last = nodes.at(-1)) {
      nodes.pop();
      node = { level: node.level + 1, index: last.index / 2, hash: nodeHash(last.hash, node.hash) };
    }
    nodes.push(node);
  }
  return { start: first.start, end: second.end, hashes: Buffer.concat(nodes.map((node) => node.hash)) };
}

function placed(range: CompactRange): { level: number; index: number; hash: Buffer }[] {
  return subtrees(range.start, range.end).map((place, position) => ({
    ...place,
    hash: range.hashes.subarray(position * hashBytes, (position + 1) * hashBytes),
  }));
}

/** Root of the tree whose leaves are [0, end). */
export function rootOf(range: CompactRange): Buffer {
  if (range.start !== 0) throw new Error(`a root needs a range from 0, this one starts at ${range.start}`);
  return range.end === 0 ? emptyRoot : foldRight(range.hashes);
}

/** Hash of adjoining subtrees, the larger ones left, as RFC 6962 section 2.1 joins them. */
export function foldRight(hashes: Buffer): Buffer {
  let at = hashes.length - hashBytes;
  let root = copyOf(hashes, at);
  while (at > 0) {
    at -= hashBytes;
    root = nodeHash(hashes.subarray(at, at + hashBytes), root);
  }
  return root;
}

/** Reads a range from 0 back from its size and hashes; throws {@link MalformedError} when they do not fit. */
export function rangeFromHashes(end: number, hashes: Buffer): CompactRange {
  if (!Number.isSafeInteger(end) || end < 0) throw new MalformedError(`compact range: size ${end}`);
  const expected = subtrees(0, end).length * hashBytes;
  if (hashes.length !== expected)
    throw new MalformedError(`compact range: ${hashes.length} bytes for size ${end}, not ${expected}`);
  return { start: 0, end, hashes };
}
