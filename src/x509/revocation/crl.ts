import { createHash } from 'node:crypto';
import {
  bytesOf,
  children,
  contextTag,
  DerError,
  expectElement,
  readBitString,
  readBoolean,
  readElement,
  readOid,
  readSmallInteger,
  readWhole,
  tags,
  type DerElement,
} from '../read/der.js';
import { crlEntries, findCrlEntry, serialHex, type CrlEntry } from './crl-entries.js';
import { canonicalTimeMs, readTime } from '../read/der-time.js';
import type { PathCertificate } from '../path/certificate.js';
import { readAuthorityKeyId } from '../path/extensions.js';
import { allReasons, readPointName, readReasons, type PointName } from './distribution-point.js';
import { optionalFields } from '../path/fields.js';
import { readGeneralNames } from '../path/general-name.js';
import { readName, type Name } from '../path/name.js';

/** A certificate revocation list, read as far as deciding on one certificate needs. Byte ranges are views. */
export interface PathCrl {
  readonly sha256: string;
  readonly der: Uint8Array;
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
  /** Of version 2; lists of version 1 are processed too (RFC 5280 section 5). */
  readonly isV2: boolean;
  readonly issuer: Name;
  readonly thisUpdateMs: number | null;
  /** Null when absent, which RFC 5280 section 5.1.2.5 forbids. */
  readonly nextUpdateMs: number | null;
  /** The SEQUENCE of revoked certificates; null when there are none. */
  readonly entries: DerElement | null;
  readonly authorityKeyId: string | null;
  readonly hasNumber: boolean;
  readonly isDelta: boolean;
  readonly scope: CrlScope | null;
  /** Why it may not be relied on, one clause each. */
  readonly faults: readonly string[];
}

/** IssuingDistributionPoint (RFC 5280 section 5.2.5). */
export interface CrlScope {
  readonly onlyUsers: boolean;
  readonly onlyCas: boolean;
  readonly onlyAttributes: boolean;
  /** Bits of the reasons it gives, by position. */
  readonly reasons: number;
  readonly isIndirect: boolean;
  /** The distribution point; null: the CRL stands for all. */
  readonly point: PointName | null;
}

/** Reads a CRL (RFC 5280 section 5.1). Throws DerError when the frame is broken. */
export function readPathCrl(der: Uint8Array): PathCrl {
  const [tbs, algorithm, signature, more] = children(der, readWhole(der, tags.sequence));
  if (tbs === undefined || algorithm === undefined || signature === undefined || more !== undefined)
    throw new DerError('a CRL has three parts', 0);
  const faults: string[] = [];
  const fields = readFields(der, expectElement(der, tags.sequence, tbs.start), faults);
  const signatureAlgorithm = bytesOf(der, expectElement(der, tags.sequence, algorithm.start));
  if (Buffer.compare(signatureAlgorithm, fields.innerAlgorithm) !== 0)
    faults.push('names two different signature algorithms');
  return {
    ...fields,
    sha256: createHash('sha256').update(der).digest('hex'),
    der,
    tbs: bytesOf(der, tbs),
    signatureAlgorithm,
    signature: readBitString(der, expectElement(der, tags.bitString, signature.start)).bits,
    faults,
  };
}

function readFields(der: Uint8Array, tbs: DerElement, faults: string[]) {
  let at = tbs.contentStart;
  const peek = (): DerElement | null => (at < tbs.end ? readElement(der, at, tbs.end) : null);
  const take = (...allowed: readonly number[]): DerElement => {
    const element = readElement(der, at, tbs.end);
    if (!allowed.includes(element.tag)) throw new DerError('unexpected field', at);
    at = element.end;
    return element;
  };
  const optional = (...allowed: readonly number[]): DerElement | null =>
    allowed.includes(peek()?.tag ?? -1) ? take(...allowed) : null;
  const times = [tags.utcTime, tags.generalizedTime];

  const version = optional(tags.integer);
  if (version !== null && readSmallInteger(der, version) !== 1) faults.push('is of an unknown version');
  const isV2 = version !== null;
  const innerAlgorithm = bytesOf(der, take(tags.sequence));
  const issuer = readName(der, take(tags.sequence));
  const thisUpdateMs = readInstant(der, take(...times), faults);
  const nextUpdate = optional(...times);
  const entries = optional(tags.sequence);
  const extensions = optional(contextTag(0, true));
  if (at !== tbs.end) throw new DerError('unexpected field', at);
  if (extensions !== null && !isV2) faults.push('has extensions but is of version 1');
  const nextUpdateMs = nextUpdate === null ? null : readInstant(der, nextUpdate, faults);
  return {
    isV2,
    innerAlgorithm,
    issuer,
    thisUpdateMs,
    nextUpdateMs,
    entries,
    ...readCrlExtensions(der, extensions, faults),
  };
}

function readInstant(der: Uint8Array, element: DerElement, faults: string[]): number | null {
  const { date } = readTime(der, element);
  // A GeneralizedTime before 2050 is the issuer's fault, and yet tells the instant.
  if (Number.isNaN(canonicalTimeMs(der, element.tag, element.contentStart, element.end)))
    faults.push('has a malformed time');
  return date?.getTime() ?? null;
}

const oids = {
  authorityKeyId: '2.5.29.35',
  number: '2.5.29.20',
  delta: '2.5.29.27',
  scope: '2.5.29.28',
  freshest: '2.5.29.46',
} as const;
const knownOids: ReadonlySet<string> = new Set(Object.values(oids));

function readCrlExtensions(der: Uint8Array, list: DerElement | null, faults: string[]) {
  const found = new Map<string, { readonly critical: boolean; readonly octets: DerElement }>();
  const [sequence] = list === null ? [] : children(der, list);
  for (const element of sequence === undefined ? [] : children(der, sequence)) {
    const { oid, critical, octets } = readExtension(der, element);
    if (found.has(oid)) faults.push(`has extension ${oid} more than once`);
    if (critical && !knownOids.has(oid)) faults.push(`has the unknown critical extension ${oid}`);
    found.set(oid, { critical, octets });
  }
  const number = found.get(oids.number);
  if (number?.critical === true) faults.push('has a critical CRL number');
  const scope = found.get(oids.scope);
  const keyId = found.get(oids.authorityKeyId);
  return {
    authorityKeyId: keyId === undefined ? null : readAuthorityKeyId(der, valueOf(der, keyId.octets)).keyId,
    hasNumber: number !== undefined,
    isDelta: found.has(oids.delta),
    scope: scope === undefined ? null : readScope(der, valueOf(der, scope.octets)),
  };
}

/** One Extension; unknown ones may hold anything. */
function readExtension(der: Uint8Array, element: DerElement) {
  const [oid, ...rest] = children(der, expectElement(der, tags.sequence, element.start, element.end));
  const flag = rest[0]?.tag === tags.boolean ? rest.shift() : undefined;
  const [octets, more] = rest;
  if (oid === undefined || octets?.tag !== tags.octetString || more !== undefined)
    throw new DerError('not an extension', element.start);
  const critical = flag !== undefined && readBoolean(der, flag);
  return { oid: readOid(der, oid), critical, octets };
}

/** The one element within an extension's OCTET STRING. */
function valueOf(der: Uint8Array, octets: DerElement): DerElement {
  const element = readElement(der, octets.contentStart, octets.end);
  if (element.end !== octets.end) throw new DerError('trailing bytes', element.end);
  return element;
}

function readScope(der: Uint8Array, element: DerElement): CrlScope {
  const sequence = expectElement(der, tags.sequence, element.start, element.end);
  const fieldTags = [0, 1, 2, 3, 4, 5].map((number) => contextTag(number, number === 0));
  const [point, users, cas, reasons, indirect, attributes] = optionalFields(der, sequence, fieldTags);
  const flag = (field: DerElement | undefined): boolean => field !== undefined && readBoolean(der, field);
  if (sequence.contentStart === sequence.end) throw new DerError('scope of nothing', sequence.start);
  if ([users, cas, attributes].filter(flag).length > 1)
    throw new DerError('scope of more than one kind of certificate', sequence.start);
  return {
    onlyUsers: flag(users),
    onlyCas: flag(cas),
    onlyAttributes: flag(attributes),
    reasons: reasons === undefined ? allReasons : readReasons(der, reasons),
    isIndirect: flag(indirect),
    point: point === undefined ? null : readPointName(der, point),
  };
}

/**
 * Reason of a certificate's entry: null when it is not listed, `unspecified` when no reason is given. In an indirect CRL entries
 * behind a certificateIssuer are that CA's (RFC 5280 section 5.3.3). Throws DerError, also where a critical extension of an
 * entry is not known: such a CRL tells the status of nothing (RFC 5280 section 5.3).
 */
export function reasonFor(
  crl: PathCrl,
  { serialOctets, issuer }: Pick<PathCertificate, 'serialOctets' | 'issuer'>,
): string | null {
  if (crl.entries === null) return null;
  if (crl.scope?.isIndirect !== true) return reasonOf(findCrlEntry(crl.der, crl.entries, serialOctets));
  const serialNumber = serialHex(serialOctets, 0, serialOctets.length);
  const isNegative = (serialOctets[0] ?? 0) >= 0x80;
  let named: Uint8Array | null = null;
  let isMeant = crl.issuer.key === issuer.key;
  for (const entry of crlEntries(crl.der, crl.entries)) {
    if (entry.unknownCritical.length > 0)
      throw new DerError('an entry with an unknown critical extension', 0);
    if (entry.certificateIssuer !== null && entry.certificateIssuer !== named) {
      named = entry.certificateIssuer;
      isMeant = directoryKey(named) === issuer.key;
    }
    if (isMeant && entry.serialNumber === serialNumber && entry.isNegative === isNegative)
      return reasonOf(entry);
  }
  return null;
}

function reasonOf(entry: CrlEntry | null): string | null {
  return entry === null ? null : (entry.reason ?? 'unspecified');
}

/** Comparable key of the directory name among GeneralNames; empty where there is none. */
export function directoryKey(generalNames: Uint8Array): string {
  const names = readGeneralNames(generalNames, readElement(generalNames, 0));
  return (
    names.map((name) => (name.kind === 'directory' ? name.name.key : '')).find((key) => key !== '') ?? ''
  );
}
