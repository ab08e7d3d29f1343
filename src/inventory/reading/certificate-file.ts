import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { readBounded } from '../../lib/read-bounded.js';
import { isUnreadable, type Certificate } from '../../model/certificate.js';
import { readBundle, type BundleItem } from '../../x509/files/bundle.js';
import type { ReadCertificate } from '../connector.js';
import { firstElement } from './first-element.js';
import type { Report } from './report.js';
import { sentence } from './sentence.js';
import { isKeyName, type FoundFile } from './walk.js';

/** A certificate, and the line or byte it begins at. */
export interface FoundCertificate {
  readonly certificate: Certificate;
  readonly place: string;
}

/** How to read files. */
export interface FileReading {
  readonly read: ReadCertificate;
  /** To try on PKCS #12 files. */
  readonly passwords: readonly string[];
  readonly report: Report;
}

/** Larger text is read in pieces; larger other files are not read. */
const wholeBytes = 32_000_000;
/** Names under which people keep certificates: when such a file holds none, something is wrong with it. */
const certificateNames = /\.(pem|crt|cer|cert|der|chain|bundle|p12|pfx|jks|keystore|p7b|p7c)$/i;
const requestNames = /\.(csr|req|p10|crl)$/i;

/**
 * Yields every certificate of a file, of whatever format {@link readBundle} reads. Private keys, requests, revocation lists and files
 * that are no certificates at all are passed over; whatever else cannot be read is reported. Files that by name are private keys are
 * not opened.
 */
export async function* certificatesIn(
  file: FoundFile,
  reading: FileReading,
  signal: AbortSignal,
): AsyncGenerator<FoundCertificate, void, undefined> {
  if (isKeyName(file.path) && !file.named) return;
  let found = 0;
  let others = 0;
  for await (const { bytes, line } of piecesOf(file, signal)) {
    const { items, otherLabels, unread } = readBundle(bytes, { passwords: reading.passwords });
    found += items.length + unread.length;
    others += otherLabels.length;
    for (const clause of unread) reading.report.note(sentence(file.path, clause));
    for (const item of items) yield* certificateOf(file, item, line, reading);
  }
  const isMeant = certificateNames.test(file.path) || file.named;
  if (found === 0 && others === 0 && isMeant)
    reading.report.error(sentence(file.path, 'holds no certificate'));
}

function* certificateOf(
  file: FoundFile,
  { der, problem, place: inside }: BundleItem,
  line: number,
  { read, report }: FileReading,
): Generator<FoundCertificate, void, undefined> {
  const place = inside === undefined ? file.path : `${file.path}:${placeFrom(inside, line)}`;
  if (problem !== null) return report.error(sentence(place, problem));
  const exact = firstElement(der);
  const certificate = read(exact);
  if (isUnreadable(certificate)) {
    // Bytes that only begin like DER may be anything.
    const isMeant = inside !== undefined || certificateNames.test(file.path) || file.named;
    if (isMeant && !requestNames.test(file.path))
      report.error(sentence(place, 'holds no readable certificate'));
    return;
  }
  const behind = der.subarray(exact.length);
  if (behind.some((octet) => ![0x0a, 0x0d, 0x20].includes(octet)))
    report.error(sentence(place, `${behind.length} bytes after the certificate were not read`));
  yield { certificate, place };
}

function placeFrom(inside: string, line: number): string {
  return /^\d+$/.test(inside) ? String(Number(inside) + line) : inside;
}

/** The file at once, or PEM text of any length in pieces that end behind a block; `line` is the number of lines before. */
async function* piecesOf(
  file: FoundFile,
  signal: AbortSignal,
): AsyncGenerator<{ readonly bytes: Buffer; readonly line: number }, void, undefined> {
  if (file.bytes <= wholeBytes || !(await beginsLikePem(file.path))) {
    yield { bytes: await readBounded(file.path, 3 * wholeBytes), line: 0 };
    return;
  }
  let rest = Buffer.alloc(0);
  let line = 0;
  for await (const chunk of createReadStream(file.path, {
    signal,
    highWaterMark: 1 << 20,
  }) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = endOfBlocks(bytes);
    if (end === 0 && bytes.length > wholeBytes) throw new Error('a block in it has no END line');
    if (end > 0) yield { bytes: bytes.subarray(0, end), line };
    line += countLines(bytes.subarray(0, end));
    rest = bytes.subarray(end);
  }
  if (rest.length > 0) yield { bytes: rest, line };
}

async function beginsLikePem(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4_096), 0, 4_096, 0);
    return buffer.subarray(0, bytesRead).includes('-----BEGIN ');
  } finally {
    await handle.close();
  }
}

/** Offset behind the line of the last END boundary; 0 when there is none. */
function endOfBlocks(bytes: Buffer): number {
  const last = bytes.lastIndexOf('-----END ');
  const lineEnd = last < 0 ? -1 : bytes.indexOf('\n', last);
  return lineEnd + 1;
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
