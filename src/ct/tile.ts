import { foldRight, rangeOfLeaves, subtrees, type NodePlace } from './compact-range.js';
import { hashBytes } from './merkle.js';
import type { LeafRange } from './proof.js';

/** Entries or hashes in a full tile (C2SP tlog-tiles). */
export const tileWidth = 256;

/** One tile: a level (or the entries themselves), its number, and how many of its 256 places are filled. */
export interface Tile {
  readonly level: number | 'data';
  readonly number: number;
  readonly width: number;
}

/** Path of a tile below the monitoring prefix, for example `tile/0/x001/x234/067` or `tile/data/000.p/12`. */
export function tilePath(tile: Tile): string {
  const groups = [String(tile.number % 1000).padStart(3, '0')];
  for (let rest = Math.floor(tile.number / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  const partial = tile.width === tileWidth ? '' : `.p/${tile.width}`;
  return `tile/${tile.level}/${groups.join('/')}${partial}`;
}

/** The tile of `level` and `number` as a tree of `size` leaves has it; width 0 when it does not exist yet. */
export function tileAt(level: number | 'data', number: number, size: number): Tile {
  const places = Math.floor(size / 256 ** (level === 'data' ? 0 : level));
  return { level, number, width: Math.max(0, Math.min(tileWidth, places - number * tileWidth)) };
}

/** Where a node's hash comes from: a tile, and the places of it that are folded together. */
export interface TileSlice {
  readonly tileLevel: number;
  readonly tileNumber: number;
  readonly from: number;
  readonly count: number;
}

/** Tile level 0 holds leaf hashes, level 1 hashes of 256 leaves, and so on; the levels between are folded from those below. */
export function sliceOf(place: NodePlace): TileSlice {
  const tileLevel = Math.floor(place.level / 8);
  const count = 2 ** (place.level % 8);
  const from = place.index * count;
  return {
    tileLevel,
    tileNumber: Math.floor(from / tileWidth),
    from: from % tileWidth,
    count,
  };
}

/** The slices whose hashes, folded, are the hash of `range`. */
export function slicesOf(range: LeafRange): TileSlice[] {
  return subtrees(range.start, range.end).map(sliceOf);
}

/** Hash of a slice, from the bytes of its tile. */
export function sliceHash(slice: TileSlice, tile: Buffer): Buffer {
  const hashes = tile.subarray(slice.from * hashBytes, (slice.from + slice.count) * hashBytes);
  return foldRight(rangeOfLeaves(0, Buffer.from(hashes)).hashes);
}
