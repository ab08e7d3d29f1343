import { MalformedError } from './bytes.js';
import { readTimestampedEntry, entryTypes, unknownEntryType, type EntryParts } from './entry.js';
import { hashBytes } from './merkle.js';

/** Where the parts of one TileLeaf lie in its data tile (C2SP static-ct-api, "Log Entries"). */
export interface TileEntry extends EntryParts {
  /** Start of the TimestampedEntry; it ends at `extensionsEnd`. */
  readonly start: number;
  /** The submitted precertificate; empty for a certificate entry. */
  readonly precertificateStart: number;
  readonly precertificateEnd: number;
  /** SHA-256 fingerprints of the chain, 32 bytes each. */
  readonly chainStart: number;
  readonly chainEnd: number;
}

/**
 * Reads the TileLeaf at `at`: TimestampedEntry | [precertificate: pre_certificate u24-length] | chain u16-length of 32-byte
 * fingerprints. Throws {@link MalformedError}: after a broken entry no border of the tile is known, so the tile is bad.
 */
export function readTileLeaf(tile: Buffer, at: number): TileEntry {
  const entry = readTimestampedEntry(tile, at, tile.length);
  if (entry.entryType === unknownEntryType) throw new MalformedError('data tile: unknown entry type');
  let next = entry.extensionsEnd;
  let precertificateStart = next;
  if (entry.entryType === entryTypes.precertificate) {
    precertificateStart = next + 3;
    next = precertificateStart + lengthAt(tile, next, 3);
  }
  const chainStart = next + 2;
  const chainEnd = chainStart + lengthAt(tile, next, 2);
  if (chainEnd > tile.length) throw new MalformedError('data tile: ends within a chain');
  if ((chainEnd - chainStart) % hashBytes !== 0)
    throw new MalformedError('data tile: chain is not 32-byte hashes');
  return { ...entry, start: at, precertificateStart, precertificateEnd: next, chainStart, chainEnd };
}

function lengthAt(tile: Buffer, at: number, bytes: 2 | 3): number {
  if (at + bytes > tile.length) throw new MalformedError('data tile: ends within an entry');
  return tile.readUIntBE(at, bytes);
}

/** Reads `width` entries, which must fill the tile exactly. */
export function readDataTile(tile: Buffer, width: number): TileEntry[] {
  const entries: TileEntry[] = [];
  let at = 0;
  while (entries.length < width) {
    const entry = readTileLeaf(tile, at);
    entries.push(entry);
    at = entry.chainEnd;
  }
  if (at !== tile.length)
    throw new MalformedError(`data tile: ${tile.length - at} bytes after entry ${width}`);
  return entries;
}
