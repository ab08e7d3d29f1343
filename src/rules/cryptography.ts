import type { Certificate } from '../model/certificate.js';
import { memoize } from '../lib/memoize.js';
import { keyOfHash, RecentKeys } from '../lib/recent-keys.js';
import { DerError } from '../x509/read/der.js';
import { checkKey } from '../x509/keys/check-key.js';
import type { KeyProblem } from '../x509/keys/key-check.js';
import type { PathCertificate } from '../x509/path/certificate.js';
import { tryRead } from '../x509/path/pool.js';
import { importKey } from '../x509/path/key.js';
import * as signature from '../x509/path/signature.js';

/** Answers remembered, by hash: evaluation asks again every few minutes. */
const remembered = 100_000;
const selfSigned = memoize(remembered, (_sha256, certificate: Certificate) =>
  isSignedBy(certificate, certificate),
);
const keyProblems = memoize(remembered, (_spkiSha256, certificate: Certificate) => checkKey(certificate));
/** Keys without a problem, 16 bytes each: far more than have one. */
const soundKeys = new RecentKeys(2 ** 20);

/**
 * RFC 5280 section 3.2: names are equal and its own key made the signature. Costs one verification for a certificate whose names
 * are equal, once. False where the key or the algorithm cannot be used.
 */
export function isSelfSigned(certificate: Certificate): boolean {
  return certificate.isSelfIssued && selfSigned(certificate.sha256, certificate);
}

/** True when the key of `issuer` made the signature of `certificate`; names are not compared. Never throws. */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  const signed = read(certificate);
  const signer = issuer === certificate ? signed : read(issuer);
  if (signed === null || signer === null) return false;
  const key = importKey(signer.spki);
  return key !== null && signature.isSignedBy(signed.tbs, signed.signatureAlgorithm, signed.signature, key);
}

/** Everything that mathematics says against the key (see `checkKey`); looked for once per key, for it takes milliseconds. */
export function problemsOfKey(certificate: Certificate): readonly KeyProblem[] {
  if (certificate.spkiSha256 === null) return [];
  const key = keyOfHash(certificate.spkiSha256);
  if (soundKeys.has(key)) return [];
  const problems = keyProblems(certificate.spkiSha256, certificate);
  if (problems.length === 0) soundKeys.add(key);
  return problems;
}

function read({ der }: Certificate): PathCertificate | null {
  const certificate = tryRead(der);
  return certificate instanceof DerError ? null : certificate;
}
