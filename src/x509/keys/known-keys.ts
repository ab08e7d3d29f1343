/**
 * Known private keys as a sorted file of truncated hashes: 16 octets of header, then 16 octets for each key, ascending.
 *
 *   magic "CGKEYS1\0" (8) | count (u64, big endian) | count * first 16 octets of SHA-256(x)
 *
 * where x is the RSA modulus, big endian without leading zeros, or for any other key its SubjectPublicKeyInfo: the modulus
 * and not the SubjectPublicKeyInfo, because lists of weak keys (Debian's, CVE-2008-0166) fix no exponent and encoding. Pure:
 * reading and writing the file is the caller's.
 */
export interface KnownKeys {
  readonly count: number;
  /** True when the hash (`modulusSha256` of an RSA certificate, else `spkiSha256`; lower-case hex) is in the file. */
  has(sha256: string): boolean;
}

const magic = Buffer.from('CGKEYS1\0', 'latin1');
const headerBytes = 16;
const entryBytes = 16;

/** Opens the bytes of such a file; they are kept, not copied. Throws Error when they are not one, or not sorted. */
export function readKnownKeys(bytes: Uint8Array): KnownKeys {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (file.length < headerBytes || !file.subarray(0, magic.length).equals(magic))
    throw new Error('Not a file of known keys: it does not begin with CGKEYS1.');
  const count = (file.length - headerBytes) / entryBytes;
  if (file.readBigUInt64BE(magic.length) !== BigInt(Math.ceil(count)) || !Number.isInteger(count))
    throw new Error('The file of known keys is cut off or has trailing bytes.');
  checkSorted(file, count);
  return { count, has: (sha256) => search(file, count, Buffer.from(sha256, 'hex')) };
}

function checkSorted(file: Buffer, count: number): void {
  for (let index = 1; index < count; index += 1)
    if (compareEntry(file, index, entry(file, index - 1)) <= 0)
      throw new Error(`The file of known keys is not sorted at entry ${index}.`);
}

function entry(file: Buffer, index: number): Buffer {
  const at = headerBytes + index * entryBytes;
  return file.subarray(at, at + entryBytes);
}

function compareEntry(file: Buffer, index: number, wanted: Buffer): number {
  const at = headerBytes + index * entryBytes;
  return file.compare(wanted, 0, entryBytes, at, at + entryBytes);
}

function search(file: Buffer, count: number, wanted: Buffer): boolean {
  if (wanted.length < entryBytes) return false;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareEntry(file, middle, wanted);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** Makes the file's bytes of SHA-256 hashes in hex, of 32 digits or more; sorts them and drops repetitions. Throws Error for others. */
export function buildKnownKeys(hashes: Iterable<string>): Buffer {
  const entries = new Set<string>();
  for (const hash of hashes) {
    if (!/^[0-9a-f]{32,64}$/i.test(hash)) throw new Error(`Not a SHA-256 hash in hex: ${hash.slice(0, 80)}`);
    entries.add(hash.slice(0, entryBytes * 2).toLowerCase());
  }
  const header = Buffer.alloc(headerBytes);
  magic.copy(header);
  header.writeBigUInt64BE(BigInt(entries.size), magic.length);
  return Buffer.concat([header, Buffer.from([...entries].sort().join(''), 'hex')]);
}

/** The hash under which a key is looked up: of the modulus where there is one, else of the SubjectPublicKeyInfo. */
export function knownKeyHash(key: {
  readonly modulusSha256: string | null;
  readonly spkiSha256: string | null;
}): string | null {
  return key.modulusSha256 ?? key.spkiSha256;
}
