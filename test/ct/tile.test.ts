import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sliceHash, slicesOf, tileAt, tilePath } from '../../src/ct/tile.js';
import { foldRight } from '../../src/ct/compact-range.js';
import { MerkleTree } from '../support/ct-log-tree.js';

for (const [level, number, width, path] of [
  [0, 0, 256, 'tile/0/000'],
  ['data', 0, 12, 'tile/data/000.p/12'],
  [1, 999, 256, 'tile/1/999'],
  [0, 1000, 256, 'tile/0/x001/000'],
  [0, 1_234_067, 256, 'tile/0/x001/x234/067'],
  ['data', 1_234_067, 255, 'tile/data/x001/x234/067.p/255'],
] as const)
  it(`names tile ${level}/${number} of width ${width} ${path}`, () => {
    assert.equal(tilePath({ level, number, width }), path);
  });

it('has the partial widths of C2SP tlog-tiles for size 70,000', () => {
  const widths = [
    [0, 272, 256],
    [0, 273, 112],
    [0, 274, 0],
    [1, 0, 256],
    [1, 1, 17],
    [2, 0, 1],
    [3, 0, 0],
  ] as const;
  for (const [level, number, width] of widths) assert.equal(tileAt(level, number, 70_000).width, width);
  assert.equal(tileAt('data', 273, 70_000).width, 112);
});

it('finds the hash of any range in the tiles', () => {
  const tree = new MerkleTree();
  for (let leaf = 0; leaf < 70_000; leaf += 1) tree.appendHash(Buffer.alloc(32, leaf % 251));
  const tile = (level: number, number: number): Buffer =>
    Buffer.concat(
      Array.from({ length: tileAt(level, number, tree.size).width }, (_, at) =>
        tree.node(level * 8, number * 256 + at)!,
      ),
    );
  for (const [start, end] of [
    [0, 1],
    [69_999, 70_000],
    [0, 65_536],
    [65_536, 70_000],
    [4096, 4608],
    [0, 70_000],
  ] as const) {
    const hashes = slicesOf({ start, end }).map((slice) =>
      sliceHash(slice, tile(slice.tileLevel, slice.tileNumber)),
    );
    assert.deepEqual(foldRight(Buffer.concat(hashes)), tree.rangeHash(start, end), `${start}-${end}`);
  }
});
