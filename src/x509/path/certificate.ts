import { createHash } from 'node:crypto';
import {
  bytesOf,
  children,
  contentOf,
  contextTag,
  DerError,
  expectElement,
  readBitString,
  readBoolean,
  readElement,
  readInteger,
  readOid,
  readSmallInteger,
  readWhole,
  tags,
  type DerElement,
} from '../read/der.js';
import { canonicalTimeMs, readTime } from '../read/der-time.js';
import type { PathCode, Problem } from './codes.js';
import { quote } from './quote.js';
import { extensionReaders, type Extensions } from './extensions.js';
import { readName, type Name } from './name.js';

/** One certificate, read in full for path validation. Byte ranges are views of `der`. */
export interface PathCertificate {
  readonly der: Uint8Array;
  /** SHA-256 of `der`, lower-case hex. */
  readonly sha256: string;
  readonly tbs: Uint8Array;
  /** 1, 2 or 3. */
  readonly version: number;
  readonly serialNumber: bigint;
  /** Contents of the serial number's INTEGER. */
  readonly serialOctets: Uint8Array;
  /** AlgorithmIdentifier outside the TBSCertificate. */
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
  readonly issuer: Name;
  readonly subject: Name;
  /** Milliseconds since 1970; null when no instant can be told. */
  readonly notBeforeMs: number | null;
  readonly notAfterMs: number | null;
  /** SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly extensions: Extensions;
  /** Faults of the encoding met while reading on. */
  readonly problems: readonly Problem[];
}

/** Reads a certificate (RFC 5280 section 4.1). Throws DerError when the frame is broken; extensions' faults become problems. */
export function readPathCertificate(der: Uint8Array): PathCertificate {
  const [tbs, algorithm, signature, more] = children(der, readWhole(der, tags.sequence));
  if (tbs === undefined || algorithm === undefined || signature === undefined || more !== undefined)
    throw new DerError('a certificate has three parts', 0);
  const problems: Problem[] = [];
  const { bits, unusedBits } = readBitString(der, expectElement(der, tags.bitString, signature.start));
  if (unusedBits > 0) throw new DerError('signature of no whole octets', signature.start);
  const frame = readFrame(der, expectElement(der, tags.sequence, tbs.start, tbs.end), problems);
  const signatureAlgorithm = bytesOf(der, expectElement(der, tags.sequence, algorithm.start));
  if (Buffer.compare(signatureAlgorithm, frame.innerAlgorithm) !== 0)
    problems.push({
      code: 'signature-algorithm-mismatch',
      text: 'names one signature algorithm inside what is signed and another outside',
    });
  return {
    ...frame,
    der,
    sha256: createHash('sha256').update(der).digest('hex'),
    tbs: bytesOf(der, tbs),
    signatureAlgorithm,
    signature: bits,
    problems,
  };
}

/** The fields of a TBSCertificate, in order. */
function readFrame(der: Uint8Array, tbs: DerElement, problems: Problem[]) {
  const fields = children(der, tbs);
  let field = fields.next().value;
  const take = (tag: number): DerElement => {
    if (field?.tag !== tag) throw new DerError(`expected tag ${tag}`, field?.start ?? tbs.end);
    const taken = field;
    field = fields.next().value;
    return taken;
  };
  const optional = (tag: number): DerElement | null => (field?.tag === tag ? take(tag) : null);

  const version = readVersion(der, optional(contextTag(0, true)), problems);
  const serial = take(tags.integer);
  const innerAlgorithm = bytesOf(der, take(tags.sequence));
  const issuer = readName(der, take(tags.sequence));
  const validity = readValidity(der, take(tags.sequence), problems);
  const subject = readName(der, take(tags.sequence));
  const spki = bytesOf(der, take(tags.sequence));
  const uniqueIds = [optional(contextTag(1, false)), optional(contextTag(2, false))];
  if (uniqueIds.some((id) => id !== null))
    problems.push({ code: 'unique-identifier', text: 'carries a unique identifier', isTolerable: true });
  const list = optional(contextTag(3, true));
  if (field !== undefined) throw new DerError('unexpected field', tbs.start);
  if (list !== null && version !== 3)
    problems.push({ code: 'wrong-version', text: `has extensions but is of version ${version}` });
  const extensions = readExtensions(der, list, problems);
  const serialNumber = readInteger(der, serial);
  const serialOctets = contentOf(der, serial);
  return {
    version,
    serialNumber,
    serialOctets,
    innerAlgorithm,
    issuer,
    ...validity,
    subject,
    spki,
    extensions,
  };
}

function readVersion(der: Uint8Array, element: DerElement | null, problems: Problem[]): number {
  if (element === null) return 1;
  const [number, more] = children(der, element);
  if (number === undefined || more !== undefined)
    throw new DerError('version is not one INTEGER', element.start);
  const version = readSmallInteger(der, expectElement(der, tags.integer, number.start, number.end)) + 1;
  if (version === 1) problems.push({ code: 'malformed-certificate', text: 'writes out the default version' });
  if (version > 3) problems.push({ code: 'wrong-version', text: `is of the unknown version ${version}` });
  return version;
}

function readValidity(der: Uint8Array, element: DerElement, problems: Problem[]) {
  const [notBefore, notAfter, more] = children(der, element);
  if (notBefore === undefined || notAfter === undefined || more !== undefined)
    throw new DerError('validity is not two times', element.start);
  const [notBeforeMs, notAfterMs] = [notBefore, notAfter].map((time) => {
    const { date, problem } = readTime(der, time);
    // All else that is not canonical leaves the instant in doubt.
    const isTolerable = !Number.isNaN(canonicalTimeMs(der, time.tag, time.contentStart, time.end));
    if (problem !== null)
      problems.push({
        code: 'bad-time',
        text: `has a malformed time: ${quote(problem.message)}`,
        isTolerable,
      });
    return date?.getTime() ?? null;
  });
  return { notBeforeMs: notBeforeMs ?? null, notAfterMs: notAfterMs ?? null };
}

interface RawExtension {
  readonly critical: boolean;
  readonly value: DerElement;
}

const readers = Object.entries(extensionReaders);

function readExtensions(der: Uint8Array, list: DerElement | null, problems: Problem[]): Extensions {
  const raw = new Map<string, RawExtension>();
  if (list !== null) collectExtensions(der, list, raw, problems);
  const read = readers.map(([name, reader]) => {
    const extension = raw.get(reader.oid);
    return [name, extension === undefined ? null : readExtension(der, name, extension, problems)] as const;
  });
  reportUnread(raw, problems);
  return Object.fromEntries(read) as unknown as Extensions;
}

function collectExtensions(
  der: Uint8Array,
  list: DerElement,
  raw: Map<string, RawExtension>,
  problems: Problem[],
): void {
  const [sequence, more] = children(der, list);
  if (sequence === undefined || more !== undefined)
    throw new DerError('not one list of extensions', list.start);
  if (sequence.contentStart === sequence.end) throw new DerError('empty list of extensions', list.start);
  const repeated = new Set<string>();
  const writtenOut = new Set<string>();
  for (const element of children(der, expectElement(der, tags.sequence, sequence.start))) {
    const [oid, ...rest] = children(der, expectElement(der, tags.sequence, element.start));
    if (oid?.tag !== tags.oid) throw new DerError('extension without an identifier', element.start);
    const id = readOid(der, oid);
    const critical = rest[0]?.tag === tags.boolean ? rest.shift() : undefined;
    const [value] = rest;
    if (rest.length !== 1 || value?.tag !== tags.octetString)
      throw new DerError('extension without a value', element.start);
    if (critical !== undefined && !readBoolean(der, critical)) writtenOut.add(id);
    if (raw.has(id)) repeated.add(id);
    else raw.set(id, { critical: critical !== undefined && readBoolean(der, critical), value });
  }
  for (const id of [...repeated].slice(0, 3))
    problems.push({ code: 'duplicate-extension', text: `has extension ${id} more than once` });
  for (const id of [...writtenOut].slice(0, 3))
    problems.push({
      code: 'malformed-extension',
      text: `writes out the default criticality of extension ${id}`,
    });
}

const malformedCodes: Readonly<Record<string, PathCode>> = {
  nameConstraints: 'name-constraints-malformed',
  policyConstraints: 'policy-constraints-malformed',
};

function readExtension(der: Uint8Array, name: string, raw: RawExtension, problems: Problem[]) {
  const reader = extensionReaders[name as keyof typeof extensionReaders];
  try {
    const { contentStart, end } = raw.value;
    const element = readElement(der, contentStart, end);
    if (element.end !== end) throw new DerError('trailing bytes', element.end);
    return { critical: raw.critical, value: reader.read(der, element) };
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    const code = malformedCodes[name] ?? 'malformed-extension';
    problems.push({ code, text: `has a malformed ${name} extension: ${quote(error.message)}` });
    return null;
  }
}

const knownOids: ReadonlySet<string> = new Set(readers.map(([, { oid }]) => oid));
const poisonOid = '1.3.6.1.4.1.11129.2.4.3';

/** Critical extensions that nobody here reads (RFC 5280 section 4.2). */
function reportUnread(raw: ReadonlyMap<string, RawExtension>, problems: Problem[]): void {
  if (raw.has(poisonOid))
    problems.push({ code: 'precertificate', text: 'is a precertificate, which no one may accept' });
  const unread = [...raw].filter(
    ([oid, { critical }]) => critical && !knownOids.has(oid) && oid !== poisonOid,
  );
  if (unread.length === 0) return;
  const shown = unread.slice(0, 3).map(([oid]) => oid);
  const rest = unread.length > 3 ? ` and ${unread.length - 3} more` : '';
  const text = `has unknown critical extensions: ${shown.join(', ')}${rest}`;
  problems.push({ code: 'unknown-critical-extension', text });
}
