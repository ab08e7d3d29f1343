import type { ValidationError } from '../../model/validation.js';
import { DerError } from '../der.js';
import type { PathCertificate } from './certificate.js';
import { toError, type Problem } from './codes.js';
import { readPathCrl, reasonFor, type CrlScope, type PathCrl } from './crl.js';
import { pointKeys } from './distribution-point.js';
import { keyUsageBits } from './extensions.js';
import { importKey } from './key.js';
import { quote } from './quote.js';
import { algorithmProblem, isSignedBy } from './signature.js';
import { nameOf, type CandidatePath } from './walk.js';

/** CRLs to judge by. */
export interface CrlSet {
  readonly crls: readonly PathCrl[];
  /** Why some could not be read, one clause each. */
  readonly unreadable: readonly string[];
}

/** Reads CRLs; those that cannot be read are told, never skipped. */
export function readCrlSet(ders: readonly Uint8Array[]): CrlSet {
  const crls: PathCrl[] = [];
  const unreadable: string[] = [];
  for (const der of ders) {
    try {
      crls.push(readPathCrl(der));
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
      unreadable.push(quote(error.message));
    }
  }
  return { crls, unreadable };
}

/**
 * What the CRLs say of a path's certificates, the anchor apart (RFC 5280 section 6.3). A CRL counts for the certificates of the CA
 * that bears its issuer's name, whichever of the CA's keys made it; one whose scope leaves a certificate out proves nothing of it;
 * where CRLs of the CA are given and none can be relied on, the path is refused. Certificates of which no CRL speaks pass.
 * `others` are certificates that may bear a further key of a CA.
 */
export function revocationErrors(
  path: CandidatePath,
  { crls, unreadable }: CrlSet,
  others: ReadonlyMap<string, readonly PathCertificate[]>,
  atMs: number,
): readonly ValidationError[] {
  const [leaf, ...issuers] = path.certificates;
  if (leaf === undefined) return [];
  const errors = unreadable.map((reason) =>
    toError('a CRL', { code: 'crl-not-usable', text: `cannot be read: ${reason}` }),
  );
  for (const [at, issuer] of issuers.entries()) {
    const certificate = path.certificates[at] ?? leaf;
    const above = issuers.slice(at);
    const siblings = (others.get(issuer.subject.key) ?? []).filter((other) => isBelow(other, above));
    const problem = judgeRevocation(certificate, [issuer, ...siblings], crls, atMs);
    if (problem !== null) errors.push(toError(nameOf(certificate, false, certificate === leaf), problem));
  }
  return errors;
}

/** True when one of the path's certificates has signed `certificate`. */
function isBelow(certificate: PathCertificate, above: readonly PathCertificate[]): boolean {
  const { tbs, signatureAlgorithm, signature, issuer } = certificate;
  return above.some(({ subject, spki }) => {
    const key = subject.key === issuer.key ? importKey(spki) : null;
    return key !== null && isSignedBy(tbs, signatureAlgorithm, signature, key);
  });
}

/** `signers` are certificates of the CA, the issuer first. */
function judgeRevocation(
  certificate: PathCertificate,
  signers: readonly PathCertificate[],
  crls: readonly PathCrl[],
  atMs: number,
): Problem | null {
  const [issuer] = signers;
  const faults: (string | null)[] = [];
  for (const crl of crls) {
    if (crl.issuer.key !== issuer?.subject.key || !covers(crl.scope, certificate)) continue;
    const signer = signers.find((candidate) => hasSigned(candidate, crl));
    if (signer === undefined && namesAnotherKey(crl, issuer)) continue;
    const fault = signer === undefined ? 'carries a wrong signature' : faultOf(crl, signer, atMs);
    const reason = fault === null ? lookUp(crl, certificate) : null;
    if (typeof reason === 'string') return { code: 'revoked', text: `is revoked, reason ${reason}` };
    faults.push(reason === null ? fault : 'has malformed entries');
  }
  const [first] = faults;
  if (first === undefined || faults.includes(null)) return null;
  return { code: 'crl-not-usable', text: `has a revocation list that ${first ?? ''}` };
}

/** True when the certificate's key made the CRL's signature. */
export function hasSigned({ spki }: PathCertificate, crl: PathCrl): boolean {
  const key = importKey(spki);
  return key !== null && isSignedBy(crl.tbs, crl.signatureAlgorithm, crl.signature, key);
}

/** A CRL of another CA of the same name. */
function namesAnotherKey({ authorityKeyId }: PathCrl, { extensions }: PathCertificate): boolean {
  const keyId = extensions.subjectKeyId?.value ?? null;
  return authorityKeyId !== null && keyId !== null && authorityKeyId !== keyId;
}

const unreadableEntries = Symbol('unreadable entries');

function lookUp(crl: PathCrl, { serialOctets }: PathCertificate): string | typeof unreadableEntries | null {
  try {
    return reasonFor(crl, serialOctets);
  } catch (error) {
    if (error instanceof DerError) return unreadableEntries;
    throw error;
  }
}

/** True when the CRL is by this issuer, by name and, where both tell, by key identifier. */
function isOf(crl: PathCrl, issuer: PathCertificate): boolean {
  const keyId = issuer.extensions.subjectKeyId?.value ?? null;
  const isSameKey = crl.authorityKeyId === null || keyId === null || crl.authorityKeyId === keyId;
  return crl.issuer.key === issuer.subject.key && isSameKey;
}

/** True when the CRL would list the certificate if it were revoked (RFC 5280 section 6.3.3 (b)). */
export function covers(scope: CrlScope | null, { extensions, issuer }: PathCertificate): boolean {
  if (scope === null) return true;
  const isCa = extensions.basicConstraints?.value.isCa === true;
  if (scope.onlyAttributes || (isCa ? scope.onlyUsers : scope.onlyCas)) return false;
  const { point } = scope;
  if (point === null) return true;
  const own = extensions.crlDistributionPoints?.value ?? [];
  const wanted = own.flatMap((name) => (name === null ? [] : pointKeys(name, issuer)));
  return pointKeys(point, issuer).some((key) => wanted.includes(key));
}

/** Why a CRL may not be relied on at an instant, as a predicate; null when it may. */
export function faultOf(crl: PathCrl, { extensions }: PathCertificate, atMs: number): string | null {
  const [fault] = crl.faults;
  if (fault !== undefined) return fault;
  if (crl.isDelta) return 'is a delta CRL, which is not processed';
  if (!crl.hasNumber) return 'has no CRL number';
  if (crl.thisUpdateMs === null || atMs < crl.thisUpdateMs) return 'is from the future';
  if (crl.nextUpdateMs === null) return 'does not say when the next one comes';
  if (Math.floor(atMs / 1000) * 1000 > crl.nextUpdateMs) return 'is out of date';
  const { keyUsage } = extensions;
  if (keyUsage !== null && (keyUsage.value & keyUsageBits.cRLSign) === 0)
    return 'is by an issuer whose keyUsage lacks cRLSign';
  const isWeak = algorithmProblem(crl.signatureAlgorithm) !== null;
  return isWeak ? 'is signed with an algorithm that is not allowed' : null;
}
