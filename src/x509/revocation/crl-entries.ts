import {
  bytesOf,
  children,
  DerError,
  readBoolean,
  readElement,
  readOid,
  readSmallInteger,
  tags,
  type DerElement,
} from '../read/der.js';
import { readTime } from '../read/der-time.js';
import { asBuffer } from '../read/fast.js';
import { contentStart, endOf } from '../read/layout.js';

/** One revoked certificate of a CRL (RFC 5280 section 5.1.2.6). */
export interface CrlEntry {
  /** As in a certificate: unsigned lower-case hex. */
  readonly serialNumber: string;
  /** The INTEGER is negative: another serial number than the positive one of the same hex. */
  readonly isNegative: boolean;
  /** Null when the time cannot be told. */
  readonly revokedAt: Date | null;
  /** For example `keyCompromise`; null when none is given. */
  readonly reason: string | null;
  /** Since when the key is believed to be lost; null when not said. */
  readonly invalidityDate: Date | null;
  /** DER of the GeneralNames of another issuer, which holds for the entries that follow too; null: the issuer of the CRL. */
  readonly certificateIssuer: Uint8Array | null;
  /** Critical extensions that nothing here knows: the CRL may then not be relied on (RFC 5280 section 5.3). */
  readonly unknownCritical: readonly string[];
}

/** CRLReason by number (RFC 5280 section 5.3.1). */
export const crlReasons: readonly (string | undefined)[] = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
];

/**
 * The entries of a CRL, one after the other, read as they are asked for; `list` is the SEQUENCE of revoked certificates. A
 * list of 100,000 takes about as long as hashing it. Throws DerError at the first entry that is malformed.
 */
export function* crlEntries(der: Uint8Array, list: DerElement): Generator<CrlEntry, void, undefined> {
  const bytes = Buffer.from(der.buffer, der.byteOffset, der.length);
  let certificateIssuer: Uint8Array | null = null;
  for (let at = list.contentStart; at < list.end;) {
    const end = entryEnd(bytes, at, list.end);
    const serial = contentStart(bytes, at);
    const time = endOf(bytes, serial, end);
    const extensions = endOf(bytes, time, end);
    const more =
      extensions === end ? noExtensions : readEntryExtensions(der, readElement(der, extensions, end));
    certificateIssuer = more.certificateIssuer ?? certificateIssuer;
    const first = contentStart(bytes, serial);
    yield {
      serialNumber: serialHex(bytes, first, time),
      isNegative: (bytes[first] ?? 0) >= 0x80,
      revokedAt: readTime(der, readElement(der, time, end)).date,
      reason: more.reason,
      invalidityDate: more.invalidityDate,
      certificateIssuer,
      unknownCritical: more.unknownCritical,
    };
    at = end;
  }
}

/**
 * The entry of a serial number, given by its INTEGER's contents; null when it is not listed. Throws DerError like
 * {@link crlEntries}, and where an entry on the way has a critical extension that nothing here knows: the CRL may then not be
 * relied on.
 */
export function findCrlEntry(der: Uint8Array, list: DerElement, serialOctets: Uint8Array): CrlEntry | null {
  const bytes = Buffer.from(der.buffer, der.byteOffset, der.length);
  const wanted = serialOctets.subarray(significantStart(serialOctets, 0, serialOctets.length));
  for (let at = list.contentStart; at < list.end;) {
    const end = entryEnd(bytes, at, list.end);
    const serial = contentStart(bytes, at);
    const time = endOf(bytes, serial, end);
    checkCritical(der, endOf(bytes, time, end), end);
    if (isSerial(bytes, contentStart(bytes, serial), time, wanted)) {
      const [entry = null] = crlEntries(der, { ...list, contentStart: at, end });
      return entry;
    }
    at = end;
  }
  return null;
}

/**
 * The entries of many serial numbers, each given by its INTEGER's contents, in one pass; by the octets' hex, what is not listed is
 * absent. Throws DerError like {@link findCrlEntry}.
 */
export function findCrlEntries(
  der: Uint8Array,
  list: DerElement,
  serials: readonly Uint8Array[],
): ReadonlyMap<string, CrlEntry> {
  const bytes = Buffer.from(der.buffer, der.byteOffset, der.length);
  const wanted = new Map<number, Uint8Array[]>();
  for (const octets of serials) {
    const serial = octets.subarray(significantStart(octets, 0, octets.length));
    const tail = tailOf(serial, 0, serial.length);
    wanted.set(tail, [...(wanted.get(tail) ?? []), serial]);
  }
  const found = new Map<string, CrlEntry>();
  for (let at = list.contentStart; at < list.end;) {
    const end = entryEnd(bytes, at, list.end);
    const serial = contentStart(bytes, at);
    const time = endOf(bytes, serial, end);
    checkCritical(der, endOf(bytes, time, end), end);
    const start = contentStart(bytes, serial);
    const meant = wanted.get(tailOf(bytes, significantStart(bytes, start, time), time));
    if (meant?.some((one) => isSerial(bytes, start, time, one)) === true) {
      const [entry] = crlEntries(der, { ...list, contentStart: at, end });
      if (entry !== undefined) found.set(serialKey(bytes.subarray(start, time)), entry);
    }
    at = end;
  }
  return found;
}

/** How {@link findCrlEntries} names a serial number: hex of its INTEGER's contents, without zeros that say nothing of its sign. */
export function serialKey(octets: Uint8Array): string {
  return asBuffer(octets).toString('hex', significantStart(octets, 0, octets.length));
}

/** The last octets of an INTEGER as a number, at most four. */
function tailOf(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = Math.max(start, end - 4); at < end; at += 1) value = value * 256 + (bytes[at] ?? 0);
  return value;
}

function checkCritical(der: Uint8Array, extensions: number, end: number): void {
  if (extensions === end) return;
  // Criticality is written `01 01 ff`; most entries say a reason, or nothing.
  for (let at = extensions; at < end - 2; at += 1)
    if (der[at] === 1 && der[at + 1] === 1 && der[at + 2] === 0xff) {
      const { unknownCritical } = readEntryExtensions(der, readElement(der, extensions, end));
      if (unknownCritical.length > 0)
        throw new DerError('an entry with an unknown critical extension', extensions);
      return;
    }
}

/** End of the entry at `at`, once it is sure that it begins with an INTEGER and a time. */
function entryEnd(bytes: Buffer, at: number, limit: number): number {
  const end = bytes[at] === tags.sequence ? endOf(bytes, at, limit) : -1;
  const serial = contentStart(bytes, at);
  const time = end > 0 && bytes[serial] === tags.integer ? endOf(bytes, serial, end) : -1;
  if (time < 0 || endOf(bytes, time, end) < 0) throw new DerError('not a revoked certificate', at);
  return end;
}

/** Unsigned lower-case hex without leading zeros, as in a certificate, of an INTEGER's contents. */
export function serialHex(bytes: Uint8Array, start: number, end: number): string {
  let from = start;
  while (from < end - 1 && bytes[from] === 0) from += 1;
  const hex = asBuffer(bytes).toString('hex', from, end);
  return hex.length > 1 && hex.startsWith('0') ? hex.slice(1) : hex;
}

function isSerial(bytes: Buffer, start: number, end: number, wanted: Uint8Array): boolean {
  const from = significantStart(bytes, start, end);
  if (end - from !== wanted.length) return false;
  // The last octets differ soonest: many CAs begin all serial numbers alike.
  for (let index = wanted.length - 1; index >= 0; index -= 1)
    if (bytes[from + index] !== wanted[index]) return false;
  return true;
}

/** Where an INTEGER's contents begin once zeros that do not tell its sign are left out. */
function significantStart(bytes: Uint8Array, start: number, end: number): number {
  let from = start;
  while (from < end - 1 && bytes[from] === 0 && (bytes[from + 1] ?? 0) < 0x80) from += 1;
  return from;
}

interface EntryExtensions {
  readonly reason: string | null;
  readonly invalidityDate: Date | null;
  readonly certificateIssuer: Uint8Array | null;
  readonly unknownCritical: readonly string[];
}

const noExtensions: EntryExtensions = {
  reason: null,
  invalidityDate: null,
  certificateIssuer: null,
  unknownCritical: [],
};

function readEntryExtensions(der: Uint8Array, list: DerElement): EntryExtensions {
  let found = noExtensions;
  for (const extension of children(der, list)) {
    const [oidElement, ...rest] = children(der, extension);
    const octets = rest.at(-1);
    if (oidElement === undefined || octets?.tag !== tags.octetString)
      throw new DerError('not an Extension', extension.start);
    const oid = readOid(der, oidElement);
    // Unknown ones may hold anything.
    const value = (): DerElement => readElement(der, octets.contentStart, octets.end);
    if (oid === '2.5.29.21') found = { ...found, reason: reasonText(readSmallInteger(der, value())) };
    else if (oid === '2.5.29.24') found = { ...found, invalidityDate: readTime(der, value()).date };
    else if (oid === '2.5.29.29') found = { ...found, certificateIssuer: bytesOf(der, value()) };
    else if (rest[0]?.tag === tags.boolean && readBoolean(der, rest[0]))
      found = { ...found, unknownCritical: [...found.unknownCritical, oid] };
  }
  return found;
}

function reasonText(code: number): string {
  return crlReasons[code] ?? `reason ${code}`;
}
