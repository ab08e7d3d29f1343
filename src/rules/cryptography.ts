import type { Certificate } from '../model/certificate.js';
import { DerError } from '../x509/der.js';
import { readPathCertificate, type PathCertificate } from '../x509/path/certificate.js';
import { importKey, isTooCostly, keyProblems } from '../x509/path/key.js';
import * as signature from '../x509/path/signature.js';

const selfSigned = new WeakMap<Certificate, boolean>();
const keyFaults = new WeakMap<Certificate, string | null>();

/**
 * RFC 5280 section 3.2: names are equal and its own key made the signature. Costs one verification for a certificate whose names
 * are equal, once. False where the key or the algorithm cannot be used.
 */
export function isSelfSigned(certificate: Certificate): boolean {
  if (!certificate.isSelfIssued) return false;
  const known = selfSigned.get(certificate) ?? isSignedBy(certificate, certificate);
  selfSigned.set(certificate, known);
  return known;
}

/** True when the key of `issuer` made the signature of `certificate`; names are not compared. Never throws. */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  const [signed, signer] = [read(certificate), read(issuer)];
  if (signed === null || signer === null || isTooCostly(signer.spki)) return false;
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
 * certificate cannot be read. Looked for once.
 */
export function keyFault(certificate: Certificate): string | null {
  const known = keyFaults.get(certificate);
  if (known !== undefined) return known;
  const spki = read(certificate)?.spki;
  const fault = spki === undefined ? null : (keyProblems(spki, 'sound')[0]?.text ?? null);
  keyFaults.set(certificate, fault);
  return fault;
}

function read({ der }: Certificate): PathCertificate | null {
  try {
    return readPathCertificate(der);
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}
