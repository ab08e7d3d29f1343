import { createHash } from 'node:crypto';
import {
  bytesOf,
  children,
  contentOf,
  contextTag,
  DerError,
  expectElement,
  readBitString,
  readInteger,
  readSmallInteger,
  readWhole,
  tags,
  type DerElement,
} from '../read/der.js';
import { canonicalTimeMs, readTime } from '../read/der-time.js';
import type { PathCode, Problem } from './codes.js';
import { quote } from './quote.js';
import { readExtensions, type PresentExtension } from './extension-list.js';
import type { Extensions } from './extensions.js';
import { readNameOn, type Name } from './name.js';

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
  /** Every extension by object identifier, malformed and unknown ones included; of repeated ones the first. */
  readonly present: ReadonlyMap<string, PresentExtension>;
  /** Faults of the encoding met while reading on. */
  readonly problems: readonly Problem[];
}

/**
 * Reads a certificate (RFC 5280 section 4.1). Throws DerError when its parts cannot be told apart; what is malformed within a part
 * becomes a problem, and reading goes on.
 */
export function readPathCertificate(der: Uint8Array): PathCertificate {
  const [tbs, algorithm, signature, more] = children(der, readWhole(der, tags.sequence));
  if (tbs === undefined || algorithm === undefined || signature === undefined || more !== undefined)
    throw new DerError('a certificate has three parts', 0);
  const problems: Problem[] = [];
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
    signature: readSignature(der, signature, problems),
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
  const issuer = readNameOf('issuer', der, take(tags.sequence), problems);
  const validity = readValidity(der, take(tags.sequence), problems);
  const subject = readNameOf('subject', der, take(tags.sequence), problems);
  const spki = bytesOf(der, take(tags.sequence));
  const uniqueIds = [optional(contextTag(1, false)), optional(contextTag(2, false))];
  if (uniqueIds.some((id) => id !== null))
    problems.push({ code: 'unique-identifier', text: 'carries a unique identifier', isTolerable: true });
  const list = optional(contextTag(3, true));
  if (field !== undefined) throw new DerError('unexpected field', tbs.start);
  if (list !== null && version !== 3)
    problems.push({ code: 'wrong-version', text: `has extensions but is of version ${version}` });
  const { extensions, present } = readExtensions(der, list, problems);
  const { serialNumber, serialOctets } = readSerial(der, serial, problems);
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
    present,
  };
}

/** What `read` gives; where it is malformed, `fallback`, and a problem. */
function readOn<T>(problems: Problem[], code: PathCode, what: string, fallback: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    problems.push({ code, text: `has ${what}: ${quote(error.message)}` });
    return fallback;
  }
}

function readSignature(der: Uint8Array, element: DerElement, problems: Problem[]): Uint8Array {
  return readOn(problems, 'malformed-certificate', 'a malformed signature', new Uint8Array(), () => {
    const { bits, unusedBits } = readBitString(der, expectElement(der, tags.bitString, element.start));
    if (unusedBits > 0) throw new DerError('signature of no whole octets', element.start);
    return bits;
  });
}

function readNameOf(what: string, der: Uint8Array, element: DerElement, problems: Problem[]): Name {
  const { name, fault } = readNameOn(der, element);
  if (fault !== null)
    problems.push({
      code: 'malformed-certificate',
      text: `has a malformed ${what}: ${quote(fault.message)}`,
    });
  return name;
}

/** A serial number that is not minimal is read all the same: programs do, and look it up by its value. */
function readSerial(der: Uint8Array, element: DerElement, problems: Problem[]) {
  const serialOctets = contentOf(der, element);
  const hex = Buffer.from(serialOctets).toString('hex');
  const padded = hex === '' ? 0n : BigInt.asIntN(serialOctets.length * 8, BigInt(`0x${hex}`));
  const serialNumber = readOn(problems, 'bad-serial-number', 'a malformed serial number', padded, () =>
    readInteger(der, element),
  );
  return { serialNumber, serialOctets };
}

function readVersion(der: Uint8Array, element: DerElement | null, problems: Problem[]): number {
  if (element === null) return 1;
  const version = readOn(problems, 'wrong-version', 'a malformed version', null, () => {
    const [number, more] = children(der, element);
    if (number === undefined || more !== undefined)
      throw new DerError('version is not one INTEGER', element.start);
    return readSmallInteger(der, expectElement(der, tags.integer, number.start, number.end)) + 1;
  });
  if (version === 1) problems.push({ code: 'malformed-certificate', text: 'writes out the default version' });
  if (version !== null && version > 3)
    problems.push({ code: 'wrong-version', text: `is of the unknown version ${version}` });
  return version ?? 3;
}

const noValidity = { notBeforeMs: null, notAfterMs: null };

function readValidity(der: Uint8Array, element: DerElement, problems: Problem[]) {
  const times = readOn(problems, 'bad-time', 'a malformed validity', null, () => [...children(der, element)]);
  const [notBefore, notAfter, more] = times ?? [];
  if (notBefore === undefined || notAfter === undefined || more !== undefined) {
    if (times !== null) problems.push({ code: 'bad-time', text: 'has a validity that is not two times' });
    return noValidity;
  }
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
