import { createHash } from 'node:crypto';
import { memoize } from '../../lib/memoize.js';
import type { Certificate } from '../../model/certificate.js';
import { locate } from '../read/fast.js';
import { elementEnd } from '../read/layout.js';
import { canonicalSpki } from './canonical-spki.js';
import { modulusOfSpki } from './check-key.js';

/**
 * Known private keys as a sorted file of truncated hashes: 16 octets of header, then 16 octets for each key, ascending.
 *
 *   magic "CGKEYS1\0" (8) | count (u64, big endian) | count * first 16 octets of SHA-256(x)
 *
 * where x is the RSA modulus, big endian without leading zeros, or for any other key its SubjectPublicKeyInfo: the modulus
 * and not the SubjectPublicKeyInfo, because lists of weak keys (Debian's, CVE-2008-0166) fix no exponent and encoding. Pure:
 * reading and writing the file is the caller's.
 */
const magic = Buffer.from('CGKEYS1\0', 'latin1');

/** Octets of the file's header. */
export const headerBytes = 16;

/** Octets of each entry behind it. */
export const entryBytes = 16;

/** How many keys a file of `fileBytes` octets holds that begins with `header`. Throws Error when it is no such file. */
export function knownKeyCount(header: Uint8Array, fileBytes: number): number {
  const head = Buffer.from(header.buffer, header.byteOffset, header.length);
  if (head.length < headerBytes || !head.subarray(0, magic.length).equals(magic))
    throw new Error('Not a file of known keys: it does not begin with CGKEYS1.');
  const count = (fileBytes - headerBytes) / entryBytes;
  if (head.readBigUInt64BE(magic.length) !== BigInt(Math.ceil(count)) || !Number.isInteger(count))
    throw new Error('The file of known keys is cut off or has trailing bytes.');
  return count;
}

/** Index of the first entry that is above `wanted`, in whole ascending entries: 0 when all are, their number when none is. */
export function entriesUpTo(entries: Buffer, wanted: Buffer): number {
  let low = 0;
  let high = entries.length / entryBytes;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareEntry(entries, middle, wanted) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How the entry of this index stands to the first octets of `wanted`: below 0, 0 or above 0. */
export function compareEntry(entries: Buffer, index: number, wanted: Buffer): number {
  const at = index * entryBytes;
  return entries.compare(wanted, 0, entryBytes, at, at + entryBytes);
}

/** Gathers hashes for such a file, in any order; some 20 octets of memory each. */
export interface KnownKeysBuilder {
  /** Takes a SHA-256 in hex, or its first 32 digits or more. Throws Error for anything else. */
  add(hash: string): void;
  /** The file's parts in order, sorted and without repetitions. */
  parts(): readonly Buffer[];
}

/** Begins a file of known keys. */
export function createKnownKeysBuilder(): KnownKeysBuilder {
  // By the first octet, so that a part is sorted at a time.
  const parts = Array.from({ length: 256 }, () => ({ entries: Buffer.alloc(0), length: 0 }));
  return {
    add(hash) {
      if (!/^[0-9a-f]{32,64}$/i.test(hash))
        throw new Error(`Not a SHA-256 hash in hex: ${hash.slice(0, 80)}`);
      const entry = Buffer.from(hash.slice(0, entryBytes * 2), 'hex');
      const part = parts[entry[0] ?? 0];
      if (part === undefined) return;
      if (part.length === part.entries.length)
        part.entries = Buffer.concat([part.entries, Buffer.alloc(Math.max(part.length, 16 * entryBytes))]);
      entry.copy(part.entries, part.length);
      part.length += entryBytes;
    },
    parts() {
      const sorted = parts.map(({ entries, length }) => sortedEntries(entries.toString('hex', 0, length)));
      const header = Buffer.alloc(headerBytes);
      magic.copy(header);
      const octets = sorted.reduce((sum, part) => sum + part.length, 0);
      header.writeBigUInt64BE(BigInt(octets / entryBytes), magic.length);
      return [header, ...sorted];
    },
  };
}

function sortedEntries(hex: string): Buffer {
  return Buffer.from([...new Set(hex.match(/.{32}/g))].sort().join(''), 'hex');
}

/**
 * The hash under which a certificate's key is looked up: of the modulus where there is one, else of the SubjectPublicKeyInfo in its
 * canonical form. Null where there is no key to read.
 */
export function knownKeyHash(certificate: Certificate): string | null {
  const { modulusSha256, spkiSha256, key } = certificate;
  if (modulusSha256 !== null || spkiSha256 === null) return modulusSha256 ?? spkiSha256;
  if (key?.type !== 'EC') return spkiSha256;
  return canonicalHash(spkiSha256, certificate);
}

/** Points are decompressed by OpenSSL, which takes its time: once per key. */
const canonicalHash = memoize(100_000, (spkiSha256, certificate: Certificate) => {
  const [bytes, { publicKey }] = locate(certificate);
  if (publicKey < 0) return spkiSha256;
  return sha256(canonicalSpki(bytes.subarray(publicKey, elementEnd(bytes, publicKey))));
});

/** The same of a SubjectPublicKeyInfo in DER. */
export function spkiKeyHash(spki: Uint8Array): string {
  return sha256(modulusOfSpki(spki) ?? canonicalSpki(spki));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
