import type { ValidationError } from '../../model/validation.js';
import { DerError } from '../read/der.js';
import type { PathCertificate } from './certificate.js';
import { validityProblems } from './checks.js';
import { toError, type Problem } from './codes.js';
import { readPathCrl, reasonFor, type PathCrl } from '../revocation/crl.js';
import { crlFault, outOfDate } from '../revocation/crl-fault.js';
import { reasonsCovered } from '../revocation/crl-scope.js';
import { allReasons } from '../revocation/distribution-point.js';
import { importKey, keyProblems } from './key.js';
import type { CertificatePool } from './pool.js';
import { quote } from './quote.js';
import { algorithmProblem, isSignedBy } from './signature.js';
import { nameOf, type CandidatePath } from './walk.js';

/** CRLs to judge by. */
export interface CrlSet {
  readonly crls: readonly PathCrl[];
  /** Why some could not be read, one clause each. */
  readonly unreadable: readonly string[];
  /** Certificates that no CRL tells the status of are refused; else they pass. */
  readonly isRequired: boolean;
  /** Signatures that were checked, by the hashes of CRL and signer. */
  readonly verified: Map<string, boolean>;
  /** Filled on the way: who signed the CRLs that were relied on, by hash. */
  readonly signers: Map<string, PathCertificate>;
}

/** Reads CRLs; those that cannot be read are told, never skipped. */
export function readCrlSet(ders: readonly Uint8Array[], isRequired: boolean): CrlSet {
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
  return { crls, unreadable, isRequired, verified: new Map(), signers: new Map() };
}

/** What the status of one path's certificates is looked up with. */
interface Context {
  readonly path: readonly PathCertificate[];
  readonly set: CrlSet;
  readonly others: CertificatePool;
  readonly atMs: number;
  /** Signers of CRLs whose own status is being looked up, by hash. */
  readonly pending: ReadonlySet<string>;
}

/**
 * What the CRLs say of a path's certificates, the anchor apart (RFC 5280 section 6.3). A CRL counts for the certificates that its
 * issuer and scope cover, whichever of the issuer's keys made it; one that leaves a certificate out proves nothing of it; where
 * CRLs cover it and none can be relied on, the path is refused. Delta CRLs are not processed: a path to which one matters is
 * refused too. `others` are certificates that may bear the key of a CRL.
 */
export function revocationErrors(
  { certificates: path }: CandidatePath,
  set: CrlSet,
  others: CertificatePool,
  atMs: number,
): readonly ValidationError[] {
  const errors = set.unreadable.map((reason) =>
    toError('a CRL', { code: 'crl-not-usable', text: `cannot be read: ${reason}` }),
  );
  const context = { path, set, others, atMs, pending: new Set<string>() };
  for (const [at, certificate] of path.slice(0, -1).entries()) {
    const problem = judgeRevocation(certificate, context);
    if (problem !== null) errors.push(toError(nameOf(certificate, false, at === 0), problem));
  }
  return errors;
}

function judgeRevocation(certificate: PathCertificate, context: Context): Problem | null {
  const faults: string[] = [];
  let covered = 0;
  let wasRevoked: string | null = null;
  for (const crl of context.set.crls) {
    const reasons = reasonsCovered(crl, certificate);
    if (reasons === 0 || isAnotherCas(crl, certificate, context)) continue;
    const found = lookUp(crl, certificate, context);
    if ('revoked' in found) return { code: 'revoked', text: `is revoked, reason ${found.revoked}` };
    if (found.fault === null) covered |= reasons;
    // What a delta would have changed is not known, however good the other lists are.
    else if (crl.isDelta) return notUsable(found.fault);
    else faults.push(found.fault);
    if (!crl.isDelta) wasRevoked ??= found.wasRevoked ?? null;
  }
  const [first] = faults;
  if (covered === allReasons) return null;
  if (wasRevoked !== null)
    return { code: 'revoked', text: `is revoked by a list that is out of date, reason ${wasRevoked}` };
  if (first !== undefined) return notUsable(first);
  if (!context.set.isRequired) return null;
  return { code: 'revocation-unknown', text: 'is not covered by the revocation lists that are given' };
}

function notUsable(fault: string): Problem {
  return { code: 'crl-not-usable', text: `has a revocation list that ${fault}` };
}

type Finding =
  | { readonly revoked: string }
  /** `wasRevoked`: the reason in a list that is out of date, and sound otherwise: a revocation does not lapse with its list. */
  | { readonly fault: string | null; readonly wasRevoked?: string | null };

function lookUp(crl: PathCrl, certificate: PathCertificate, context: Context): Finding {
  const signers = signersOf(crl, context);
  const [signer] = signers;
  if (signer === undefined) return { fault: 'carries a wrong signature' };
  const faults = signers.map((one) => {
    const fault = crlFault(crl, one, context.atMs);
    return fault === null || fault === outOfDate ? (signerFault(one, context) ?? fault) : fault;
  });
  const isStale = faults.includes(outOfDate);
  if (!faults.includes(null) && !isStale) return { fault: faults[0] ?? null };
  try {
    const reason = reasonFor(crl, certificate);
    const sound = signers[faults.indexOf(null)];
    if (sound === undefined) return { fault: outOfDate, wasRevoked: reason };
    context.set.signers.set(sound.sha256, sound);
    return reason === null ? { fault: null } : { revoked: reason };
  } catch (error) {
    if (error instanceof DerError) return { fault: 'has malformed entries' };
    throw error;
  }
}

/** Certificates of the CRL's issuer, of the path or issued by one of it, with the key that made the CRL's signature. */
function signersOf(crl: PathCrl, { path, set, others }: Context): readonly PathCertificate[] {
  const [, ...issuers] = path;
  const own = issuers.filter(({ subject }) => subject.key === crl.issuer.key);
  const further = (others.get(crl.issuer.key) ?? []).filter((other) => !own.includes(other));
  return [
    ...own.filter((one) => hasSigned(one, crl, set)),
    ...further.filter((one) => hasSigned(one, crl, set) && isBelow(one, issuers)),
  ];
}

function hasSigned({ spki, sha256 }: PathCertificate, crl: PathCrl, { verified }: CrlSet): boolean {
  const pair = `${crl.sha256} ${sha256}`;
  const known = verified.get(pair);
  if (known !== undefined) return known;
  const key = importKey(spki);
  const isRight = key !== null && isSignedBy(crl.tbs, crl.signatureAlgorithm, crl.signature, key);
  verified.set(pair, isRight);
  return isRight;
}

/** True when one of the path's CAs has signed `certificate`. */
function isBelow(certificate: PathCertificate, above: readonly PathCertificate[]): boolean {
  const { tbs, signatureAlgorithm, signature, issuer } = certificate;
  return above.some(({ subject, spki }) => {
    const key = subject.key === issuer.key ? importKey(spki) : null;
    return key !== null && isSignedBy(tbs, signatureAlgorithm, signature, key);
  });
}

/** A CRL of another CA of the same name: no key at hand made it, and it names one that is not the issuer's. */
function isAnotherCas(crl: PathCrl, certificate: PathCertificate, context: Context): boolean {
  if (crl.authorityKeyId === null || crl.issuer.key !== certificate.issuer.key) return false;
  if (signersOf(crl, context).length > 0) return false;
  const own = context.path.filter(({ subject }) => subject.key === certificate.issuer.key);
  const keyIds = own.map(({ extensions }) => extensions.subjectKeyId?.value ?? null);
  return !keyIds.includes(null) && !keyIds.includes(crl.authorityKeyId);
}

/** Why a certificate outside the path may not vouch for a CRL (RFC 5280 section 6.3.3 (f)); those of the path are judged there. */
function signerFault(signer: PathCertificate, context: Context): string | null {
  if (context.path.includes(signer) || context.pending.has(signer.sha256)) return null;
  const isUnfit =
    validityProblems(signer, context).length > 0 ||
    signer.problems.some(({ isTolerable }) => isTolerable !== true) ||
    keyProblems(signer.spki, 'sound').length > 0 ||
    algorithmProblem(signer.signatureAlgorithm) !== null;
  if (isUnfit) return 'is by an issuer whose certificate is not valid';
  const pending = new Set([...context.pending, signer.sha256]);
  const problem = judgeRevocation(signer, { ...context, pending });
  return problem?.code === 'revoked' ? 'is by an issuer whose certificate is revoked' : null;
}
