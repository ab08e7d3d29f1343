import { hash } from 'node:crypto';
import { contentStart, endOf, identifyExtension, known, poison, type Layout } from './layout.js';

/**
 * The TBSCertificate without CT poison and SCT list, every other byte as it was (RFC 6962 sections 3.1 and 3.2): what a CT
 * log signs for a precertificate. The same bytes come out for a precertificate and its certificate. Null when the
 * TBSCertificate could not be read to its end.
 */
export function canonicalTbs(bytes: Buffer, layout: Layout): Buffer | null {
  if (layout.failure !== null || layout.tbs < 0) return null;
  const whole = bytes.subarray(layout.tbs, layout.tbsEnd);
  if (layout.extensionList < 0) return whole;
  const kept = keptExtensions(bytes, layout);
  if (kept === null) return whole;
  const head = bytes.subarray(contentStart(bytes, layout.tbs), layout.extensions);
  const extensions = kept.length === 0 ? [] : [wrap(0xa3, [wrap(0x30, kept)])];
  return wrap(0x30, [head, ...extensions]);
}

/** SHA-256 of {@link canonicalTbs}, lower-case hex; null when there is none. */
export function tbsSha256(bytes: Buffer, layout: Layout): string | null {
  const tbs = canonicalTbs(bytes, layout);
  return tbs === null ? null : hash('sha256', tbs);
}

/** The extensions without poison and SCT list; null when there is neither. */
function keptExtensions(bytes: Buffer, layout: Layout): Buffer[] | null {
  if (!layout.hasPoison && (layout.values[known.sctList] ?? -1) < 0) return null;
  const kept: Buffer[] = [];
  for (let at = layout.extensionList; at < layout.extensionListEnd;) {
    const end = endOf(bytes, at, layout.extensionListEnd, true);
    const oid = contentStart(bytes, at);
    const index = identifyExtension(bytes, contentStart(bytes, oid), endOf(bytes, oid, end, true));
    if (index !== poison && index !== known.sctList) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return kept;
}

/** DER element of this tag around the parts. */
function wrap(tag: number, parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const octets: number[] = [];
  if (length >= 0x80)
    for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  const head = length < 0x80 ? [tag, length] : [tag, 0x80 | octets.length, ...octets];
  return Buffer.concat([Buffer.from(head), ...parts], head.length + length);
}
