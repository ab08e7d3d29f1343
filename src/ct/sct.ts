import { readBytes } from './bytes.js';
import { entryTypes } from './entry.js';
import { verifyDigitallySigned, type LogKey } from './log-key.js';
import { leafHash } from './merkle.js';

/** A SignedCertificateTimestamp (RFC 6962 section 3.2). */
export interface SignedCertificateTimestamp {
  /** 0 is v1, the only version; others are kept and never verify. */
  readonly version: number;
  readonly logId: Buffer;
  readonly timestampMs: number;
  readonly extensions: Buffer;
  /** The DigitallySigned bytes. */
  readonly signature: Buffer;
}

/** What an SCT was given for. For a precertificate `bytes` is the TBSCertificate without poison and SCT list. */
export type SignedEntry =
  | { readonly type: 'x509'; readonly bytes: Uint8Array }
  | { readonly type: 'precertificate'; readonly bytes: Uint8Array; readonly issuerKeyHash: Uint8Array };

/** Reads one serialised SCT. Throws {@link ./bytes.js MalformedError}. */
export function parseSct(bytes: Uint8Array): SignedCertificateTimestamp {
  const reader = readBytes(bytes, 'SCT');
  return {
    version: reader.u8(),
    logId: reader.take(32),
    timestampMs: reader.u64(),
    extensions: reader.vector16(),
    signature: reader.take(reader.left()),
  };
}

/** Reads a SignedCertificateTimestampList: u16 total, u16-length SCTs (RFC 6962 section 3.3). */
export function parseSctList(bytes: Uint8Array): SignedCertificateTimestamp[] {
  const outer = readBytes(bytes, 'SCT list');
  const list = readBytes(outer.vector16(), 'SCT list');
  outer.end();
  const found: SignedCertificateTimestamp[] = [];
  while (list.left() > 0) found.push(parseSct(list.vector16()));
  return found;
}

/**
 * The bytes an SCT signs. They are byte for byte the entry's MerkleTreeLeaf (version and signature_type 0 stand where
 * version and leaf_type 0 do), so an SCT also tells its leaf hash.
 */
export function sctLeaf(sct: SignedCertificateTimestamp, entry: SignedEntry): Buffer {
  const header = Buffer.alloc(12);
  header.writeBigUInt64BE(BigInt(sct.timestampMs), 2);
  header.writeUInt16BE(entryTypes[entry.type], 10);
  const length = Buffer.alloc(3);
  length.writeUIntBE(entry.bytes.length, 0, 3);
  const extensionsLength = Buffer.alloc(2);
  extensionsLength.writeUInt16BE(sct.extensions.length);
  const issuerKeyHash = entry.type === 'precertificate' ? entry.issuerKeyHash : Buffer.alloc(0);
  return Buffer.concat([header, issuerKeyHash, length, entry.bytes, extensionsLength, sct.extensions]);
}

/** True when the log of `key` gave this SCT for `entry`. */
export function verifySct(sct: SignedCertificateTimestamp, entry: SignedEntry, key: LogKey): boolean {
  if (sct.version !== 0 || !sct.logId.equals(key.logIdBytes)) return false;
  return verifyDigitallySigned(key, sctLeaf(sct, entry), sct.signature);
}

/** Leaf hash of the entry this SCT promises: where get-proof-by-hash finds it. */
export function sctLeafHash(sct: SignedCertificateTimestamp, entry: SignedEntry): Buffer {
  return leafHash(sctLeaf(sct, entry));
}
