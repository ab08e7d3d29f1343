import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { Certificate } from '../../model/certificate.js';
import { asBuffer, locate } from '../read/fast.js';
import { contentStart, elementEnd, known } from '../read/layout.js';
import { canonicalTbs } from '../read/tbs.js';

/** A SignedCertificateTimestamp (RFC 6962 section 3.2). */
export interface Sct {
  /** 0 is v1, the only one there is; others never verify. */
  readonly version: number;
  /** Base64 of SHA-256 over the log's SubjectPublicKeyInfo, as in log lists. */
  readonly logId: string;
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
  readonly extensions: Buffer;
  /** Index in the log, of logs with the static API (C2SP static-ct-api, section "SCT Extension"); else null. */
  readonly leafIndex: number | null;
  /** DigitallySigned: hash u8, algorithm u8, signature with a u16 length (RFC 5246 section 4.7). */
  readonly signature: Buffer;
}

/** What stands in a SignedCertificateTimestampList. */
export interface SctList {
  readonly scts: readonly Sct[];
  /** One sentence for each part that could not be read. */
  readonly problems: readonly string[];
}

/** Reads the list of a TLS extension or, out of its OCTET STRING, of a certificate or OCSP response. Never throws. */
export function readSctList(list: Uint8Array): SctList {
  const bytes = asBuffer(list);
  if (bytes.length < 2 || bytes.readUInt16BE(0) !== bytes.length - 2)
    return { scts: [], problems: ['the SCT list is not as long as it says'] };
  const scts: Sct[] = [];
  const problems: string[] = [];
  for (let at = 2; at < bytes.length;) {
    const end = at + 2 <= bytes.length ? at + 2 + bytes.readUInt16BE(at) : Infinity;
    const sct = end <= bytes.length ? readSct(bytes.subarray(at + 2, end)) : null;
    if (sct === null) problems.push(`the SCT at offset ${at} cannot be read`);
    else scts.push(sct);
    at = end;
  }
  return { scts, problems };
}

/** One SCT, or null when it is malformed. The layout is that of version 0. */
export function readSct(bytes: Uint8Array): Sct | null {
  const sct = asBuffer(bytes);
  if (sct.length < 43) return null;
  const extensionsEnd = 43 + sct.readUInt16BE(41);
  if (
    extensionsEnd + 4 > sct.length ||
    extensionsEnd + 4 + sct.readUInt16BE(extensionsEnd + 2) !== sct.length
  )
    return null;
  const extensions = sct.subarray(43, extensionsEnd);
  return {
    version: sct.readUInt8(0),
    logId: sct.toString('base64', 1, 33),
    timestampMs: Number(sct.readBigUInt64BE(33)),
    extensions,
    leafIndex: readLeafIndex(extensions),
    signature: sct.subarray(extensionsEnd),
  };
}

/** Extensions of a static-ct-api log: type u8, length u16, data; leaf_index is type 0 of five octets. */
function readLeafIndex(extensions: Buffer): number | null {
  for (let at = 0; at + 3 <= extensions.length;) {
    const end = at + 3 + extensions.readUInt16BE(at + 1);
    if (extensions[at] === 0 && end - at === 8 && end <= extensions.length)
      return extensions.readUIntBE(at + 3, 5);
    at = end;
  }
  return null;
}

/** The list embedded in a certificate, without its OCTET STRING; null when there is none or it cannot be found. */
export function embeddedSctList(certificate: Certificate): Uint8Array | null {
  const [bytes, layout] = locate(certificate);
  const value = layout.values[known.sctList] ?? -1;
  if (value < 0 || certificate.sctCount === null) return null;
  return bytes.subarray(contentStart(bytes, contentStart(bytes, value)), elementEnd(bytes, value));
}

/** What an SCT was given for: the certificate's DER, or for a precertificate the TBSCertificate without poison and SCT list. */
export type SignedEntry =
  | { readonly type: 'x509'; readonly bytes: Uint8Array }
  | { readonly type: 'precertificate'; readonly bytes: Uint8Array; readonly issuerKeyHash: Uint8Array };

/**
 * The entry that SCTs embedded in a certificate were given for (RFC 6962 section 3.2). `issuer` is the certificate of its
 * final issuer, also where a precertificate signing certificate was used. Null when either cannot be read.
 */
export function embeddedEntry(certificate: Certificate, issuer: Certificate): SignedEntry | null {
  const tbs = canonicalTbs(...locate(certificate));
  if (tbs === null || issuer.spkiSha256 === null) return null;
  return { type: 'precertificate', bytes: tbs, issuerKeyHash: Buffer.from(issuer.spkiSha256, 'hex') };
}

/** The log's key, from base64 of its SubjectPublicKeyInfo; null when it is none that logs sign with. */
export function logKey(base64: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ec' || key.asymmetricKeyType === 'rsa' ? key : null;
  } catch {
    return null;
  }
}

/**
 * True when the holder of `key` signed this SCT for the entry: SHA-256 with ECDSA or RSA (RFC 6962 section 2.1.4). That the
 * key is the one of `logId` is the caller's to see.
 */
export function isSctSignedBy(sct: Sct, entry: SignedEntry, key: KeyObject): boolean {
  const algorithm = key.asymmetricKeyType === 'ec' ? 3 : 1;
  if (sct.version !== 0 || sct.signature[0] !== 4 || sct.signature[1] !== algorithm) return false;
  try {
    return verify('sha256', signedBytes(sct, entry), key, sct.signature.subarray(4));
  } catch {
    return false; // OpenSSL refuses some malformed signatures by an error
  }
}

/**
 *   struct { Version v1(0); SignatureType certificate_timestamp(0); uint64 timestamp; LogEntryType entry_type;
 *            signed_entry; CtExtensions extensions; }                                       RFC 6962 section 3.2
 */
function signedBytes(sct: Sct, entry: SignedEntry): Buffer {
  const head = Buffer.alloc(12);
  head.writeBigUInt64BE(BigInt(sct.timestampMs), 2);
  head.writeUInt16BE(entry.type === 'x509' ? 0 : 1, 10);
  const length = Buffer.alloc(3);
  length.writeUIntBE(entry.bytes.length, 0, 3);
  const extensionsLength = Buffer.alloc(2);
  extensionsLength.writeUInt16BE(sct.extensions.length);
  const issuerKeyHash = entry.type === 'x509' ? [] : [entry.issuerKeyHash];
  return Buffer.concat([head, ...issuerKeyHash, length, entry.bytes, extensionsLength, sct.extensions]);
}
