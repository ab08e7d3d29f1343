import { asBuffer, MalformedError } from '../../../src/ct/bytes.js';
import { joinRanges, rangeOfLeaves, type CompactRange } from '../../../src/ct/compact-range.js';
import { entryTypes, readLeafIndex, type EntryParts } from '../../../src/ct/entry.js';
import { hashBytes, writeLeafHash } from '../../../src/ct/merkle.js';
import type { EntryFilter } from '../match/entry-filter.js';
import { readEntry, unreadEntry, type Extras, type FoundEntry } from '../decode/found-entry.js';
import type { Matcher } from '../match/matcher.js';

/** What is looked for. */
export interface Watch {
  readonly mayMatch: EntryFilter;
  readonly match: Matcher;
}

/** Entries counted by kind. */
export interface EntryCounts {
  x509: number;
  precertificate: number;
  /** Of a type RFC 6962 does not name. */
  unknown: number;
  /** Of an unknown type, without readable structure, with an unreadable certificate, or with another's leaf_index. */
  malformed: number;
}

/** What is left of a page once it is decoded: its part of the tree, and the entries that matter. */
export interface DecodedPage {
  readonly start: number;
  readonly end: number;
  /** Hashes of the compact range [start, end). */
  readonly hashes: Uint8Array;
  readonly counts: Readonly<EntryCounts>;
  /** Of the last entry; 0 when there is none. */
  readonly lastTimestampMs: number;
  readonly found: readonly FoundEntry[];
  /** Of `found`, and of what is no longer in it, those that match; what is only unreadable is told, but matches nothing. */
  readonly matched: number;
}

/** Takes the entries of one page in order. */
export interface PageCollector {
  /**
   * The next entry: its leaf is `zeros` - 1 zero bytes and buffer[start, end). `parts` null means that the leaf has no readable
   * structure. `extras` is called only for entries that are read in full.
   */
  add(
    buffer: Buffer,
    start: number,
    end: number,
    zeros: 1 | 3,
    parts: EntryParts | null,
    extras: () => Extras,
  ): void;
  finish(): DecodedPage;
}

/** Collects `count` entries from index `start` on; `watch` null: none is to be read. */
export function createPageCollector(start: number, count: number, watch: Watch | null): PageCollector {
  const leafHashes = Buffer.allocUnsafeSlow(count * hashBytes);
  const counts: EntryCounts = { x509: 0, precertificate: 0, unknown: 0, malformed: 0 };
  const found: FoundEntry[] = [];
  let added = 0;
  let lastTimestampMs = 0;
  return {
    add(buffer, leafStart, leafEnd, zeros, parts, extras) {
      const at = added * hashBytes;
      const leafIndex = start + added;
      writeLeafHash(leafHashes, at, buffer, leafStart, leafEnd, zeros);
      added += 1;
      const certificateStart = parts?.certificateStart ?? leafStart;
      const certificateEnd = parts?.certificateEnd ?? leafEnd;
      const entryType = parts?.entryType ?? -1;
      lastTimestampMs = parts?.timestampMs ?? lastTimestampMs;
      let malformed = parts === null || entryType < 0 || !hasOwnIndex(buffer, parts, leafIndex);
      if (entryType === entryTypes.x509) counts.x509 += 1;
      else if (entryType === entryTypes.precertificate) counts.precertificate += 1;
      else counts.unknown += 1;
      const kind = entryType === entryTypes.precertificate ? 'tbs' : 'certificate';
      if (watch === null || watch.mayMatch(buffer, certificateStart, certificateEnd, kind)) {
        const bytes = buffer.subarray(certificateStart, certificateEnd);
        const leafHash = leafHashes.toString('hex', at, at + hashBytes);
        const keyAt = parts?.issuerKeyHashAt ?? -1;
        const issuerKeyHash = keyAt < 0 ? null : buffer.toString('hex', keyAt, keyAt + hashBytes);
        const timestampMs = parts?.timestampMs ?? 0;
        const raw = { leafIndex, timestampMs, entryType, bytes, extras, leafHash, issuerKeyHash };
        const { entry, unreadable } = watch === null ? unreadEntry(raw) : readEntry(raw, watch.match);
        if (entry !== null) found.push(entry);
        malformed ||= unreadable;
      }
      if (malformed) counts.malformed += 1;
    },
    finish() {
      const { end, hashes } = rangeOfLeaves(start, leafHashes.subarray(0, added * hashBytes));
      const matched = found.filter(isMatch).length;
      return { start, end, hashes: new Uint8Array(hashes), counts, lastTimestampMs, found, matched };
    },
  };
}

function isMatch({ matches }: FoundEntry): boolean {
  return matches.some(({ watch }) => watch !== 'unreadable');
}

/** Adjoining pages as one that has nothing found any more. */
export function joinPages(pages: readonly DecodedPage[]): DecodedPage {
  const joined = pages.reduce((first, second) => ({
    ...second,
    start: first.start,
    hashes: joinRanges(rangeOf(first), rangeOf(second)).hashes,
    counts: {
      x509: first.counts.x509 + second.counts.x509,
      precertificate: first.counts.precertificate + second.counts.precertificate,
      unknown: first.counts.unknown + second.counts.unknown,
      malformed: first.counts.malformed + second.counts.malformed,
    },
    matched: first.matched + second.matched,
  }));
  return { ...joined, found: [] };
}

/** The page's part of the tree. */
export function rangeOf(page: DecodedPage): CompactRange {
  return { start: page.start, end: page.end, hashes: asBuffer(page.hashes) };
}

/** The leaf_index extension, where there is one, must name the entry's own place (C2SP static-ct-api). */
function hasOwnIndex(buffer: Buffer, parts: EntryParts, leafIndex: number): boolean {
  try {
    const claimed = readLeafIndex(buffer, parts.extensionsStart, parts.extensionsEnd);
    return claimed === null || claimed === leafIndex;
  } catch (error) {
    if (error instanceof MalformedError) return false;
    throw error;
  }
}
