import type { RootStore, TrustAnchor } from './root-store.js';
import type { PathCertificate } from './certificate.js';
import type { PathCode } from './codes.js';
import { importKey } from './key.js';
import type { CertificatePool } from './pool.js';
import { isSelfIssued } from './profile.js';
import { isSignedBy, readScheme } from './signature.js';
import type { CandidatePath } from './walk.js';

/** What building paths may cost. Counts go down; `deadlineMs` is on the clock of `performance.now()`. */
export interface Budget {
  paths: number;
  signatures: number;
  steps: number;
  readonly deadlineMs: number;
}

/** The limits of one validation: 100 candidate paths, and signatures and steps enough for a thousand CAs of one name. */
export function newBudget(milliseconds: number): Budget {
  return { paths: 100, signatures: 2000, steps: 5000, deadlineMs: performance.now() + milliseconds };
}

/** Longest path, leaf and anchor included. */
export const maxPathCertificates = 10;

/** Why a branch of the search ended without an anchor, at its certificate. */
export interface DeadEnd {
  readonly code: PathCode;
  readonly certificate: PathCertificate;
}

/** Everything a search needs to know. */
export interface Search {
  readonly leaf: PathCertificate;
  /** Untrusted certificates that may stand between. */
  readonly intermediates: CertificatePool;
  readonly rootStore: RootStore;
  readonly atMs: number;
  /** Most intermediates that are not self-issued. */
  readonly maxIntermediates: number;
  readonly budget: Budget;
  /** Filled on the way: at most one entry a certificate and code. */
  readonly deadEnds: Map<string, DeadEnd>;
}

/** A certificate that may have issued another; `anchor` when it is trusted. */
interface Candidate {
  readonly certificate: PathCertificate;
  readonly anchor: TrustAnchor | null;
}

/**
 * All paths from the leaf to an anchor whose names chain and whose signatures are right, likely ones first: anchors, then
 * matching key identifiers, then certificates valid now (RFC 4158 section 3.5). No key of a name occurs twice in a path.
 */
export function* candidatePaths(search: Search): Generator<CandidatePath, void, undefined> {
  const verified = new Map<string, boolean>();
  const own = (search.rootStore.anchorsBySubject.get(search.leaf.subject.key) ?? []).find(
    ({ certificate }) => certificate.sha256 === search.leaf.sha256,
  );
  if (own !== undefined) yield { certificates: [search.leaf], anchor: own };
  yield* extend(search, [search.leaf], verified);
}

function* extend(
  search: Search,
  path: readonly PathCertificate[],
  verified: Map<string, boolean>,
): Generator<CandidatePath, void, undefined> {
  const last = path.at(-1) ?? search.leaf;
  const candidates = issuersOf(search, last).filter(({ certificate }) => !occursIn(path, certificate));
  if (candidates.length === 0) return noteDeadEnd(search, 'no-issuer', last);
  let hasIssuer = false;
  for (const { certificate, anchor } of candidates) {
    if (isSpent(search.budget)) return noteDeadEnd(search, 'search-exhausted', last);
    search.budget.steps -= 1;
    if (!hasSigned(certificate, last, search, verified)) continue;
    hasIssuer = true;
    const longer = [...path, certificate];
    if (anchor !== null) yield { certificates: longer, anchor };
    else if (isTooLong(search, longer)) noteDeadEnd(search, 'path-too-long', certificate);
    else yield* extend(search, longer, verified);
  }
  if (!hasIssuer) noteDeadEnd(search, signatureFault(last), last);
}

function isSpent({ paths, signatures, steps, deadlineMs }: Budget): boolean {
  return paths <= 0 || signatures <= 0 || steps <= 0 || performance.now() > deadlineMs;
}

function issuersOf(search: Search, subordinate: PathCertificate): readonly Candidate[] {
  const { key } = subordinate.issuer;
  if (key === '') return [];
  const anchors = search.rootStore.anchorsBySubject.get(key) ?? [];
  const trusted = anchors.map((anchor) => ({ certificate: anchor.certificate, anchor }));
  const others = (search.intermediates.get(key) ?? [])
    .filter(({ sha256 }) => !anchors.some(({ certificate }) => certificate.sha256 === sha256))
    .map((certificate) => ({ certificate, anchor: null }));
  const rank = ({ certificate }: Candidate): number => likelihood(certificate, subordinate, search.atMs);
  const likeliestFirst = (a: Candidate, b: Candidate): number => rank(b) - rank(a);
  return [...trusted.sort(likeliestFirst), ...others.sort(likeliestFirst)];
}

function likelihood(issuer: PathCertificate, subordinate: PathCertificate, atMs: number): number {
  const named = subordinate.extensions.authorityKeyId?.value.keyId ?? null;
  const actual = issuer.extensions.subjectKeyId?.value ?? null;
  const { notBeforeMs, notAfterMs } = issuer;
  const isCurrent = notBeforeMs !== null && notAfterMs !== null && notBeforeMs <= atMs && atMs <= notAfterMs;
  const keyIds = named === null || actual === null ? 1 : named === actual ? 2 : 0;
  return keyIds * 4 + (isCurrent ? 2 : 0) + (isSelfIssued(issuer) ? 0 : 1);
}

function occursIn(path: readonly PathCertificate[], candidate: PathCertificate): boolean {
  return path.some(
    ({ subject, spki, sha256 }, at) =>
      sha256 === candidate.sha256 ||
      (at > 0 && subject.key === candidate.subject.key && Buffer.compare(spki, candidate.spki) === 0),
  );
}

function isTooLong({ maxIntermediates }: Search, [, ...issuers]: readonly PathCertificate[]): boolean {
  const counted = issuers.filter((issuer) => !isSelfIssued(issuer)).length;
  return counted > maxIntermediates || issuers.length + 2 > maxPathCertificates;
}

function hasSigned(
  issuer: PathCertificate,
  subordinate: PathCertificate,
  { budget }: Search,
  verified: Map<string, boolean>,
): boolean {
  const pair = `${issuer.sha256} ${subordinate.sha256}`;
  const known = verified.get(pair);
  if (known !== undefined) return known;
  budget.signatures -= 1;
  const key = importKey(issuer.spki);
  const { tbs, signatureAlgorithm, signature } = subordinate;
  const isRight = key !== null && isSignedBy(tbs, signatureAlgorithm, signature, key);
  verified.set(pair, isRight);
  return isRight;
}

function signatureFault({ signatureAlgorithm }: PathCertificate): PathCode {
  const scheme = readScheme(signatureAlgorithm);
  return 'code' in scheme ? scheme.code : 'bad-signature';
}

function noteDeadEnd({ deadEnds }: Search, code: PathCode, certificate: PathCertificate): void {
  deadEnds.set(`${code} ${certificate.sha256}`, { code, certificate });
}
