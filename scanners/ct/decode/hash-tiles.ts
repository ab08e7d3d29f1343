import { MalformedError } from '../../../src/ct/bytes.js';
import { foldRight } from '../../../src/ct/compact-range.js';
import { hashBytes } from '../../../src/ct/merkle.js';
import type { LeafRange } from '../../../src/ct/proof.js';
import {
  sliceHash,
  slicesOf,
  tileAt,
  tilePath,
  tileWidth,
  type Tile,
  type TileSlice,
} from '../../../src/ct/tile.js';
import { HttpError } from '../read/http.js';
import { retrying, type LogTransport } from '../read/log-transport.js';

/** Hash tiles remembered per log: 8 KB each, a few per level in use. */
const remembered = 24;
const attempts = 4;

/** Hashes of parts of a static-ct-api log's tree, from its tiles. Nothing of it is authenticated: verify what you build. */
export interface HashTiles {
  /** Hash of `range` in the tree of `size` leaves. */
  rangeHash(range: LeafRange, size: number, signal: AbortSignal): Promise<Buffer>;
  /** Hashes of the subtrees of [0, size), as a compact range holds them. */
  edge(size: number, treeSize: number, signal: AbortSignal): Promise<Buffer>;
  forget(): void;
}

/** Reads tiles through `transport` and remembers the last used ones. */
export function createHashTiles(transport: LogTransport): HashTiles {
  const tiles = new Map<string, Buffer>();

  async function tileBytes(tile: Tile, signal: AbortSignal): Promise<Buffer> {
    const name = `${tile.level}/${tile.number}`;
    const known = tiles.get(name);
    if (known !== undefined && known.length >= tile.width * hashBytes) {
      tiles.delete(name);
      tiles.set(name, known);
      return known;
    }
    const bytes = await fetchTile(transport, tile, signal);
    if (bytes.length % hashBytes !== 0 || bytes.length < tile.width * hashBytes)
      throw new MalformedError(`${tilePath(tile)}: ${bytes.length} bytes`);
    tiles.set(name, bytes);
    for (const oldest of tiles.keys()) {
      if (tiles.size <= remembered) break;
      tiles.delete(oldest);
    }
    return bytes;
  }

  async function hashOf(slice: TileSlice, size: number, signal: AbortSignal): Promise<Buffer> {
    const tile = tileAt(slice.tileLevel, slice.tileNumber, size);
    return sliceHash(slice, await retrying(attempts, signal, () => tileBytes(tile, signal)));
  }

  async function hashes(range: LeafRange, size: number, signal: AbortSignal): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (const slice of slicesOf(range)) parts.push(await hashOf(slice, size, signal));
    return Buffer.concat(parts);
  }

  return {
    rangeHash: async (range, size, signal) => foldRight(await hashes(range, size, signal)),
    edge: (size, treeSize, signal) => hashes({ start: 0, end: size }, treeSize, signal),
    forget: () => tiles.clear(),
  };
}

/** A partial tile may be gone once its full tile is there (C2SP tlog-tiles); after both were missing the partial is tried again. */
export async function fetchPartialOrFull<T>(tile: Tile, fetch: (tile: Tile) => Promise<T>): Promise<T> {
  const full = { ...tile, width: tileWidth };
  const tries = tile.width === tileWidth ? [tile] : [tile, full, tile];
  for (const [position, candidate] of tries.entries())
    try {
      return await fetch(candidate);
    } catch (error) {
      const missing = error instanceof HttpError && (error.status === 404 || error.status === 410);
      if (!missing || position === tries.length - 1) throw error;
    }
  throw new Error(`${tilePath(tile)}: nothing was tried`);
}

function fetchTile(transport: LogTransport, tile: Tile, signal: AbortSignal): Promise<Buffer> {
  const maxBytes = tileWidth * hashBytes;
  return fetchPartialOrFull(tile, (candidate) => transport.bytes(tilePath(candidate), maxBytes, signal));
}
