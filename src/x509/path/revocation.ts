import type { ValidationError } from '../../model/validation.js';
import { DerError } from '../der.js';
import type { PathCertificate } from './certificate.js';
import { toError, type Problem } from './codes.js';
import { readPathCrl, reasonFor, type CrlScope, type PathCrl } from './crl.js';
import { keyUsageBits } from './extensions.js';
import { generalNameText } from './general-name.js';
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
 * What the CRLs say of a path's certificates, the anchor apart (RFC 5280 section 6.3). A CRL counts for the certificates of its
 * issuer, name and key; one whose scope leaves a certificate out proves nothing of it; where CRLs of the issuer are given and none
 * can be relied on, the path is refused. Certificates of which no CRL speaks pass.
 */
export function revocationErrors(
  path: CandidatePath,
  { crls, unreadable }: CrlSet,
  atMs: number,
): readonly ValidationError[] {
  const [leaf] = path.certificates;
  if (leaf === undefined) return [];
  const bad = unreadable.map((reason) =>
    toError('a CRL', { code: 'crl-not-usable', text: `cannot be read: ${reason}` }),
  );
  const found = path.certificates.flatMap((certificate, at) => {
    const issuer = path.certificates[at + 1];
    if (issuer === undefined) return [];
    const problem = judgeRevocation(certificate, issuer, crls, atMs);
    return problem === null ? [] : [toError(nameOf(certificate, false, certificate === leaf), problem)];
  });
  return [...bad, ...found];
}

function judgeRevocation(
  certificate: PathCertificate,
  issuer: PathCertificate,
  crls: readonly PathCrl[],
  atMs: number,
): Problem | null {
  const relevant = crls.filter((crl) => isOf(crl, issuer) && covers(crl.scope, certificate));
  const faults = relevant.map((crl) => faultOf(crl, issuer, atMs));
  for (const [at, crl] of relevant.entries()) {
    if (faults[at] !== null) continue;
    const reason = lookUp(crl, certificate);
    if (reason === unreadableEntries) faults[at] = 'has malformed entries';
    else if (reason !== null) return { code: 'revoked', text: `is revoked, reason ${reason}` };
  }
  const [fault] = faults;
  if (fault === undefined || faults.includes(null)) return null;
  return { code: 'crl-not-usable', text: `has a revocation list that ${fault ?? ''}` };
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

function isOf(crl: PathCrl, issuer: PathCertificate): boolean {
  const keyId = issuer.extensions.subjectKeyId?.value ?? null;
  const isSameKey = crl.authorityKeyId === null || keyId === null || crl.authorityKeyId === keyId;
  return crl.issuer.key === issuer.subject.key && isSameKey;
}

/** True when the CRL would list the certificate if it were revoked (RFC 5280 section 6.3.3 (b)). */
function covers(scope: CrlScope | null, { extensions }: PathCertificate): boolean {
  if (scope === null) return true;
  const isCa = extensions.basicConstraints?.value.isCa === true;
  if (scope.onlyAttributes || scope.isIndirect || (isCa ? scope.onlyUsers : scope.onlyCas)) return false;
  if (scope.names === null) return true;
  const points = extensions.crlDistributionPoints?.value.flatMap((names) => names.map(generalNameText)) ?? [];
  return scope.names.some((name) => points.includes(generalNameText(name)));
}

/** Why a CRL may not be relied on at an instant, as a predicate; null when it may. */
function faultOf(crl: PathCrl, issuer: PathCertificate, atMs: number): string | null {
  const [fault] = crl.faults;
  if (fault !== undefined) return fault;
  if (crl.isDelta) return 'is a delta CRL, which is not processed';
  if (!crl.hasNumber) return 'has no CRL number';
  if (crl.thisUpdateMs === null || atMs < crl.thisUpdateMs) return 'is from the future';
  if (crl.nextUpdateMs === null) return 'does not say when the next one comes';
  if (Math.floor(atMs / 1000) * 1000 > crl.nextUpdateMs) return 'is out of date';
  const { keyUsage } = issuer.extensions;
  if (keyUsage !== null && (keyUsage.value & keyUsageBits.cRLSign) === 0)
    return 'is by an issuer whose keyUsage lacks cRLSign';
  if (algorithmProblem(crl.signatureAlgorithm) !== null)
    return 'is signed with an algorithm that is not allowed';
  const key = importKey(issuer.spki);
  const isRight = key !== null && isSignedBy(crl.tbs, crl.signatureAlgorithm, crl.signature, key);
  return isRight ? null : 'carries a wrong signature';
}
