import { hash } from 'node:crypto';
import {
  contentStart,
  createLayout,
  elementEnd,
  endOf,
  known,
  readLayout,
  type Layout,
} from '../../src/x509/layout.js';
import { readName } from '../../src/x509/distinguished-name.js';
import { addressText } from '../../src/x509/general-names.js';
import { Problems } from '../../src/x509/problems.js';
import type { LookAlikes } from './look-alikes.js';
import { createSuffixTable } from './suffix-table.js';
import { foldText, type WatchList } from './watch-list.js';

/**
 * Says of an entry's certificate whether it may match the watch list, from offsets alone: false is certain, true means that it
 * is worth reading in full. What cannot be located always may match.
 */
export type EntryFilter = (bytes: Buffer, kind: 'certificate' | 'tbs') => boolean;

type MayName = (bytes: Buffer, start: number, end: number) => boolean;
type MayMatch = (bytes: Buffer, layout: Layout) => boolean;

/** A filter for the list; `lookAlikes` null when they are not wanted. */
export function createEntryFilter(list: WatchList, lookAlikes: LookAlikes | null): EntryFilter {
  if (list.everything) return () => true;
  const table = createSuffixTable([...list.domains, ...list.names, ...list.ipAddresses]);
  const mayName: MayName = (bytes, start, end) =>
    table.mayContain(bytes, start, end) !== false ||
    (lookAlikes !== null && lookAlikes(bytes.toString('latin1', start, end).toLowerCase()) !== null);
  const checks: MayMatch[] = [
    alternativeNameCheck(mayName, new Set(list.ipAddresses)),
    subjectCheck(mayName, new Set(list.organizations)),
    ...(list.issuers.length > 0 ? [issuerCheck(list.issuers)] : []),
    ...(list.publicKeys.length > 0 ? [keyCheck(new Set(list.publicKeys))] : []),
  ];
  const layout = createLayout();
  return (bytes, kind) =>
    !readLayout(layout, bytes, 0, bytes.length, kind) ||
    layout.hasDuplicate ||
    checks.some((check) => check(bytes, layout));
}

/** subjectAltName: dNSName [2] and iPAddress [7]; e-mail addresses and URIs name no server; other tags may hide something. */
function alternativeNameCheck(mayName: MayName, addresses: ReadonlySet<string>): MayMatch {
  return (bytes, layout) => {
    const octets = layout.values[known.subjectAltName] ?? -1;
    if (octets < 0) return false;
    const start = contentStart(bytes, octets);
    const end = elementEnd(bytes, octets);
    if (bytes[start] !== 0x30 || endOf(bytes, start, end) !== end) return true;
    for (let at = contentStart(bytes, start); at < end;) {
      const next = endOf(bytes, at, end);
      if (next < 0) return true;
      const tag = bytes[at] ?? 0;
      const value = contentStart(bytes, at);
      if (tag === 0x82) {
        if (mayName(bytes, value, next)) return true;
      } else if (tag === 0x87) {
        if (addresses.size > 0 && addresses.has(addressText(bytes, value, next) ?? '')) return true;
      } else if (!harmlessNameTags.has(tag)) return true;
      at = next;
    }
    return false;
  };
}

/** otherName, rfc822Name, x400Address, directoryName, ediPartyName, URI, registeredID (RFC 5280 section 4.2.1.6). */
const harmlessNameTags: ReadonlySet<number> = new Set([0xa0, 0x81, 0xa3, 0xa4, 0xa5, 0x86, 0x88]);

/** Every Common Name and every organization of the subject. */
function subjectCheck(mayName: MayName, organizations: ReadonlySet<string>): MayMatch {
  const mayOrganize: MayName = (bytes, start, end) => {
    const text = bytes.toString('latin1', start, end);
    return organizations.has(foldText(text)) || !plainText.test(text);
  };
  return (bytes, { subject }) => {
    const subjectEnd = elementEnd(bytes, subject);
    for (let at = contentStart(bytes, subject); at < subjectEnd;) {
      const setEnd = endOf(bytes, at, subjectEnd);
      if (setEnd < 0) return true;
      for (let pair = contentStart(bytes, at); pair < setEnd;) {
        const pairEnd = endOf(bytes, pair, setEnd);
        if (pairEnd < 0) return true;
        if (
          mayAttribute(
            bytes,
            contentStart(bytes, pair),
            pairEnd,
            mayName,
            organizations.size > 0 ? mayOrganize : null,
          )
        )
          return true;
        pair = pairEnd;
      }
      at = setEnd;
    }
    return false;
  };
}

/** Text that compares equal whatever its string type. */
const plainText = /^[ -~]*$/;

/** One AttributeTypeAndValue: 2.5.4.3 is the Common Name, 2.5.4.10 the organization. */
function mayAttribute(
  bytes: Buffer,
  oid: number,
  end: number,
  mayName: MayName,
  mayOrganize: MayName | null,
): boolean {
  if (bytes[oid] !== 0x06 || bytes[oid + 1] !== 3 || bytes[oid + 2] !== 0x55 || bytes[oid + 3] !== 4)
    return false;
  const type = bytes[oid + 4];
  if (type !== 3 && (type !== 10 || mayOrganize === null)) return false;
  const value = oid + 5;
  if (endOf(bytes, value, end) !== end) return true;
  const start = contentStart(bytes, value);
  if (type === 10) return mayOrganize?.(bytes, start, end) ?? false;
  return mayHoldName(bytes, start, end) && mayName(bytes, start, end);
}

/** False for the many Common Names that are a person's or a company's: ASCII without a dot. */
function mayHoldName(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x2e || byte >= 0x80 || byte < 0x20) return true;
  }
  return false;
}

/** Issuer names repeat by the million: each is read once. */
function issuerCheck(issuers: readonly string[]): MayMatch {
  const memory = new Map<string, boolean>();
  return (bytes, { issuer }) => {
    const end = elementEnd(bytes, issuer);
    const der = bytes.toString('latin1', issuer, end);
    let matches = memory.get(der);
    if (matches === undefined) {
      const text = foldText(readName(bytes, bytes.toString('latin1'), issuer, end, new Problems()).text);
      matches = issuers.some((wanted) => text.includes(wanted));
      if (memory.size > 20_000) memory.clear();
      memory.set(der, matches);
    }
    return matches;
  };
}

function keyCheck(publicKeys: ReadonlySet<string>): MayMatch {
  return (bytes, { publicKey }) =>
    publicKeys.has(hash('sha256', bytes.subarray(publicKey, elementEnd(bytes, publicKey)), 'hex'));
}
