import { MalformedError, readBytes, u16At, u24At, u64At } from './bytes.js';
import { hashBytes } from './merkle.js';

/** entry_type of RFC 6962 section 3.1; other values may come and are not errors. */
export const entryTypes = { x509: 0, precertificate: 1 } as const;

/** entryType of a leaf whose version, leaf type or entry type is not known: nothing inside it can be located. */
export const unknownEntryType = -1;

/** Where the parts of one TimestampedEntry lie in the buffer it was read from. */
export interface EntryParts {
  readonly timestampMs: number;
  /** {@link entryTypes} or {@link unknownEntryType}. */
  readonly entryType: number;
  /** issuer_key_hash of a precertificate entry, 32 bytes; -1 when there is none. */
  readonly issuerKeyHashAt: number;
  /** The certificate, or a precertificate entry's TBSCertificate. For an unknown type everything there is. */
  readonly certificateStart: number;
  readonly certificateEnd: number;
  readonly extensionsStart: number;
  /** Also the end of the entry. */
  readonly extensionsEnd: number;
}

/**
 * Reads timestamp u64 | entry_type u16 | [1: issuer_key_hash 32] | certificate or TBS u24-length | extensions u16-length
 * (RFC 6962 section 3.4) at `at`; the entry may end before `limit`. Throws {@link MalformedError}.
 */
export function readTimestampedEntry(buffer: Buffer, at: number, limit: number): EntryParts {
  if (limit - at < 10) throw new MalformedError('entry: ends within its header');
  const timestampMs = u64At(buffer, at, 'entry timestamp');
  const entryType = u16At(buffer, at + 8);
  if (entryType > 1) return unknownEntry(timestampMs, at + 10, limit);
  const issuerKeyHashAt = entryType === entryTypes.precertificate ? at + 10 : -1;
  const lengthAt = at + 10 + (issuerKeyHashAt < 0 ? 0 : hashBytes);
  if (lengthAt + 3 > limit) throw new MalformedError('entry: ends before the certificate');
  const certificateStart = lengthAt + 3;
  const certificateEnd = certificateStart + u24At(buffer, lengthAt);
  if (certificateEnd + 2 > limit) throw new MalformedError('entry: ends within the certificate');
  const extensionsStart = certificateEnd + 2;
  const extensionsEnd = extensionsStart + u16At(buffer, certificateEnd);
  if (extensionsEnd > limit) throw new MalformedError('entry: ends within the extensions');
  return {
    timestampMs,
    entryType,
    issuerKeyHashAt,
    certificateStart,
    certificateEnd,
    extensionsStart,
    extensionsEnd,
  };
}

function unknownEntry(timestampMs: number, start: number, limit: number): EntryParts {
  return {
    timestampMs,
    entryType: unknownEntryType,
    issuerKeyHashAt: -1,
    certificateStart: start,
    certificateEnd: limit,
    extensionsStart: limit,
    extensionsEnd: limit,
  };
}

/**
 * Reads a MerkleTreeLeaf: version u8 0 | leaf_type u8 0 | TimestampedEntry, which must fill buffer[start, end) exactly.
 * Unknown versions and types are entries of {@link unknownEntryType} (RFC 6962 section 4.6), not errors.
 */
export function readMerkleTreeLeaf(buffer: Buffer, start: number, end: number): EntryParts {
  if (end - start < 2) throw new MalformedError('leaf: ends within its header');
  if (buffer[start] !== 0 || buffer[start + 1] !== 0) return unknownEntry(0, start + 2, end);
  const entry = readTimestampedEntry(buffer, start + 2, end);
  if (entry.extensionsEnd !== end)
    throw new MalformedError(`leaf: ${end - entry.extensionsEnd} trailing bytes`);
  return entry;
}

/** What stands beside a leaf without being hashed: RFC 6962 extra_data. */
export interface ExtraData {
  /** The submitted precertificate; null for a certificate entry. */
  readonly precertificate: Buffer | null;
  /** Issuing certificates, DER, leaf excluded. */
  readonly chain: readonly Buffer[];
}

/** Reads extra_data of an entry of the given type (RFC 6962 section 4.6). Throws {@link MalformedError}. */
export function readExtraData(entryType: number, bytes: Uint8Array): ExtraData {
  const reader = readBytes(bytes, 'extra_data');
  const precertificate = entryType === entryTypes.precertificate ? reader.vector24() : null;
  const list = readBytes(reader.vector24(), 'certificate chain');
  reader.end();
  const chain: Buffer[] = [];
  while (list.left() > 0) chain.push(list.vector24());
  return { precertificate, chain };
}

/**
 * The leaf_index extension (C2SP static-ct-api: u8 type 0 | u16 length 5 | u40) of buffer[start, end); null when there is
 * none, as in archived RFC 6962 logs. Unknown extensions are skipped. Throws {@link MalformedError} on a broken list.
 */
export function readLeafIndex(buffer: Buffer, start: number, end: number): number | null {
  if (end - start === 8 && u24At(buffer, start) === 5)
    return u16At(buffer, start + 3) * 0x100_0000 + u24At(buffer, start + 5);
  if (start === end) return null;
  const reader = readBytes(buffer.subarray(start, end), 'extensions');
  let found: number | null = null;
  while (reader.left() > 0) {
    const type = reader.u8();
    const data = reader.vector16();
    if (type !== 0) continue;
    if (found !== null || data.length !== 5) throw new MalformedError('extensions: bad leaf_index');
    found = data.readUIntBE(0, 5);
  }
  return found;
}
