import { hash } from 'node:crypto';
import { contentStart, elementEnd, endOf, identifyExtension, known, poison, type Layout } from './layout.js';

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
  return assemble([head], kept);
}

/** SHA-256 of {@link canonicalTbs}, lower-case hex; null when there is none. */
export function tbsSha256(bytes: Buffer, layout: Layout): string | null {
  const tbs = canonicalTbs(bytes, layout);
  return tbs === null ? null : hash('sha256', tbs);
}

/**
 * The TBSCertificate of a precertificate that was signed by a precertificate signing certificate, as the log signs it: the
 * issuer becomes that certificate's issuer, and so does the authority key identifier (RFC 6962 section 3.2). Null when either
 * cannot be read.
 */
export function reissuedTbs(
  bytes: Buffer,
  layout: Layout,
  signer: Buffer,
  signerLayout: Layout,
): Buffer | null {
  if (layout.failure !== null || layout.tbs < 0 || layout.issuer < 0 || signerLayout.issuer < 0) return null;
  const keyId = extensionAt(signer, signerLayout, known.authorityKeyId);
  const kept: Buffer[] = [];
  let hasKeyId = false;
  for (const { index, element } of extensionsOf(bytes, layout)) {
    if (index === poison || index === known.sctList) continue;
    if (index !== known.authorityKeyId) kept.push(element);
    else if (keyId !== null && !hasKeyId) kept.push(keyId);
    hasKeyId ||= index === known.authorityKeyId;
  }
  if (!hasKeyId && keyId !== null) kept.push(keyId);
  const subjectParts = bytes.subarray(
    elementEnd(bytes, layout.issuer),
    layout.extensions < 0 ? layout.tbsEnd : layout.extensions,
  );
  const issuer = signer.subarray(signerLayout.issuer, elementEnd(signer, signerLayout.issuer));
  const head = bytes.subarray(contentStart(bytes, layout.tbs), layout.issuer);
  return assemble([head, issuer, subjectParts], kept);
}

function assemble(parts: readonly Buffer[], extensions: readonly Buffer[]): Buffer {
  return wrap(0x30, [...parts, ...(extensions.length === 0 ? [] : [wrap(0xa3, [wrap(0x30, extensions)])])]);
}

/** The extensions without poison and SCT list; null when there is neither. */
function keptExtensions(bytes: Buffer, layout: Layout): Buffer[] | null {
  if (!layout.hasPoison && (layout.values[known.sctList] ?? -1) < 0) return null;
  return [...extensionsOf(bytes, layout)]
    .filter(({ index }) => index !== poison && index !== known.sctList)
    .map(({ element }) => element);
}

/** Each Extension with what it is, see {@link identifyExtension}. */
function* extensionsOf(
  bytes: Buffer,
  layout: Layout,
): Generator<{ readonly index: number; readonly element: Buffer }, void, undefined> {
  if (layout.extensionList < 0) return;
  for (let at = layout.extensionList; at < layout.extensionListEnd;) {
    const end = endOf(bytes, at, layout.extensionListEnd, true);
    const oid = contentStart(bytes, at);
    const index = identifyExtension(bytes, contentStart(bytes, oid), endOf(bytes, oid, end, true));
    yield { index, element: bytes.subarray(at, end) };
    at = end;
  }
}

function extensionAt(bytes: Buffer, layout: Layout, wanted: number): Buffer | null {
  for (const { index, element } of extensionsOf(bytes, layout)) if (index === wanted) return element;
  return null;
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
