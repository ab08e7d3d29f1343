import { hash, type KeyObject } from 'node:crypto';
import type { Certificate } from '../../model/certificate.js';
import { crlReasons } from './crl-entries.js';
import { DerError } from '../read/der.js';
import { locate } from '../read/fast.js';
import { contentStart, elementEnd } from '../read/layout.js';
import { readOcspResponse, type BasicResponse, type SingleResponse } from './ocsp-response.js';
import { importKey } from '../path/key.js';
import { algorithmProblem, isSignedBy } from '../path/signature.js';
import { readCertificate } from '../read/read-certificate.js';

/** What a stapled OCSP response says of a certificate. */
export interface OcspVerdict {
  /** `unusable`: it says nothing that can be relied on, for the reason given. */
  readonly status: 'good' | 'revoked' | 'unknown' | 'unusable';
  /** One sentence, where unusable; else null. */
  readonly reason: string | null;
  readonly revokedAt: Date | null;
  /** For example `keyCompromise`; null when none was given. */
  readonly revocationReason: string | null;
  readonly producedAt: Date | null;
  readonly thisUpdate: Date | null;
  readonly nextUpdate: Date | null;
  /** Who signed: the issuer itself, or a responder that it authorised (RFC 6960 section 4.2.2.2); null when nobody proper. */
  readonly signer: 'issuer' | 'delegate' | null;
  /** SignedCertificateTimestampList in the response; null when there is none. */
  readonly sctList: Uint8Array | null;
}

/** A response without an end is taken for as long as public CAs may let one be valid (Baseline Requirements section 4.9.10). */
const longestMs = 10 * 86_400_000;

/** Clocks of responders may run ahead by this much. */
const toleranceMs = 5 * 60_000;

const ocspSigning = '1.3.6.1.5.5.7.3.9';

/**
 * Reads and verifies an OCSP response for a certificate of `issuer` (RFC 6960 section 3.2): it must speak of this certificate,
 * be signed by the issuer or a responder certified by it, and be of now. Never throws.
 */
export function checkOcsp(
  der: Uint8Array,
  certificate: Certificate,
  issuer: Certificate,
  now: Date,
): OcspVerdict {
  const response = read(der);
  if (typeof response === 'string') return unusable(response);
  const single = response.responses.find((one) => speaksOf(one, certificate, issuer));
  const known = {
    producedAt: response.producedAt,
    thisUpdate: single?.thisUpdate ?? null,
    nextUpdate: single?.nextUpdate ?? null,
    sctList: single?.sctList ?? null,
  };
  if (single === undefined) return { ...unusable('the response is about another certificate'), ...known };
  const [critical] = response.unknownCritical;
  if (critical !== undefined)
    return { ...unusable(`the response has the unknown critical extension ${critical}`), ...known };
  const signer = findSigner(response, issuer, now);
  if (signer === null) return { ...unusable('the response is not signed by anybody who may'), ...known };
  if (algorithmProblem(response.signatureAlgorithm) !== null)
    return { ...unusable('the response is signed with an algorithm that is not allowed'), ...known, signer };
  const late = timeProblem(single, response.producedAt, now);
  if (late !== null) return { ...unusable(late), ...known, signer };
  return {
    status: single.status,
    reason: null,
    revokedAt: single.revokedAt,
    revocationReason:
      single.reasonCode === null ? null : (crlReasons[single.reasonCode] ?? String(single.reasonCode)),
    ...known,
    signer,
  };
}

function read(der: Uint8Array): BasicResponse | string {
  try {
    const response = readOcspResponse(der);
    return typeof response === 'string' ? `the responder answered ${response}` : response;
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return `the response cannot be read: ${error.message}`;
  }
}

function unusable(reason: string): OcspVerdict {
  return {
    status: 'unusable',
    reason,
    revokedAt: null,
    revocationReason: null,
    producedAt: null,
    thisUpdate: null,
    nextUpdate: null,
    signer: null,
    sctList: null,
  };
}

/** Hashes that a CertID may use, with their names in Node. */
const hashNames = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

function speaksOf(single: SingleResponse, certificate: Certificate, issuer: Certificate): boolean {
  const algorithm = hashNames.get(single.hashAlgorithm);
  const [bytes, layout] = locate(issuer);
  if (algorithm === undefined || layout.publicKey < 0 || single.serialNumber !== certificate.serialNumber)
    return false;
  const name = bytes.subarray(layout.subject, elementEnd(bytes, layout.subject));
  return (
    hash(algorithm, name) === single.issuerNameHash &&
    hash(algorithm, keyBits(issuer)) === single.issuerKeyHash &&
    certificate.issuerSha256 === issuer.subjectSha256
  );
}

/** Contents of the subjectPublicKey BIT STRING, without the octet that counts unused bits. */
function keyBits(certificate: Certificate): Uint8Array {
  const [bytes, layout] = locate(certificate);
  if (layout.publicKey < 0) return Buffer.alloc(0);
  const bits = elementEnd(bytes, contentStart(bytes, layout.publicKey));
  return bytes.subarray(contentStart(bytes, bits) + 1, elementEnd(bytes, bits));
}

function findSigner(response: BasicResponse, issuer: Certificate, now: Date): 'issuer' | 'delegate' | null {
  const isSigner = (certificate: Certificate): boolean => {
    const key = keyOf(certificate);
    return (
      isNamed(response, certificate) &&
      key !== null &&
      isSignedBy(response.tbs, response.signatureAlgorithm, response.signature, key)
    );
  };
  if (isSigner(issuer)) return 'issuer';
  const delegates = response.certificates.map((der) => readCertificate(der));
  return delegates.some((one) => isDelegate(one, issuer, now) && isSigner(one)) ? 'delegate' : null;
}

function isNamed({ responder }: BasicResponse, certificate: Certificate): boolean {
  if ('name' in responder) return hash('sha256', responder.name) === certificate.subjectSha256;
  return hash('sha1', keyBits(certificate)) === Buffer.from(responder.keyHash).toString('hex');
}

/** "Designated Responder, who holds a specially marked certificate issued directly by the CA" (RFC 6960 section 2.2). */
function isDelegate(certificate: Certificate, issuer: Certificate, now: Date): boolean {
  const { notBefore, notAfter, extendedKeyUsages } = certificate;
  if (notBefore === null || notAfter === null || now < notBefore || now > notAfter) return false;
  if (!(extendedKeyUsages ?? []).includes(ocspSigning)) return false;
  return certificate.issuerSha256 === issuer.subjectSha256 && isIssuedBy(certificate, issuer);
}

function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  const [bytes, layout] = locate(certificate);
  const key = keyOf(issuer);
  if (key === null || layout.failure !== null || layout.signature < 0) return false;
  return isSignedBy(
    bytes.subarray(layout.tbs, layout.tbsEnd),
    bytes.subarray(layout.outerAlgorithm, elementEnd(bytes, layout.outerAlgorithm)),
    bytes.subarray(contentStart(bytes, layout.signature) + 1, elementEnd(bytes, layout.signature)),
    key,
  );
}

function keyOf(certificate: Certificate): KeyObject | null {
  const [bytes, layout] = locate(certificate);
  return layout.publicKey < 0
    ? null
    : importKey(bytes.subarray(layout.publicKey, elementEnd(bytes, layout.publicKey)));
}

/** RFC 6960 section 3.2, points 5 and 6. */
function timeProblem({ thisUpdate, nextUpdate }: SingleResponse, producedAt: Date, now: Date): string | null {
  const latest = now.getTime() + toleranceMs;
  if (thisUpdate.getTime() > latest || producedAt.getTime() > latest)
    return `the response is from the future, ${thisUpdate.toISOString()}`;
  if (nextUpdate !== null && nextUpdate.getTime() < now.getTime())
    return `the response is out of date since ${nextUpdate.toISOString()}`;
  if (nextUpdate === null && thisUpdate.getTime() + longestMs < now.getTime())
    return `the response is of ${thisUpdate.toISOString()} and does not say how long it is valid`;
  return null;
}
