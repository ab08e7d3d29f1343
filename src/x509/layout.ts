/**
 * Where everything stands in a certificate (RFC 5280 section 4.1). The hot path: one pass, one object, no exception.
 * `Start`/`End` pairs are offsets into the bytes given; -1 means absent or not reached. Names, validity times, algorithms
 * and keys are whole elements with tag and length; extension values are the contents of their OCTET STRING.
 */
export interface Layout {
  /** Why the walk stopped, a kebab-case code; null when it reached the end. */
  failure: string | null;
  /** Where it stopped. */
  failedAt: number;
  /** End of the certificate; bytes behind it are trailing. */
  end: number;
  tbsStart: number;
  tbsEnd: number;
  /** As encoded: 0 is v1, 2 is v3. */
  version: number;
  /** Contents of the serial number. */
  serialStart: number;
  serialEnd: number;
  innerAlgorithmStart: number;
  innerAlgorithmEnd: number;
  issuerStart: number;
  issuerEnd: number;
  notBeforeStart: number;
  notBeforeEnd: number;
  notAfterStart: number;
  notAfterEnd: number;
  subjectStart: number;
  subjectEnd: number;
  spkiStart: number;
  spkiEnd: number;
  /** The explicit [3] element. */
  extensionsStart: number;
  extensionsEnd: number;
  /** The first Extension inside. */
  extensionListStart: number;
  outerAlgorithmStart: number;
  outerAlgorithmEnd: number;
  signatureStart: number;
  signatureEnd: number;
  hasPoison: boolean;
  /** A known extension came twice (unknown ones are not compared). */
  hasDuplicate: boolean;
  /** An extension came that {@link KnownExtension} does not list. */
  hasUnknown: boolean;
  /** Start and end of each known extension's value, by {@link KnownExtension}. */
  values: number[];
}

/** Index into {@link Layout.values}: the value starts at twice this, and ends at twice this plus one. */
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

const knownCount = 11;

/** End of the element at `at`, or -1 when it is no definite-length element within `limit`. */
export function endOf(bytes: Uint8Array, at: number, limit: number, lenient = false): number {
  if (at + 2 > limit) return -1;
  const first = bytes[at + 1] ?? 0;
  if ((bytes[at] ?? 0x1f) % 32 === 31) return -1;
  if (first < 0x80) return at + 2 + first <= limit ? at + 2 + first : -1;
  const count = first & 0x7f;
  if (count === 0 || count > 4 || at + 2 + count > limit) return -1;
  let length = bytes[at + 2] ?? 0;
  if (length === 0 && !lenient) return -1;
  for (let index = 1; index < count; index += 1) length = length * 256 + (bytes[at + 2 + index] ?? 0);
  if (length < 0x80 && !lenient) return -1;
  const end = at + 2 + count + length;
  return end <= limit ? end : -1;
}

/** Start of the contents of an element that {@link endOf} accepted. */
export function contentStart(bytes: Uint8Array, at: number): number {
  const first = bytes[at + 1] ?? 0;
  return first < 0x80 ? at + 2 : at + 2 + (first & 0x7f);
}

/**
 * Locates the parts of a certificate, or of a bare TBSCertificate. Whatever stands before a failure is filled in, also in
 * a certificate that is cut off. Lengths that are longer than needed are refused unless `lenient`.
 */
export function readLayout(bytes: Uint8Array, kind: 'certificate' | 'tbs', lenient = false): Layout {
  const layout = emptyLayout();
  layout.end = enter(layout, bytes, 0, bytes.length, 0x30, lenient);
  if (layout.end < 0) return layout;
  layout.tbsStart = kind === 'tbs' ? 0 : contentStart(bytes, 0);
  layout.tbsEnd =
    kind === 'tbs' ? layout.end : enter(layout, bytes, layout.tbsStart, layout.end, 0x30, lenient);
  if (layout.tbsEnd < 0 || !walkTbs(layout, bytes, lenient)) return layout;
  if (kind === 'certificate' && layout.failure === null) walkSignature(layout, bytes, lenient);
  return layout;
}

/** Notes the first failure; says -1, which is what the walkers hand back. */
function fail(layout: Layout, failure: 'not-der' | 'bad-structure', at: number): -1 {
  if (layout.failure === null) {
    layout.failure = failure;
    layout.failedAt = at;
  }
  return -1;
}

/** End of the element at `at` if it has the tag, else -1 with the failure noted. */
function step(
  layout: Layout,
  bytes: Uint8Array,
  at: number,
  limit: number,
  tag: number,
  lenient: boolean,
): number {
  if (at < limit && bytes[at] !== tag) return fail(layout, 'bad-structure', at);
  const end = endOf(bytes, at, limit, lenient);
  return end < 0 ? fail(layout, 'not-der', at) : end;
}

/** Like step for an element that holds others: one that claims to be longer than what is there ends where that ends. */
function enter(
  layout: Layout,
  bytes: Uint8Array,
  at: number,
  limit: number,
  tag: number,
  lenient: boolean,
): number {
  const end = step(layout, bytes, at, limit, tag, lenient);
  if (end >= 0 || bytes[at] !== tag || endOf(bytes, at, Infinity, lenient) <= limit) return end;
  return contentStart(bytes, at) <= limit ? limit : -1;
}

function walkTbs(layout: Layout, bytes: Uint8Array, lenient: boolean): boolean {
  const limit = layout.tbsEnd;
  let at = contentStart(bytes, layout.tbsStart);
  if (bytes[at] === 0xa0) {
    const end = step(layout, bytes, at, limit, 0xa0, lenient);
    const inner = contentStart(bytes, at);
    if (end < 0 || step(layout, bytes, inner, end, 0x02, lenient) !== end)
      return fail(layout, 'bad-structure', at) > 0;
    layout.version = end - inner === 3 ? (bytes[end - 1] ?? 0) : -1;
    at = end;
  }
  let end = step(layout, bytes, at, limit, 0x02, lenient);
  if (end < 0) return false;
  layout.serialStart = contentStart(bytes, at);
  layout.serialEnd = end;
  end = step(layout, bytes, (at = end), limit, 0x30, lenient);
  if (end < 0) return false;
  layout.innerAlgorithmStart = at;
  layout.innerAlgorithmEnd = end;
  end = step(layout, bytes, (at = end), limit, 0x30, lenient);
  if (end < 0) return false;
  layout.issuerStart = at;
  layout.issuerEnd = end;
  end = step(layout, bytes, (at = end), limit, 0x30, lenient);
  if (end < 0 || !walkValidity(layout, bytes, at, end, lenient)) return false;
  end = step(layout, bytes, (at = end), limit, 0x30, lenient);
  if (end < 0) return false;
  layout.subjectStart = at;
  layout.subjectEnd = end;
  end = step(layout, bytes, (at = end), limit, 0x30, lenient);
  if (end < 0) return false;
  layout.spkiStart = at;
  layout.spkiEnd = end;
  return walkOptional(layout, bytes, end, lenient);
}

function walkValidity(
  layout: Layout,
  bytes: Uint8Array,
  start: number,
  end: number,
  lenient: boolean,
): boolean {
  const first = contentStart(bytes, start);
  const firstEnd = endOf(bytes, first, end, lenient);
  const secondEnd = firstEnd < 0 ? -1 : endOf(bytes, firstEnd, end, lenient);
  if (secondEnd !== end) return fail(layout, 'bad-structure', start) > 0;
  layout.notBeforeStart = first;
  layout.notBeforeEnd = firstEnd;
  layout.notAfterStart = firstEnd;
  layout.notAfterEnd = secondEnd;
  return true;
}

/** issuerUniqueID [1], subjectUniqueID [2] and extensions [3], in this order, and nothing behind them. */
function walkOptional(layout: Layout, bytes: Uint8Array, from: number, lenient: boolean): boolean {
  const limit = layout.tbsEnd;
  let at = from;
  for (let tag = 0x81; tag <= 0x82; tag += 1) {
    if (at >= limit || bytes[at] !== tag) continue;
    at = step(layout, bytes, at, limit, tag, lenient);
    if (at < 0) return false;
  }
  if (at === limit) return true;
  const end = enter(layout, bytes, at, limit, 0xa3, lenient);
  if (end < 0) return false;
  layout.extensionsStart = at;
  layout.extensionsEnd = end;
  const list = contentStart(bytes, at);
  const listEnd = enter(layout, bytes, list, end, 0x30, lenient);
  if (listEnd < 0) return false;
  layout.extensionListStart = contentStart(bytes, list);
  if (!walkExtensions(layout, bytes, listEnd, lenient)) return false;
  if (listEnd !== end || end !== limit) fail(layout, 'bad-structure', listEnd);
  return true;
}

function walkExtensions(layout: Layout, bytes: Uint8Array, limit: number, lenient: boolean): boolean {
  let at = layout.extensionListStart;
  while (at < limit) {
    const end = step(layout, bytes, at, limit, 0x30, lenient);
    if (end < 0) return false;
    const oid = contentStart(bytes, at);
    const oidEnd = step(layout, bytes, oid, end, 0x06, lenient);
    if (oidEnd < 0) return false;
    const value = bytes[oidEnd] === 0x01 && oidEnd < end ? endOf(bytes, oidEnd, end, lenient) : oidEnd;
    if (value < 0 || step(layout, bytes, value, end, 0x04, lenient) !== end)
      return fail(layout, 'bad-structure', at) > 0;
    note(layout, bytes, oid, oidEnd, contentStart(bytes, value), end);
    at = end;
  }
  return true;
}

/** Files an extension's value under its index; the first of several counts. */
function note(
  layout: Layout,
  bytes: Uint8Array,
  oid: number,
  oidEnd: number,
  value: number,
  valueEnd: number,
): void {
  const index = identifyExtension(bytes, contentStart(bytes, oid), oidEnd);
  if (index === poison) {
    if (layout.hasPoison) layout.hasDuplicate = true;
    layout.hasPoison = true;
  } else if (index < 0) layout.hasUnknown = true;
  else if ((layout.values[index * 2] ?? -1) >= 0) layout.hasDuplicate = true;
  else {
    layout.values[index * 2] = value;
    layout.values[index * 2 + 1] = valueEnd;
  }
}

/** What {@link identifyExtension} says of the CT poison. */
export const poison = 100;

/** Index in {@link known} of an extension by the contents of its object identifier; 100 for the CT poison, -1 for others. */
export function identifyExtension(bytes: Uint8Array, at: number, end: number): number {
  if (end - at === 3) return bytes[at] === 0x55 && bytes[at + 1] === 0x1d ? idCe(bytes[at + 2] ?? 0) : -1;
  if (end - at === 8) return matches(bytes, at, authorityInfoAccessOid) ? known.authorityInfoAccess : -1;
  if (end - at !== 10 || !matches(bytes, at, transparencyArc)) return -1;
  const last = bytes[at + 9];
  return last === 2 ? known.sctList : last === 3 ? poison : -1;
}

/** 2.5.29.x (RFC 5280 section 4.2.1). */
function idCe(last: number): number {
  switch (last) {
    case 14:
      return known.subjectKeyId;
    case 15:
      return known.keyUsage;
    case 17:
      return known.subjectAltName;
    case 19:
      return known.basicConstraints;
    case 30:
      return known.nameConstraints;
    case 31:
      return known.crlDistributionPoints;
    case 32:
      return known.certificatePolicies;
    case 35:
      return known.authorityKeyId;
    case 37:
      return known.extendedKeyUsage;
    default:
      return -1;
  }
}

/** 1.3.6.1.5.5.7.1.1. */
const authorityInfoAccessOid = [0x2b, 6, 1, 5, 5, 7, 1, 1] as const;
/** 1.3.6.1.4.1.11129.2.4, under which RFC 6962 has its extensions. */
const transparencyArc = [0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4] as const;

function matches(bytes: Uint8Array, at: number, expected: readonly number[]): boolean {
  for (let index = 0; index < expected.length; index += 1)
    if (bytes[at + index] !== expected[index]) return false;
  return true;
}

/** AlgorithmIdentifier and BIT STRING behind the TBSCertificate. */
function walkSignature(layout: Layout, bytes: Uint8Array, lenient: boolean): void {
  const end = step(layout, bytes, layout.tbsEnd, layout.end, 0x30, lenient);
  if (end < 0) return;
  layout.outerAlgorithmStart = layout.tbsEnd;
  layout.outerAlgorithmEnd = end;
  const signatureEnd = step(layout, bytes, end, layout.end, 0x03, lenient);
  if (signatureEnd < 0) return;
  layout.signatureStart = end;
  layout.signatureEnd = signatureEnd;
  if (signatureEnd !== layout.end) fail(layout, 'bad-structure', signatureEnd);
}

function emptyLayout(): Layout {
  const values: number[] = [];
  for (let index = 0; index < knownCount * 2; index += 1) values.push(-1);
  return {
    failure: null,
    failedAt: -1,
    end: -1,
    tbsStart: -1,
    tbsEnd: -1,
    version: 0,
    serialStart: -1,
    serialEnd: -1,
    innerAlgorithmStart: -1,
    innerAlgorithmEnd: -1,
    issuerStart: -1,
    issuerEnd: -1,
    notBeforeStart: -1,
    notBeforeEnd: -1,
    notAfterStart: -1,
    notAfterEnd: -1,
    subjectStart: -1,
    subjectEnd: -1,
    spkiStart: -1,
    spkiEnd: -1,
    extensionsStart: -1,
    extensionsEnd: -1,
    extensionListStart: -1,
    outerAlgorithmStart: -1,
    outerAlgorithmEnd: -1,
    signatureStart: -1,
    signatureEnd: -1,
    hasPoison: false,
    hasDuplicate: false,
    hasUnknown: false,
    values,
  };
}
