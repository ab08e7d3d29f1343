import { MalformedError, u16At, u24At } from './bytes.js';
import { readTimestampedEntry, entryTypes, unknownEntryType, type EntryParts } from './entry.js';
import { hashBytes } from './merkle.js';

/** Where the parts of one TileLeaf lie in its data tile (C2SP static-ct-api, "Log Entries"). */
export interface TileEntry {
  readonly parts: EntryParts;
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
  const parts = readTimestampedEntry(tile, at, tile.length);
  if (parts.entryType === unknownEntryType) throw new MalformedError('data tile: unknown entry type');
  let precertificateEnd = parts.extensionsEnd;
  let precertificateStart = precertificateEnd;
  if (parts.entryType === entryTypes.precertificate) {
    precertificateStart += 3;
    precertificateEnd = precertificateStart + u24At(tile, parts.extensionsEnd);
  }
  const chainStart = precertificateEnd + 2;
  const chainEnd = chainStart + u16At(tile, precertificateEnd);
  if (chainEnd > tile.length) throw new MalformedError('data tile: ends within an entry');
  if ((chainEnd - chainStart) % hashBytes !== 0)
    throw new MalformedError('data tile: chain is not 32-byte hashes');
  return { parts, start: at, precertificateStart, precertificateEnd, chainStart, chainEnd };
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
