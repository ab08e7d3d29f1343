import { spawnSync } from 'node:child_process';
import { randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { crlEntries } from '../src/x509/revocation/crl-entries.js';
import { canonicalTimeMs } from '../src/x509/read/der-time.js';
import { readElement } from '../src/x509/read/der.js';
import { readFast } from '../src/x509/read/fast.js';
import { parseFull } from '../src/x509/describe/full-parse.js';
import { createSharedPrimeFinder } from '../src/x509/keys/batch-gcd.js';
import { checkKey } from '../src/x509/keys/check-key.js';
import { createNameRanges, locateNames } from '../src/x509/read/locate-names.js';
import { contentStart, elementEnd } from '../src/x509/read/layout.js';
import { readPublicKey } from '../src/x509/read/public-key.js';
import { readCertificate, readFields } from '../src/x509/read/read-certificate.js';
import * as der from '../test/support/der-writer.js';
import { issueCa, issueFor, toPem } from '../test/support/pki.js';
import type { Report } from './report.js';

/** What is asked of the reader on one core. */
const bar = { name: 'bar', value: 300_000 };

/** Certificates a second of each reader over real certificates (or generated ones), and the other measured promises. */
export async function bench(report: Report): Promise<void> {
  const certificates = realCertificates() ?? generatedCertificates();
  const located = perSecond(certificates, locateFields);
  const identity = perSecond(certificates, (one) => readFast(one));
  const read = perSecond(certificates, (one) => readFields(one, 'certificate'));
  const whole = perSecond(certificates, (one) => readCertificate(one));
  const node = perSecond(certificates, (one) => new X509Certificate(one));
  const peers = [
    { name: 'node:crypto X509Certificate, nothing asked of it', value: node },
    { name: 'node:crypto X509Certificate, the same fields', value: perSecond(certificates, fieldsOfNode) },
    { name: '@peculiar/x509', value: perSecond(certificates, (one) => parseFull(one)) },
  ];
  const openssl = opensslPerSecond(certificates);
  if (openssl !== null) peers.push({ name: 'openssl storeutl -text', value: openssl });
  for (const peer of [bar, ...peers])
    report.result('every field and name located, validity and key read', located, 'certificates/s', peer);
  for (const peer of [bar, ...peers])
    report.result(
      'names, subject, serial number, validity and key read, the rest located',
      identity,
      'certificates/s',
      peer,
    );
  for (const peer of [bar, ...peers])
    report.result('every field and name as text', read, 'certificates/s', peer);
  report.result('readCertificate: the same and seven hashes', whole, 'certificates/s', peers[1] ?? null);
  benchRest(report);
  await Promise.resolve();
}

const ranges = createNameRanges();

/** The hot path of matching: the names and the parts of the certificate as offsets, times and key as numbers. */
function locateFields(bytes: Buffer): unknown {
  if (!locateNames(bytes, 0, bytes.length, false, ranges)) return readFields(bytes, 'certificate');
  const { notBefore, notAfter, publicKey } = ranges.layout;
  instantMs(bytes, notBefore);
  instantMs(bytes, notAfter);
  return readPublicKey(bytes, publicKey, elementEnd(bytes, publicKey));
}

function instantMs(bytes: Buffer, at: number): number {
  return canonicalTimeMs(bytes, bytes[at] ?? 0, contentStart(bytes, at), elementEnd(bytes, at));
}

/** What Node can tell of the fields that ours gives. */
function fieldsOfNode(bytes: Buffer): unknown {
  const read = new X509Certificate(bytes);
  return [
    [read.subject, read.issuer, read.serialNumber, read.validFrom, read.validTo],
    [read.subjectAltName, read.infoAccess, read.keyUsage, read.ca],
    [read.publicKey.asymmetricKeyType, read.publicKey.asymmetricKeyDetails],
  ];
}

function benchRest(report: Report): void {
  const key = readCertificate(issueFor('key.example.com', { key: { rsa: 2048 } }).der);
  report.result(
    'all checks of an RSA-2048 key',
    milliseconds(() => checkKey(key)),
    'ms',
    { name: 'limit', value: 20 },
  );
  const moduli = Array.from({ length: 4000 }, oddModulus);
  const finder = createSharedPrimeFinder();
  report.result(
    'shared primes, 4,000 new RSA-2048 keys',
    milliseconds(() => finder.add(moduli), 1) / 1000,
    's',
    { name: 'limit', value: 10 },
  );
  report.result(
    'shared primes, one more key',
    milliseconds(() => finder.add([oddModulus()])),
    'ms',
  );
  const list = der.sequence(Buffer.concat(Array.from({ length: 100_000 }, (_, index) => crlEntry(index))));
  const readList = (): void => {
    for (const entry of crlEntries(list, readElement(list, 0))) if (entry.serialNumber === '') return;
  };
  report.result('CRL of 100,000 entries', milliseconds(readList), 'ms', { name: 'limit', value: 100 });
}

const crlTime = der.time(new Date('2026-01-01'));
const crlEntry = (index: number): Buffer => der.sequence(der.integer((1n << 120n) + BigInt(index)), crlTime);

function oddModulus(): Buffer {
  const octets = randomBytes(256);
  octets[0] = (octets[0] ?? 0) | 0x80;
  octets[255] = (octets[255] ?? 0) | 1;
  return octets;
}

/** 256 precertificates of public CAs, from a data tile (static-ct-api), where the test data lies beside the repository. */
function realCertificates(): Buffer[] | null {
  const file = resolve(import.meta.dirname, '../../../shared/ct/static-ct/tesseract_example_tile_004');
  if (!existsSync(file)) return null;
  const tile = readFileSync(file);
  const found: Buffer[] = [];
  for (let at = 0; at < tile.length;) {
    at += 42;
    at += 3 + tile.readUIntBE(at, 3);
    at += 2 + tile.readUInt16BE(at);
    const length = tile.readUIntBE(at, 3);
    found.push(tile.subarray(at + 3, at + 3 + length));
    at += 3 + length;
    at += 2 + tile.readUInt16BE(at);
  }
  return found;
}

function generatedCertificates(): Buffer[] {
  const issuer = issueCa('Bench CA', { key: { rsa: 2048 } });
  return Array.from(
    { length: 64 },
    (_, index) =>
      issueFor(`host-${index}.example.com`, {
        issuer,
        dnsNames: [`host-${index}.example.com`, 'www.example.com'],
      }).der,
  );
}

/** Processor time of this process, so that other programs on the machine count less. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Per second of processor time; the best of ten rounds of a fifth of a second each, of which the first only warm up. */
function perSecond(certificates: readonly Buffer[], read: (certificate: Buffer) => unknown): number {
  let best = 0;
  for (let round = 0; round < 10; round += 1) {
    const start = processorMs();
    let count = 0;
    while (processorMs() - start < 200) {
      for (const certificate of certificates) read(certificate);
      count += certificates.length;
    }
    best = Math.max(best, (count * 1000) / (processorMs() - start));
  }
  return best;
}

/** Processor time of the best of `rounds` calls. */
function milliseconds(run: () => unknown, rounds = 5): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const start = processorMs();
    run();
    best = Math.min(best, processorMs() - start);
  }
  return best;
}

/** One process that prints all certificates of one PEM file; null where there is no openssl. */
function opensslPerSecond(certificates: readonly Buffer[]): number | null {
  const folder = mkdtempSync(join(tmpdir(), 'certglass-bench-'));
  try {
    const file = join(folder, 'all.pem');
    const many = Array.from({ length: 4 }, () => certificates).flat();
    writeFileSync(file, many.map((one) => toPem(one)).join(''));
    const start = performance.now();
    const { status } = spawnSync('openssl', ['storeutl', '-noout', '-text', '-certs', file], {
      stdio: ['ignore', 'ignore', 'ignore'],
      timeout: 60_000,
    });
    return status === 0 ? (many.length * 1000) / (performance.now() - start) : null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
