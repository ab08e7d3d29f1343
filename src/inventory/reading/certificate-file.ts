import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { isUnreadable, type Certificate } from '../../model/certificate.js';
import type { ReadCertificate } from './certificate-text.js';
import { firstElement, shapeOf } from './der.js';
import { lines } from './lines.js';
import { pemBlocks } from './pem.js';
import { sentence } from './sentence.js';
import type { FoundFile } from './walk.js';

/** A certificate, and the line or byte it begins at. */
export interface FoundCertificate {
  readonly certificate: Certificate;
  readonly place: string;
}

const maxDerBytes = 10_000_000;
/** Names under which people keep certificates: when such a file holds none, something is wrong with it. */
const certificateNames = /\.(pem|crt|cer|cert|der|chain|bundle)$/i;
/** Holders of certificates that are not read here, and things that are certainly none. */
const storeNames = /\.(p12|pfx|jks|keystore|p7b|p7c)$/i;
const requestNames = /\.(csr|req|p10|crl)$/i;

/**
 * Yields every certificate of a PEM file (streamed, any size, any number) or DER file. Private keys, requests, revocation
 * lists and files that are no certificates at all are passed over; whatever else cannot be read is told to `onError`.
 */
export async function* certificatesIn(
  file: FoundFile,
  read: ReadCertificate,
  signal: AbortSignal,
  onError: (sentence: string) => void,
): AsyncGenerator<FoundCertificate, void, undefined> {
  if (storeNames.test(file.path)) {
    onError(
      sentence(
        file.path,
        'is a store of a kind that is not read; export its certificates as PEM, or `ignore` it',
      ),
    );
    return;
  }
  const head = await headOf(file.path);
  if (head[0] === 0x30) yield* derCertificate(file, read, onError);
  else if (!head.includes(0)) yield* pemCertificates(file, read, signal, onError);
  else if (certificateNames.test(file.path) || file.named)
    onError(sentence(file.path, 'holds no certificate'));
}

async function headOf(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4_096), 0, 4_096, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function* pemCertificates(
  file: FoundFile,
  read: ReadCertificate,
  signal: AbortSignal,
  onError: (sentence: string) => void,
): AsyncGenerator<FoundCertificate, void, undefined> {
  let blocks = 0;
  for await (const { label, line, der, problem } of pemBlocks(
    lines(createReadStream(file.path, { signal })),
  )) {
    blocks += 1;
    const place = `${file.path}:${line}`;
    if (problem !== null && label.includes('CERTIFICATE')) onError(sentence(place, `${label} ${problem}`));
    if (label === 'PKCS7')
      onError(sentence(place, 'is a PKCS #7 bundle, which is not read; export it as PEM certificates'));
    if (der === null) continue;
    const certificate = read(firstElement(der));
    if (isUnreadable(certificate)) onError(sentence(place, 'the certificate is not readable'));
    yield { certificate, place };
  }
  if (blocks === 0 && (certificateNames.test(file.path) || file.named))
    onError(sentence(file.path, 'holds no certificate'));
}

async function* derCertificate(
  file: FoundFile,
  read: ReadCertificate,
  onError: (sentence: string) => void,
): AsyncGenerator<FoundCertificate, void, undefined> {
  if (file.bytes > maxDerBytes) return onError(sentence(file.path, `is longer than ${maxDerBytes} bytes`));
  const bytes = await wholeFile(file.path);
  const shape = shapeOf(bytes);
  if (shape === 'key') return;
  if (shape === 'other' && !(certificateNames.test(file.path) || file.named)) return;
  const der = firstElement(bytes);
  const certificate = read(der);
  const place = file.path;
  if (isUnreadable(certificate)) {
    if (shape !== 'version-3' && requestNames.test(file.path)) return;
    return onError(sentence(place, 'holds no readable certificate'));
  }
  if (bytes.subarray(der.length).some((octet) => ![0x0a, 0x0d, 0x20].includes(octet)))
    onError(sentence(place, `${bytes.length - der.length} bytes after the certificate were not read`));
  yield { certificate, place };
}

async function wholeFile(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of createReadStream(path, { end: maxDerBytes }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
  }
  return Buffer.concat(chunks, length);
}
