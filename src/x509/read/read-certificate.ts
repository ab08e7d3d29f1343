import { hash } from 'node:crypto';
import type { Certificate } from '../../model/certificate.js';
import { namesOf } from './certificate-names.js';
import { isSameElement, readFast, type FastCertificate } from './fast.js';
import { elementEnd } from './layout.js';
import { readOtherFields } from './other-fields.js';
import { tbsSha256 } from './tbs.js';

/**
 * Reads one certificate, hashes included. Never throws: whatever is irregular stands in `problems`, and what cannot be read
 * is null or empty, while bytes, hash and every name that can be found are kept. `bytes` are kept, not copied.
 *
 * Fatal problems (names were searched for in all bytes): `empty`, `not-der`, `bad-structure`, `bad-name`,
 * `bad-subject-alt-name`. The others: see docs of each reader in this folder.
 */
export function readCertificate(der: Uint8Array): Certificate {
  return toCertificate(readFields(der, 'certificate'));
}

/**
 * Reads a bare TBSCertificate, as the leaf of a precertificate's log entry holds it: the same, but for the signature that it
 * lacks, which the problem `bare-tbs` says. Its `sha256` is that of the TBSCertificate.
 */
export function readTbs(tbs: Uint8Array): Certificate {
  return toCertificate(readFields(tbs, 'tbs'));
}

/** Everything of a certificate but its hashes: what the bar on the speed of reading is about. */
export function readFields(der: Uint8Array, kind: 'certificate' | 'tbs') {
  const fast = readFast(der, kind);
  const other = readOtherFields(fast);
  return { fast, other, names: namesOf(fast) };
}

function toCertificate({ fast, other, names }: ReturnType<typeof readFields>): Certificate {
  const { bytes, layout, subject, subjectAltNames, key } = fast;
  return {
    der: bytes,
    ...hashes(fast),
    subject: subject?.text ?? '',
    issuer: other.issuer,
    commonNames: subject?.commonNames ?? [],
    organizations: subject?.organizations ?? [],
    serialNumber: fast.serialNumber,
    notBefore: toDate(fast.notBeforeMs),
    notAfter: toDate(fast.notAfterMs),
    dnsNames: subjectAltNames.dnsNames,
    ipAddresses: subjectAltNames.ipAddresses,
    emailAddresses: subjectAltNames.emailAddresses,
    uris: subjectAltNames.uris,
    names,
    key: key?.facts ?? null,
    signatureAlgorithm: other.signatureAlgorithm,
    isCa: other.isCa,
    isSelfIssued: isSelfIssued(fast),
    isPrecertificate: layout.hasPoison,
    extendedKeyUsages: other.extendedKeyUsages,
    subjectKeyId: other.subjectKeyId,
    authorityKeyId: other.authorityKeyId,
    crlUrls: other.crlUrls,
    ocspUrls: other.access.ocspUrls,
    caIssuerUrls: other.access.caIssuerUrls,
    sctCount: other.sctCount,
    problems: fast.problems.list,
  };
}

function hashes({ bytes, layout, key }: FastCertificate) {
  return {
    sha256: hash('sha256', bytes),
    sha1: hash('sha1', bytes),
    spkiSha256: elementSha256(bytes, layout.publicKey),
    modulusSha256: modulusSha256(bytes, key?.modulusStart ?? -1, key?.modulusEnd ?? -1),
    tbsSha256: tbsSha256(bytes, layout),
    issuerSha256: elementSha256(bytes, layout.issuer),
    subjectSha256: elementSha256(bytes, layout.subject),
  };
}

function elementSha256(bytes: Buffer, at: number): string | null {
  return at < 0 ? null : hash('sha256', bytes.subarray(at, elementEnd(bytes, at)));
}

function modulusSha256(bytes: Buffer, start: number, end: number): string | null {
  if (start < 0) return null;
  let from = start;
  while (from < end && bytes[from] === 0) from += 1;
  return hash('sha256', bytes.subarray(from, end));
}

function toDate(ms: number): Date | null {
  return Number.isNaN(ms) ? null : new Date(ms);
}

function isSelfIssued({ bytes, layout: { issuer, subject } }: FastCertificate): boolean {
  return subject >= 0 && isSameElement(bytes, issuer, subject);
}
