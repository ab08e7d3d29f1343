import type { Certificate } from '../model/certificate.js';
import { memoize } from '../lib/memoize.js';
import { DerError } from '../x509/der.js';
import { readPathCertificate, type PathCertificate } from '../x509/path/certificate.js';
import { importKey, keyProblems } from '../x509/path/key.js';
import * as signature from '../x509/path/signature.js';

/** Answers remembered, by the hash of the exact certificate: OpenSSL takes 0.3 ms to import a key, and evaluation asks again every few minutes. */
const remembered = 100_000;
const selfSigned = memoize(remembered, (_sha256, certificate: Certificate) =>
  isSignedBy(certificate, certificate),
);
const keyFaults = memoize(remembered, (_sha256, certificate: Certificate) => {
  const spki = read(certificate)?.spki;
  return spki === undefined ? null : (keyProblems(spki, 'sound')[0]?.text ?? null);
});

/**
 * RFC 5280 section 3.2: names are equal and its own key made the signature. Costs one verification for a certificate whose names
 * are equal, once. False where the key or the algorithm cannot be used.
 */
export function isSelfSigned(certificate: Certificate): boolean {
  return certificate.isSelfIssued && selfSigned(certificate.sha256, certificate);
}

/** True when the key of `issuer` made the signature of `certificate`; names are not compared. Never throws. */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  const [signed, signer] = [read(certificate), read(issuer)];
  if (signed === null || signer === null) return false;
  const key = importKey(signer.spki);
  return key !== null && signature.isSignedBy(signed.tbs, signed.signatureAlgorithm, signed.signature, key);
}

/** True for a signature over MD5, SHA-1 or another hash that is no longer allowed, read from its AlgorithmIdentifier. */
export function hasWeakAlgorithm(certificate: Certificate): boolean {
  const algorithm = read(certificate)?.signatureAlgorithm;
  return algorithm !== undefined && signature.algorithmProblem(algorithm)?.code === 'weak-signature';
}

/**
 * What is wrong with the numbers of an RSA or EC key, as a predicate (`has an RSA key with an impossible modulus or exponent`): an
 * even modulus, an exponent of 1, a point off its curve, more bits than anybody needs. Null when nothing is, or when the
 * certificate cannot be read.
 */
export function keyFault(certificate: Certificate): string | null {
  return keyFaults(certificate.sha256, certificate);
}

function read({ der }: Certificate): PathCertificate | null {
  try {
    return readPathCertificate(der);
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}
