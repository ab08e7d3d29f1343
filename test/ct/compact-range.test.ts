import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  emptyRange,
  joinRanges,
  rangeFromHashes,
  rangeOfLeaves,
  rootOf,
  subtrees,
  type CompactRange,
} from '../../src/ct/compact-range.js';
import { MerkleTree } from '../support/ct-log-tree.js';
import { seeded, sharedFile, sharedJson, withoutShared } from './shared.js';

const tree = new MerkleTree();
for (let leaf = 0; leaf < 700; leaf += 1) tree.append(Buffer.from(`leaf ${leaf}`));

/** The range of real leaves [start, end), reduced at once. */
function rangeOf(start: number, end: number): CompactRange {
  const hashes = Array.from({ length: end - start }, (_, offset) => tree.leafHash(start + offset));
  return rangeOfLeaves(start, Buffer.concat(hashes));
}

describe('a compact range', () => {
  it('from 0 has the root of the tree, for every size', () => {
    for (let size = 0; size <= 300; size += 1) assert.deepEqual(rootOf(rangeOf(0, size)), tree.root(size));
  });

  it('covers its leaves with the fewest complete aligned subtrees', () => {
    assert.deepEqual(subtrees(0, 7), [
      { level: 2, index: 0 },
      { level: 1, index: 2 },
      { level: 0, index: 6 },
    ]);
    assert.deepEqual(subtrees(3, 9), [
      { level: 0, index: 3 },
      { level: 2, index: 1 },
      { level: 0, index: 8 },
    ]);
    assert.deepEqual(subtrees(5, 5), []);
  });

  it('joined from pieces cut anywhere equals the one made at once', () => {
    const random = seeded(1);
    for (let round = 0; round < 40; round += 1) {
      let range = emptyRange;
      while (range.end < tree.size) {
        const end = Math.min(tree.size, range.end + 1 + Math.floor(random() * 90));
        range = joinRanges(range, rangeOf(range.end, end));
      }
      assert.deepEqual(range, { ...rangeOf(0, tree.size), end: tree.size });
    }
  });

  it('can be joined in any order, as parallel downloads finish', () => {
    const [a, b, c] = [rangeOf(0, 100), rangeOf(100, 351), rangeOf(351, 700)];
    assert.deepEqual(joinRanges(joinRanges(a, b), c), joinRanges(a, joinRanges(b, c)));
  });

  it('is read back from its size and hashes, and nothing else is', () => {
    const range = rangeOf(0, 693);
    assert.deepEqual(rangeFromHashes(693, range.hashes), range);
    for (const size of [692, 512, -1, 1.5, 2 ** 60])
      assert.throws(() => rangeFromHashes(size, range.hashes), /compact range/);
  });

  it('refuses to be joined over a gap', () => {
    assert.throws(() => joinRanges(rangeOf(0, 10), rangeOf(11, 12)), /do not touch/);
    assert.throws(() => rootOf(rangeOf(1, 2)), /from 0/);
  });

  it('has the computed roots of the real Navigli tiles', { skip: withoutShared }, () => {
    const roots = sharedJson('static-ct/navigli2025h2/computed_roots.json')['roots_by_tree_size'];
    const files = ['000', '001', '002', '003'];
    const hashes = Buffer.concat(files.map((name) => sharedFile(`static-ct/navigli2025h2/tile/0/${name}`)));
    for (const [size, root] of Object.entries(roots as Record<string, string>)) {
      const range = rangeOfLeaves(0, Buffer.from(hashes.subarray(0, Number(size) * 32)));
      assert.equal(rootOf(range).toString('base64'), root, `size ${size}`);
    }
  });
});
