import { createHash, hash } from 'node:crypto';

/** Length of every hash in a log: SHA-256. */
export const hashBytes = 32;

/** Root of the empty tree: SHA-256 of nothing (RFC 6962 section 2.1). */
export const emptyRoot: Buffer = createHash('sha256').digest();

const nodeInput = Buffer.alloc(1 + 2 * hashBytes);
nodeInput[0] = 1;

/** SHA-256(0x00 || leaf), RFC 6962 section 2.1. */
export function leafHash(leaf: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(hashBytes);
  writeLeafHash(out, 0, Buffer.from(leaf), 0, leaf.length, 1);
  return out;
}

/**
 * Writes SHA-256(0x00 * zeros || bytes[start, end)) to `out` at `at`. One zero makes a leaf hash of a MerkleTreeLeaf; three
 * make one of a TimestampedEntry, whose leaf starts with version 0 and leaf type 0. The bytes before `start` serve as room
 * for the zeros and are put back, so that nothing is copied.
 */
export function writeLeafHash(
  out: Buffer,
  at: number,
  bytes: Buffer,
  start: number,
  end: number,
  zeros: 1 | 3,
): void {
  if (start < zeros) {
    const copy = Buffer.concat([Buffer.alloc(zeros), bytes.subarray(start, end)]);
    writeLeafHash(out, at, copy, zeros, copy.length, zeros);
    return;
  }
  const from = start - zeros;
  const [first = 0, second = 0, third = 0] = [bytes[from], bytes[from + 1], bytes[from + 2]];
  for (let zero = from; zero < start; zero += 1) bytes[zero] = 0;
  // One call that answers with a string costs a fifth of createHash() and its objects.
  out.write(hash('sha256', bytes.subarray(from, end), 'binary'), at, 'latin1');
  bytes[from] = first;
  if (zeros === 3) {
    bytes[from + 1] = second;
    bytes[from + 2] = third;
  }
}

/** SHA-256(0x01 || left || right), RFC 6962 section 2.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + hashBytes);
  return Buffer.from(hash('sha256', nodeInput, 'binary'), 'latin1');
}

/** Replaces `count` pairs of hashes lying from `from` on by their parents, written from `to` on (`to` <= `from`). */
export function hashPairs(hashes: Buffer, from: number, count: number, to: number): void {
  for (let pair = 0; pair < count; pair += 1) {
    const at = from + pair * 2 * hashBytes;
    hashes.copy(nodeInput, 1, at, at + 2 * hashBytes);
    hashes.write(hash('sha256', nodeInput, 'binary'), to + pair * hashBytes, 'latin1');
  }
}
