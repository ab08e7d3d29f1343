import { hash } from 'node:crypto';
import { asBuffer, MalformedError } from '../../../src/ct/bytes.js';
import { readDataTile, type TileEntry } from '../../../src/ct/data-tile.js';
import { entryTypes, readExtraData, readMerkleTreeLeaf, type EntryParts } from '../../../src/ct/entry.js';
import { locateEntries } from '../../../src/ct/get-entries.js';
import { hashBytes } from '../../../src/ct/merkle.js';
import type { Extras } from './found-entry.js';
import { decompressSync } from './decompress.js';
import type { PageBody } from '../read/log-reader.js';
import { createPageCollector, type DecodedPage, type Watch } from '../read/page-collector.js';

/**
 * Decodes the entries [start, end) of a page, as far as it holds them: hashes every leaf, reads those that may match; `watch`
 * null reads none and tells them all as unreadable. The page's bytes are overwritten. Throws {@link MalformedError} when the
 * page itself is broken; a broken entry is counted.
 */
export function decodePage(page: PageBody, start: number, end: number, watch: Watch | null): DecodedPage {
  const bytes = decompressSync(asBuffer(page.bytes), page.encoding, page.maxBytes);
  return page.format === 'data-tile'
    ? decodeTile(bytes, page, start, end, watch)
    : decodeGetEntries(bytes, start, end, watch);
}

function decodeTile(
  tile: Buffer,
  page: PageBody,
  start: number,
  end: number,
  watch: Watch | null,
): DecodedPage {
  const from = start - page.firstIndex;
  const entries = readDataTile(tile, page.width).slice(from, end - page.firstIndex);
  const collector = createPageCollector(start, entries.length, watch);
  for (const entry of entries)
    collector.add(tile, entry.start, entry.parts.extensionsEnd, 3, entry.parts, () =>
      tileExtras(tile, entry),
    );
  return collector.finish();
}

function tileExtras(tile: Buffer, entry: TileEntry): Extras {
  const chain: string[] = [];
  for (let at = entry.chainStart; at < entry.chainEnd; at += hashBytes)
    chain.push(tile.toString('hex', at, at + hashBytes));
  const isPrecertificate = entry.parts.entryType === entryTypes.precertificate;
  const precertificate = isPrecertificate
    ? tile.subarray(entry.precertificateStart, entry.precertificateEnd)
    : null;
  return { precertificate, chain, chainCertificates: [] };
}

function decodeGetEntries(json: Buffer, start: number, end: number, watch: Watch | null): DecodedPage {
  const texts = locateEntries(json, end - start);
  const collector = createPageCollector(start, texts.length, watch);
  for (const { leafStart, leafEnd, extraStart, extraEnd } of texts) {
    const { limit, parts } = readLeaf(json, leafStart, leafEnd);
    collector.add(json, leafStart, limit, 1, parts, () => {
      const extra = json.subarray(extraStart, extraStart + decodeBase64(json, extraStart, extraEnd));
      const { precertificate, chain } = readExtraData(parts?.entryType ?? entryTypes.x509, extra);
      return {
        precertificate,
        chain: chain.map((der) => hash('sha256', der, 'hex')),
        chainCertificates: chain,
      };
    });
  }
  return collector.finish();
}

/**
 * Decodes a leaf where it stands and says where it ends. `parts` null: it has no readable structure, which is a malformed entry,
 * never the end of the log; text that is not base64 stays as it is, and its hash will be wrong.
 */
function readLeaf(
  json: Buffer,
  start: number,
  textEnd: number,
): { readonly limit: number; readonly parts: EntryParts | null } {
  let limit = textEnd;
  try {
    limit = start + decodeBase64(json, start, textEnd);
    return { limit, parts: readMerkleTreeLeaf(json, start, limit) };
  } catch (error) {
    if (error instanceof MalformedError) return { limit, parts: null };
    throw error;
  }
}

/** Decodes base64 where it stands (it only gets shorter); answers the number of bytes. */
function decodeBase64(buffer: Buffer, start: number, end: number): number {
  const padding = buffer[end - 1] !== 0x3d ? 0 : buffer[end - 2] !== 0x3d ? 1 : 2;
  const expected = ((end - start) / 4) * 3 - (end > start ? padding : 0);
  const written = buffer.write(buffer.toString('latin1', start, end), start, 'base64');
  if (written !== expected) throw new MalformedError('get-entries: not base64');
  return written;
}
