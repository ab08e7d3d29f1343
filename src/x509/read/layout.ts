import { findOid, oidTable } from './oids.js';

/**
 * Where everything stands in a certificate (RFC 5280 section 4.1). The hot path: one pass, no exception, nothing allocated.
 * Each number is the offset of a whole element, {@link elementEnd} tells its end; -1 means absent or not reached.
 */
export interface Layout {
  /** Lengths longer than needed were let pass. */
  lenient: boolean;
  /** Why the walk stopped; null when it reached the end. */
  failure: 'not-der' | 'bad-structure' | null;
  /** Where it stopped. */
  failedAt: number;
  /** End of the certificate; what stands behind it is trailing. */
  end: number;
  tbs: number;
  tbsEnd: number;
  /** As encoded: 0 is v1, 2 is v3; -1 when it is not one octet. */
  version: number;
  serialNumber: number;
  innerAlgorithm: number;
  issuer: number;
  notBefore: number;
  notAfter: number;
  subject: number;
  publicKey: number;
  /** The first of issuerUniqueID and subjectUniqueID. */
  uniqueIds: number;
  /** The explicit [3] element. */
  extensions: number;
  /** The first Extension inside, and the end of the last. */
  extensionList: number;
  extensionListEnd: number;
  outerAlgorithm: number;
  signature: number;
  hasPoison: boolean;
  /** A known extension came twice (unknown ones are not compared). */
  hasDuplicate: boolean;
  /** An extension came that {@link known} does not list. */
  hasUnknown: boolean;
  /** The OCTET STRING of each extension, by {@link known}. */
  readonly values: number[];
}

/** Index into {@link Layout.values}. */
export const known = {
  subjectAltName: 0,
  subjectKeyId: 1,
  authorityKeyId: 2,
  basicConstraints: 3,
  keyUsage: 4,
  extendedKeyUsage: 5,
  crlDistributionPoints: 6,
  authorityInfoAccess: 7,
  sctList: 8,
  certificatePolicies: 9,
  nameConstraints: 10,
} as const;

/** One of the extensions whose values are located. */
export type KnownExtension = (typeof known)[keyof typeof known];

/** A layout to be filled by {@link readLayout}, again and again if wished. */
export function createLayout(): Layout {
  return {
    lenient: false,
    failure: null,
    failedAt: -1,
    end: -1,
    tbs: -1,
    tbsEnd: -1,
    version: 0,
    serialNumber: -1,
    innerAlgorithm: -1,
    issuer: -1,
    notBefore: -1,
    notAfter: -1,
    subject: -1,
    publicKey: -1,
    uniqueIds: -1,
    extensions: -1,
    extensionList: -1,
    extensionListEnd: -1,
    outerAlgorithm: -1,
    signature: -1,
    hasPoison: false,
    hasDuplicate: false,
    hasUnknown: false,
    values: [-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1],
  };
}

function reset(layout: Layout, lenient: boolean): void {
  layout.lenient = lenient;
  layout.failure = null;
  layout.failedAt = layout.end = layout.tbs = layout.tbsEnd = -1;
  layout.version = 0;
  layout.serialNumber = layout.innerAlgorithm = layout.issuer = layout.notBefore = layout.notAfter = -1;
  layout.subject =
    layout.publicKey =
    layout.uniqueIds =
    layout.extensions =
    layout.extensionList =
    layout.extensionListEnd =
      -1;
  layout.outerAlgorithm = layout.signature = -1;
  layout.hasPoison = layout.hasDuplicate = layout.hasUnknown = false;
  for (let index = 0; index < layout.values.length; index += 1) layout.values[index] = -1;
}

/** End of the element at `at`, or -1 when it is no definite-length element within `limit`. */
export function endOf(bytes: Uint8Array, at: number, limit: number, lenient = false): number {
  if (at + 2 > limit || ((bytes[at] ?? 0) & 0x1f) === 0x1f) return -1;
  const first = bytes[at + 1] ?? 0;
  if (first < 0x80) return at + 2 + first <= limit ? at + 2 + first : -1;
  return longEndOf(bytes, at, limit, lenient);
}

function longEndOf(bytes: Uint8Array, at: number, limit: number, lenient: boolean): number {
  const from = contentStart(bytes, at);
  if (from === at + 2 || from > at + 6 || from > limit) return -1;
  const length = bigEndian(bytes, at + 2, from);
  if (!lenient && (length < 0x80 || bytes[at + 2] === 0)) return -1;
  return from + length <= limit ? from + length : -1;
}

function bigEndian(bytes: Uint8Array, from: number, end: number): number {
  let value = bytes[from] ?? 0;
  for (let at = from + 1; at < end; at += 1) value = value * 256 + (bytes[at] ?? 0);
  return value;
}

/** Start of the contents of an element that {@link endOf} accepted. */
export function contentStart(bytes: Uint8Array, at: number): number {
  const first = bytes[at + 1] ?? 0;
  return first < 0x80 ? at + 2 : at + 2 + (first & 0x7f);
}

/** End of an element that {@link endOf} accepted. */
export function elementEnd(bytes: Uint8Array, at: number): number {
  const first = bytes[at + 1] ?? 0;
  const from = contentStart(bytes, at);
  return from + (first < 0x80 ? first : bigEndian(bytes, at + 2, from));
}

/**
 * Locates the parts of the certificate, or bare TBSCertificate, in [start, end). Whatever stands before a failure is filled
 * in, also in a certificate that is cut off. Lengths that are longer than needed are refused unless `lenient`. False when
 * it could not be read to its end.
 */
export function readLayout(
  layout: Layout,
  bytes: Uint8Array,
  start: number,
  end: number,
  kind: 'certificate' | 'tbs',
  lenient = false,
): boolean {
  reset(layout, lenient);
  layout.end = enter(layout, bytes, start, end, 0x30);
  if (layout.end < 0) return false;
  layout.tbs = kind === 'tbs' ? start : contentStart(bytes, start);
  layout.tbsEnd = kind === 'tbs' ? layout.end : enter(layout, bytes, layout.tbs, layout.end, 0x30);
  if (layout.tbsEnd < 0) return false;
  walkTbs(layout, bytes, layout.tbsEnd);
  if (kind === 'certificate' && layout.failure === null) walkSignature(layout, bytes);
  return layout.failure === null;
}

/** Notes the first failure; says -1, which is what the walkers hand on. */
function fail(layout: Layout, failure: 'not-der' | 'bad-structure', at: number): -1 {
  if (layout.failure === null) {
    layout.failure = failure;
    layout.failedAt = at;
  }
  return -1;
}

/** End of the element at `at` if it has the tag, else -1 with the failure noted; -1 gives -1. */
function step(layout: Layout, bytes: Uint8Array, at: number, limit: number, tag: number): number {
  if (at < 0) return -1;
  if (at < limit && bytes[at] !== tag) return fail(layout, 'bad-structure', at);
  const end = endOf(bytes, at, limit, layout.lenient);
  return end < 0 ? fail(layout, 'not-der', at) : end;
}

/** Like step for an element that holds others: one that claims to be longer than what is there ends where that ends. */
function enter(layout: Layout, bytes: Uint8Array, at: number, limit: number, tag: number): number {
  const end = step(layout, bytes, at, limit, tag);
  if (end >= 0 || bytes[at] !== tag || endOf(bytes, at, 0x7fff_ffff, layout.lenient) <= limit) return end;
  return contentStart(bytes, at) <= limit ? limit : -1;
}

function walkTbs(layout: Layout, bytes: Uint8Array, limit: number): void {
  const serial = walkVersion(layout, bytes, contentStart(bytes, layout.tbs), limit);
  const algorithm = step(layout, bytes, serial, limit, 0x02);
  if (algorithm >= 0) layout.serialNumber = serial;
  const issuer = step(layout, bytes, algorithm, limit, 0x30);
  if (issuer >= 0) layout.innerAlgorithm = algorithm;
  const validity = step(layout, bytes, issuer, limit, 0x30);
  if (validity >= 0) layout.issuer = issuer;
  const subject = step(layout, bytes, validity, limit, 0x30);
  if (subject >= 0) walkValidity(layout, bytes, contentStart(bytes, validity), subject);
  const publicKey = step(layout, bytes, subject, limit, 0x30);
  if (publicKey >= 0) layout.subject = subject;
  const rest = step(layout, bytes, publicKey, limit, 0x30);
  if (rest < 0) return;
  layout.publicKey = publicKey;
  if (rest < limit) walkOptional(layout, bytes, rest, limit);
}

/** version [0] EXPLICIT INTEGER DEFAULT v1; says where the serial number begins. */
function walkVersion(layout: Layout, bytes: Uint8Array, at: number, limit: number): number {
  if (bytes[at] !== 0xa0) return at;
  const end = step(layout, bytes, at, limit, 0xa0);
  if (end < 0) return -1;
  const inner = contentStart(bytes, at);
  if (step(layout, bytes, inner, end, 0x02) !== end) return fail(layout, 'bad-structure', at);
  layout.version = end - inner === 3 ? (bytes[end - 1] ?? 0) : -1;
  return end;
}

function walkValidity(layout: Layout, bytes: Uint8Array, notBefore: number, end: number): void {
  const notAfter = endOf(bytes, notBefore, end, layout.lenient);
  if (notAfter < 0 || endOf(bytes, notAfter, end, layout.lenient) !== end)
    fail(layout, 'bad-structure', notBefore);
  else {
    layout.notBefore = notBefore;
    layout.notAfter = notAfter;
  }
}

/** issuerUniqueID [1], subjectUniqueID [2] and extensions [3], in this order, and nothing behind them. */
function walkOptional(layout: Layout, bytes: Uint8Array, from: number, limit: number): void {
  let at = from;
  if (bytes[at] === 0x81) at = step(layout, bytes, at, limit, 0x81);
  if (at >= 0 && at < limit && bytes[at] === 0x82) at = step(layout, bytes, at, limit, 0x82);
  if (at !== from) layout.uniqueIds = from;
  if (at < 0 || at === limit) return;
  const end = enter(layout, bytes, at, limit, 0xa3);
  const list = end < 0 ? -1 : contentStart(bytes, at);
  const listEnd = list < 0 ? -1 : enter(layout, bytes, list, end, 0x30);
  if (listEnd < 0) return;
  layout.extensions = at;
  layout.extensionList = contentStart(bytes, list);
  layout.extensionListEnd = listEnd;
  walkExtensions(layout, bytes, layout.extensionList, listEnd);
  if (listEnd !== end || end !== limit) fail(layout, 'bad-structure', listEnd);
}

function walkExtensions(layout: Layout, bytes: Uint8Array, from: number, limit: number): void {
  let at = from;
  while (at >= 0 && at < limit) {
    const end = step(layout, bytes, at, limit, 0x30);
    if (end < 0) return;
    const oid = contentStart(bytes, at);
    const oidEnd = step(layout, bytes, oid, end, 0x06);
    if (oidEnd < 0) return;
    const value = oidEnd < end && bytes[oidEnd] === 0x01 ? endOf(bytes, oidEnd, end) : oidEnd;
    if (value < 0 || step(layout, bytes, value, end, 0x04) !== end) {
      fail(layout, 'bad-structure', at);
      return;
    }
    note(layout, identifyExtension(bytes, contentStart(bytes, oid), oidEnd), value);
    at = end;
  }
}

/** Files an extension's value under its index; the first of several counts. */
function note(layout: Layout, index: number, value: number): void {
  if (index < 0) layout.hasUnknown = true;
  else if (index === poison) {
    if (layout.hasPoison) layout.hasDuplicate = true;
    layout.hasPoison = true;
  } else if ((layout.values[index] ?? -1) >= 0) layout.hasDuplicate = true;
  else layout.values[index] = value;
}

/** What {@link identifyExtension} says of the CT poison (RFC 6962 section 3.1). */
export const poison = 100;

/** By the last octet of 2.5.29 (id-ce), where most extensions are. */
const certificateExtensions = new Int8Array(256).fill(-1);
certificateExtensions[17] = known.subjectAltName;
certificateExtensions[14] = known.subjectKeyId;
certificateExtensions[35] = known.authorityKeyId;
certificateExtensions[19] = known.basicConstraints;
certificateExtensions[15] = known.keyUsage;
certificateExtensions[37] = known.extendedKeyUsage;
certificateExtensions[31] = known.crlDistributionPoints;
certificateExtensions[32] = known.certificatePolicies;
certificateExtensions[30] = known.nameConstraints;

const otherExtensions = oidTable<number>(
  new Map([
    ['1.3.6.1.5.5.7.1.1', known.authorityInfoAccess],
    ['1.3.6.1.4.1.11129.2.4.2', known.sctList],
    ['1.3.6.1.4.1.11129.2.4.3', poison],
  ]),
);

/** Index of an extension by the contents of its object identifier: of {@link known}, {@link poison}, or -1 for others. */
export function identifyExtension(bytes: Uint8Array, from: number, end: number): number {
  if (bytes[from] === 0x55 && bytes[from + 1] === 0x1d)
    return end - from === 3 ? (certificateExtensions[bytes[from + 2] ?? 0] ?? -1) : -1;
  return findOid(otherExtensions, bytes, from, end) ?? -1;
}

/** AlgorithmIdentifier and BIT STRING behind the TBSCertificate. */
function walkSignature(layout: Layout, bytes: Uint8Array): void {
  const signature = step(layout, bytes, layout.tbsEnd, layout.end, 0x30);
  if (signature < 0) return;
  layout.outerAlgorithm = layout.tbsEnd;
  const end = step(layout, bytes, signature, layout.end, 0x03);
  if (end < 0) return;
  layout.signature = signature;
  if (end !== layout.end) fail(layout, 'bad-structure', end);
}
