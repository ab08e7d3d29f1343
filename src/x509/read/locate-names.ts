import { hasDot, isPlainHost } from './general-names.js';
import { contentStart, createLayout, elementEnd, endOf, known, readLayout, type Layout } from './layout.js';
import { attributeNames, findOid, oidTable } from './oids.js';
import { isUsualExtension } from './usual-extensions.js';

/** What a located name is; the values of {@link NameRanges.kinds}. */
export const nameKinds = { commonName: 0, dnsName: 1, ipAddress: 2, organization: 3 } as const;

/**
 * Where the names of a certificate stand. Filled again and again: read it before the next call. `starts` and `ends` are
 * offsets into the bytes given, of the octets alone, without tag and length.
 */
export interface NameRanges {
  count: number;
  kinds: Uint8Array;
  starts: Int32Array;
  ends: Int32Array;
  /** Offsets of the other parts; ends by {@link elementEnd}. */
  readonly layout: Layout;
}

/** Ranges for {@link locateNames} to fill. */
export function createNameRanges(): NameRanges {
  return {
    count: 0,
    kinds: new Uint8Array(64),
    starts: new Int32Array(64),
    ends: new Int32Array(64),
    layout: createLayout(),
  };
}

/**
 * Locates the names of the certificate, or bare TBSCertificate, in [start, end) without decoding, hashing or allocating:
 * for matching at the rate of CT logs. dNSNames and Common Names are then exactly what the `names` of readCertificate hold
 * (Common Names only where they look like host names). False for every certificate that is not quite usual - malformed,
 * names that need normalising, names of other kinds, extensions not known here - which readCertificate or readTbs must
 * read instead. Bytes behind the certificate are not looked at.
 */
export function locateNames(
  bytes: Uint8Array,
  start: number,
  end: number,
  isTbs: boolean,
  out: NameRanges,
): boolean {
  out.count = 0;
  const { layout } = out;
  if (!readLayout(layout, bytes, start, end, isTbs ? 'tbs' : 'certificate')) return false;
  if (layout.hasUnknown || layout.hasDuplicate || layout.uniqueIds >= 0 || layout.end !== end) return false;
  for (let index = 0; index < layout.values.length; index += 1) {
    const at = layout.values[index] ?? -1;
    if (at >= 0 && !isUsualExtension(index, bytes, contentStart(bytes, at), elementEnd(bytes, at)))
      return false;
  }
  return (
    visitName(bytes, layout.issuer, out, () => true) &&
    visitName(bytes, layout.subject, out, locateAttribute) &&
    locateSubjectAltNames(bytes, out)
  );
}

function add(out: NameRanges, kind: number, start: number, end: number): void {
  if (out.count === out.kinds.length) grow(out);
  out.kinds[out.count] = kind;
  out.starts[out.count] = start;
  out.ends[out.count] = end;
  out.count += 1;
}

function grow(out: NameRanges): void {
  const size = out.count * 2;
  const { kinds, starts, ends } = out;
  (out.kinds = new Uint8Array(size)).set(kinds);
  (out.starts = new Int32Array(size)).set(starts);
  (out.ends = new Int32Array(size)).set(ends);
}

function locateSubjectAltNames(bytes: Uint8Array, out: NameRanges): boolean {
  const value = out.layout.values[known.subjectAltName] ?? -1;
  if (value < 0) return true;
  const end = elementEnd(bytes, value);
  let at = contentStart(bytes, contentStart(bytes, value));
  while (at < end) {
    const next = endOf(bytes, at, end);
    if (next < 0) return false;
    const from = contentStart(bytes, at);
    if (bytes[at] === 0x82) {
      if (!isPlainHost(bytes, from, next)) return false;
      add(out, nameKinds.dnsName, from, next);
    } else if (bytes[at] === 0x87) {
      const length = next - from;
      if (length !== 4 && (length !== 16 || isPlainHost(bytes, from, next))) return false;
      add(out, nameKinds.ipAddress, from, next);
    } else return false;
    at = next;
  }
  return true;
}

const attributeTypes = oidTable(attributeNames);

/** Looks at each attribute of the Name at `name`; false as soon as that says so, or the Name is malformed. */
function visitName(
  bytes: Uint8Array,
  name: number,
  out: NameRanges,
  visit: (bytes: Uint8Array, oid: number, value: number, end: number, out: NameRanges) => boolean,
): boolean {
  const end = elementEnd(bytes, name);
  let rdn = contentStart(bytes, name);
  while (rdn < end) {
    const rdnEnd = bytes[rdn] === 0x31 ? endOf(bytes, rdn, end) : -1;
    if (rdnEnd < 0) return false;
    let at = contentStart(bytes, rdn);
    while (at < rdnEnd) {
      const pairEnd = bytes[at] === 0x30 ? endOf(bytes, at, rdnEnd) : -1;
      const oid = contentStart(bytes, at);
      const value = pairEnd > 0 && bytes[oid] === 0x06 ? endOf(bytes, oid, pairEnd) : -1;
      if (value < 0 || endOf(bytes, value, pairEnd) !== pairEnd) return false;
      if (!visit(bytes, oid, value, pairEnd, out)) return false;
      at = pairEnd;
    }
    rdn = rdnEnd;
  }
  return true;
}

/** Adds an attribute of the subject; false when it is of an unusual string type, or may be a name but not a usual one. */
function locateAttribute(
  bytes: Uint8Array,
  oid: number,
  value: number,
  end: number,
  out: NameRanges,
): boolean {
  const tag = bytes[value];
  if (tag !== 0x0c && tag !== 0x13 && tag !== 0x16) return false;
  const type = findOid(attributeTypes, bytes, contentStart(bytes, oid), value);
  const from = contentStart(bytes, value);
  if (type === 'O' && tag !== 0x16) {
    add(out, nameKinds.organization, from, end);
    return !(isPlainHost(bytes, from, end) && hasDot(bytes, from, end));
  }
  if (!hasDot(bytes, from, end)) return isAscii(bytes, from, end);
  if (type !== 'CN') return isPlainProse(bytes, from, end);
  if (!isPlainHost(bytes, from, end) || !isHostLike(bytes, from, end)) return false;
  add(out, nameKinds.commonName, from, end);
  return true;
}

/** Labels of 1 to 63 octets, the last a letter and then no star or underscore: what namesInCommonName takes as it is. */
function isHostLike(bytes: Uint8Array, from: number, end: number): boolean {
  let label = from;
  let isTop = true;
  for (let at = from; at <= end; at += 1) {
    const octet = at === end ? 0x2e : (bytes[at] ?? 0);
    if (octet === 0x2e && (at === label || at - label > 63)) return false;
    if (octet === 0x2e && at < end) {
      label = at + 1;
      isTop = (bytes[label] ?? 0) >= 0x61 && (bytes[label] ?? 0) <= 0x7a;
    } else if (octet === 0x2a || octet === 0x5f) isTop = false;
  }
  return isTop;
}

/** Printable ASCII, spaces within it only, of which some is none of a letter, digit, hyphen, dot, underscore, star or question mark. */
function isPlainProse(bytes: Uint8Array, from: number, end: number): boolean {
  if (bytes[from] === 0x20 || bytes[end - 1] === 0x20) return false;
  let isProse = false;
  for (let at = from; at < end; at += 1) {
    const octet = bytes[at] ?? 0;
    if (octet < 0x20 || octet > 0x7e) return false;
    isProse ||= hostOctets[octet] === 0;
  }
  return isProse;
}

const hostOctets = new Uint8Array(256);
for (const octet of Buffer.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._*?'))
  hostOctets[octet] = 1;

function isAscii(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) if ((bytes[at] ?? 0) >= 0x80) return false;
  return true;
}
