import type { Certificate } from '../../model/certificate.js';
import { tags } from './der.js';
import { canonicalTimeMs, readTime } from './der-time.js';
import { readName, type DistinguishedName } from './distinguished-name.js';
import { noGeneralNames, readGeneralNames, type GeneralNames } from './general-names.js';
import { contentStart, createLayout, elementEnd, known, readLayout, type Layout } from './layout.js';
import { Problems } from './problems.js';
import { readPublicKey, type KeyLayout } from './public-key.js';
import { strayExtensions } from './stray-extensions.js';

/**
 * What a certificate is known and matched by, hashes apart: the hot path, one pass over the bytes.
 * Never throws; `problems` says what is irregular, and what stands behind a fatal one is null or empty.
 */
export interface FastCertificate {
  /** A view of the bytes given. */
  readonly bytes: Buffer;
  readonly layout: Layout;
  /** As in the model's Certificate, like everything that bears a name of its. */
  readonly serialNumber: string;
  readonly subject: DistinguishedName | null;
  /** Milliseconds since 1970; NaN when the instant cannot be told for sure. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly subjectAltNames: GeneralNames;
  readonly key: KeyLayout | null;
  readonly problems: Problems;
  /** Start and end, in pairs, of what names may hide in: unique identifiers, extension values repeated, not known here or (once the other fields are read) malformed. */
  readonly strayValues: number[];
}

/** What the field readers share while one certificate is read. */
interface Reading {
  readonly bytes: Buffer;
  readonly layout: Layout;
  readonly problems: Problems;
  readonly strayValues: number[];
}

/** Reads a certificate, or a bare TBSCertificate as it stands in CT leaves of precertificates. */
export function readFast(der: Uint8Array, kind: 'certificate' | 'tbs' = 'certificate'): FastCertificate {
  const bytes = asBuffer(der);
  const problems = new Problems();
  const layout = readLayoutFailOpen(bytes, kind, problems);
  const reading: Reading = {
    bytes,
    layout,
    problems,
    strayValues: [],
  };
  const subjectAltNames = readSubjectAltNames(reading);
  const fast: FastCertificate = {
    bytes,
    layout,
    serialNumber: readSerial(reading),
    subject: readSubject(reading),
    notBeforeMs: readInstant(reading, layout.notBefore),
    notAfterMs: readInstant(reading, layout.notAfter),
    subjectAltNames,
    key: readKey(reading),
    problems,
    strayValues: reading.strayValues,
  };
  if (fast.notAfterMs < fast.notBeforeMs)
    problems.note('inverted-validity', 'notAfter lies before notBefore');
  findStrays(reading);
  return fast;
}

/** The same memory as a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** The bytes of a certificate read before, or of a bare TBSCertificate, and where its parts stand in them. */
export function locate({ der, problems }: Certificate): [Buffer, Layout] {
  const bytes = asBuffer(der);
  const layout = createLayout();
  const isBare = problems.some(({ code }) => code === 'bare-tbs');
  readLayout(layout, bytes, 0, bytes.length, isBare ? 'tbs' : 'certificate', true);
  return [bytes, layout];
}

/** DER first; then with lengths longer than needed, which others accept too. */
function readLayoutFailOpen(bytes: Buffer, kind: 'certificate' | 'tbs', problems: Problems): Layout {
  const layout = createLayout();
  if (!readLayout(layout, bytes, 0, bytes.length, kind)) {
    const { failedAt } = layout;
    if (readLayout(layout, bytes, 0, bytes.length, kind, true))
      problems.note('not-der', `a length is not minimal at offset ${failedAt}`);
    else
      problems.fatal(
        layout.failure ?? 'not-der',
        `the certificate cannot be read from offset ${layout.failedAt} on`,
      );
  }
  checkFrame(bytes, layout, kind, problems);
  return layout;
}

/** Version, and what stands behind the end. */
function checkFrame(bytes: Buffer, layout: Layout, kind: 'certificate' | 'tbs', problems: Problems): void {
  if (layout.end >= 0 && layout.end < bytes.length)
    problems.note('trailing-bytes', `${bytes.length - layout.end} bytes follow the certificate`);
  if (kind === 'tbs') problems.note('bare-tbs', 'this is a TBSCertificate without a signature');
  if (layout.version < 0 || layout.version > 2)
    problems.note('bad-version', 'the version is none of v1, v2 and v3');
  else if (layout.extensions >= 0 && layout.version !== 2)
    problems.note('bad-version', `extensions in a certificate of version ${layout.version + 1}`);
}

function readSubject({ bytes, layout: { subject }, problems }: Reading): DistinguishedName | null {
  return subject < 0 ? null : readName(bytes, subject, elementEnd(bytes, subject), problems);
}

/** Unsigned lower-case hex of the contents octets, also of a negative number's (RFC 5280 section 4.1.2.2). */
function readSerial({ bytes, layout: { serialNumber }, problems }: Reading): string {
  if (serialNumber < 0) return '';
  let from = contentStart(bytes, serialNumber);
  const end = elementEnd(bytes, serialNumber);
  const length = end - from;
  const first = bytes[from] ?? 0;
  if (length === 0) {
    problems.note('bad-serial', 'the serial number is empty');
    return '';
  }
  if (first >= 0x80) problems.note('negative-serial', 'the serial number is negative');
  if (length > 20) problems.note('long-serial', `the serial number has ${length} octets, more than 20`);
  if (length > 1 && isPadded(first, bytes[from + 1] ?? 0))
    problems.note('bad-serial', 'the serial number is not minimal');
  while (from < end - 1 && bytes[from] === 0) from += 1;
  const hex = bytes.toString('hex', from, end);
  if (hex === '00') problems.note('zero-serial', 'the serial number is zero');
  return hex.charCodeAt(0) === 0x30 ? hex.substring(1) : hex;
}

/** The first nine bits of an INTEGER are alike: one octet less would do. */
function isPadded(first: number, second: number): boolean {
  return (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80);
}

function readInstant({ bytes, problems }: Reading, at: number): number {
  if (at < 0) return NaN;
  const tag = bytes[at] ?? 0;
  const from = contentStart(bytes, at);
  const end = elementEnd(bytes, at);
  const ms = canonicalTimeMs(bytes, tag, from, end);
  if (tag === tags.utcTime && !Number.isNaN(ms)) return ms;
  const { date, problem } = readTime(bytes, { tag, start: at, contentStart: from, end });
  if (problem !== null) problems.note(problem.code, problem.message);
  return date?.getTime() ?? NaN;
}

function readSubjectAltNames({ bytes, layout, problems }: Reading): GeneralNames {
  const at = layout.values[known.subjectAltName] ?? -1;
  if (at < 0) return noGeneralNames();
  return readGeneralNames(bytes, contentStart(bytes, at), elementEnd(bytes, at), problems);
}

function readKey({ bytes, layout, problems }: Reading): KeyLayout | null {
  if (layout.publicKey < 0) return null;
  const key = readPublicKey(bytes, layout.publicKey, elementEnd(bytes, layout.publicKey));
  if (key === null) problems.note('bad-key', 'the SubjectPublicKeyInfo names no algorithm');
  else if (key.problem !== null) problems.note('bad-key', key.problem);
  return key;
}

/** True when two elements of the bytes are equal, tag and length included. */
export function isSameElement(bytes: Buffer, one: number, other: number): boolean {
  const length = elementEnd(bytes, one) - one;
  if (elementEnd(bytes, other) - other !== length) return false;
  for (let index = 0; index < length; index += 1)
    if (bytes[one + index] !== bytes[other + index]) return false;
  return true;
}

/** Where else names may hide: unique identifiers, and extensions repeated or not known here. */
function findStrays({ bytes, layout, problems, strayValues }: Reading): void {
  const { uniqueIds, extensions, tbsEnd } = layout;
  if (uniqueIds >= 0) strayValues.push(uniqueIds, extensions < 0 ? tbsEnd : extensions);
  if (!layout.hasUnknown && !layout.hasDuplicate) return;
  const { repeated, strays } = strayExtensions(bytes, layout);
  for (const offset of strays) strayValues.push(offset);
  for (const oid of repeated)
    problems.note('duplicate-extension', `the extension ${oid} comes more than once`);
}
