import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rangeOfLeaves } from '../../src/ct/compact-range.js';
import { leafHash } from '../../src/ct/merkle.js';
import {
  consistencyRanges,
  inclusionRanges,
  rangeFromLastLeaf,
  verifyConsistency,
  verifyInclusion,
} from '../../src/ct/proof.js';
import { hashesOf, parseSignedTreeHead } from '../../src/ct/tree-head.js';
import { MerkleTree } from '../support/ct-log-tree.js';
import { sharedFile, sharedJson, withoutShared } from './shared.js';

const size = 70;
const tree = new MerkleTree();
for (let leaf = 0; leaf < size; leaf += 1) tree.append(Buffer.from([leaf]));
const at = (treeSize: number): { size: number; root: Buffer } => ({
  size: treeSize,
  root: tree.root(treeSize),
});

function flip(hash: Buffer): Buffer {
  const copy = Buffer.from(hash);
  copy[0]! ^= 1;
  return copy;
}

describe('a consistency proof', () => {
  it('verifies between any two sizes', () => {
    for (let second = 0; second <= size; second += 1)
      for (let first = 0; first <= second; first += 1)
        assert.ok(
          verifyConsistency(at(first), at(second), tree.consistencyProof(first, second)),
          `${first} ${second}`,
        );
  });

  it('names the ranges whose hashes it is made of', () => {
    for (let second = 1; second <= size; second += 1)
      for (let first = 1; first <= second; first += 1) {
        const hashes = consistencyRanges(first, second).map(({ start, end }) => tree.rangeHash(start, end));
        assert.deepEqual(hashes, tree.consistencyProof(first, second));
      }
  });

  it('fails with any hash changed, missing, added, or swapped', () => {
    for (const [first, second] of [
      [1, 2],
      [7, 64],
      [8, 70],
      [33, 65],
    ] as const) {
      const proof = tree.consistencyProof(first, second);
      for (const [position, hash] of proof.entries())
        assert.equal(verifyConsistency(at(first), at(second), proof.with(position, flip(hash))), false);
      assert.equal(verifyConsistency(at(first), at(second), proof.slice(1)), false);
      assert.equal(verifyConsistency(at(first), at(second), [...proof, tree.root()]), false);
      if (proof.length > 1) assert.equal(verifyConsistency(at(first), at(second), proof.toReversed()), false);
    }
  });

  it('fails between trees that differ, backwards, and with surplus hashes where none are needed', () => {
    const other = { size: 8, root: flip(tree.root(8)) };
    assert.equal(verifyConsistency(other, at(20), tree.consistencyProof(8, 20)), false);
    assert.equal(verifyConsistency(at(20), at(8), []), false);
    assert.equal(verifyConsistency(at(8), other, []), false);
    assert.equal(verifyConsistency(at(0), at(8), [tree.root(8)]), false);
    assert.equal(verifyConsistency(at(8), at(8), [tree.root(8)]), false);
  });

  it('of 23 hashes between real heads of Argon2027h1 verifies', { skip: withoutShared }, () => {
    const [first, second] = ['sth1', 'sth2'].map((name) => {
      const head = parseSignedTreeHead(sharedFile(`rfc6962/argon2027h1_${name}.json`).toString());
      return { size: head.treeSize, root: head.rootHash };
    });
    const json = sharedJson('rfc6962/argon2027h1_consistency_384065451_384071894.json');
    const proof = hashesOf(json['consistency'], 'consistency');
    assert.equal(proof.length, 23);
    assert.ok(verifyConsistency(first!, second!, proof));
    assert.equal(verifyConsistency(first!, second!, proof.with(11, flip(proof[11]!))), false);
  });

  it('between all sizes of the real growing log verifies', { skip: withoutShared }, () => {
    const folder = 'static-ct/tesseract_growing_log';
    const roots = Array.from({ length: 16 }, (_, n) =>
      sharedFile(`${folder}/checkpoint.${n}`).toString().split('\n'),
    );
    const hashes = sharedFile(`${folder}/tile/0/000.p/15`);
    const grown = new MerkleTree();
    for (let leaf = 0; leaf < 15; leaf += 1) grown.appendHash(hashes.subarray(leaf * 32, leaf * 32 + 32));
    const head = (n: number) => ({ size: n, root: Buffer.from(roots[n]![2]!, 'base64') });
    for (let second = 1; second <= 15; second += 1)
      for (let first = 1; first <= second; first += 1)
        assert.ok(verifyConsistency(head(first), head(second), grown.consistencyProof(first, second)));
  });
});

describe('an audit path', () => {
  it('leads from every leaf to the root of every tree, and from no other leaf', () => {
    for (let treeSize = 1; treeSize <= size; treeSize += 1)
      for (let index = 0; index < treeSize; index += 1) {
        const path = tree.inclusionProof(index, treeSize);
        const ranges = inclusionRanges(index, treeSize).map(({ start, end }) => tree.rangeHash(start, end));
        assert.deepEqual(ranges, path);
        assert.ok(verifyInclusion(tree.leafHash(index), index, treeSize, path, tree.root(treeSize)));
        const wrong = leafHash(Buffer.from('another'));
        assert.equal(verifyInclusion(wrong, index, treeSize, path, tree.root(treeSize)), false);
        assert.equal(
          verifyInclusion(tree.leafHash(index), index + 1, treeSize, path, tree.root(treeSize)),
          false,
        );
      }
  });

  it('of the last leaf gives the compact range of the whole tree', () => {
    for (let treeSize = 1; treeSize <= size; treeSize += 1) {
      const leaves = Array.from({ length: treeSize }, (_, index) => tree.leafHash(index));
      const path = tree.inclusionProof(treeSize - 1, treeSize);
      assert.deepEqual(
        rangeFromLastLeaf(tree.leafHash(treeSize - 1), treeSize, path),
        rangeOfLeaves(0, Buffer.concat(leaves)),
      );
    }
    assert.throws(() => rangeFromLastLeaf(tree.leafHash(0), 64, []), /audit path/);
  });
});
