import type { PathLink, Validation, ValidationError } from '../../model/validation.js';
import { DerError } from '../read/der.js';
import { storeLabel, type RootStore } from './root-store.js';
import { candidatePaths, newBudget, type DeadEnd, type Search } from './build.js';
import type { PathCertificate } from './certificate.js';
import { toError, type PathCode } from './codes.js';
import { identityProblems } from './identity.js';
import { nameText } from './name.js';
import type { PolicyDemand } from './policies.js';
import { readPool, tryRead, type CertificatePool } from './pool.js';
import { quote } from './quote.js';
import { readCrlSet, revocationErrors, type CrlSet } from './revocation.js';
import type { Judgement, Purpose } from './checks.js';
import { nameOf, walkAlone, walkPath, type CandidatePath, type Faults } from './walk.js';

/**
 * `web-pki`: RFC 5280 and those Baseline Requirements that clients of TLS servers rely on, whoever the roots belong to; under a
 * public root store also the ones that bind only publicly trusted certificates. `rfc5280`: RFC 5280, sound keys and
 * signatures, nothing else.
 */
export type Profile = 'web-pki' | 'rfc5280';

/** One certificate to validate. */
export interface PathRequest {
  readonly certificate: Uint8Array;
  /** Untrusted certificates that may help, in any order; unreadable and unrelated ones do no harm. */
  readonly intermediates: readonly Uint8Array[];
  /** More of them, read once for many requests. */
  readonly pool?: CertificatePool;
  readonly rootStore: RootStore;
  /** The instant at which everything has to be valid. */
  readonly at: Date;
  readonly purpose: Purpose;
  /** Whom the certificate has to be for: DNS name, address, or mailbox; null: whomever. */
  readonly host: string | null;
  /** Default: `web-pki` for servers, `rfc5280` for the rest. */
  readonly profile?: Profile;
  /** DER of certificate revocation lists; see {@link revocationErrors}. */
  readonly crls?: readonly Uint8Array[];
  /** Refuse what none of {@link crls} tells the status of; default: let it pass. */
  readonly requireCrls?: boolean;
  /** What is asked of certificate policies; default: nothing. */
  readonly policies?: PolicyDemand;
  /** Most intermediates that are not self-issued; default 8. */
  readonly maxIntermediates?: number;
}

/** Wall time for building and walking paths. */
const limitMs = 800;

/** Paths that are tried after a valid one that ends before the leaf does, for one that lasts longer. */
const maxLongerPaths = 10;

/** One path and what is wrong with it. */
interface Attempt extends Faults {
  readonly path: CandidatePath;
  /** Signers of the CRLs that were used. */
  readonly signers: readonly PathCertificate[];
}

/**
 * Builds paths to the root store and validates them (RFC 5280 section 6, RFC 9525). Valid as soon as one path has no fault, that
 * which lasts longest where several have none; otherwise the errors are all those of the path with the fewest. Never throws,
 * whatever the bytes; ends within a second.
 */
export function validatePath(request: PathRequest): Validation {
  const leaf = tryRead(request.certificate);
  if (leaf instanceof DerError) {
    const text = `cannot be read: ${quote(leaf.message)}`;
    const error = toError('the certificate', { code: 'malformed-certificate', text });
    return verdict(request, { errors: [error], grave: 1, warnings: [] }, null);
  }
  const judgement = judgementOf(request);
  const search = newSearch(request, leaf);
  const best = bestPath(request, search, judgement);
  if (best !== null) return verdict(request, best, best);
  const alone = walkAlone(leaf, untrusted(leaf), judgement);
  const more = [...deadEndErrors(search), ...identityErrors(request, leaf)];
  const errors = [
    ...more.slice(0, search.deadEnds.size),
    ...alone.errors,
    ...more.slice(search.deadEnds.size),
  ];
  return verdict(request, { ...alone, errors, grave: alone.grave + more.length }, null);
}

function bestPath(request: PathRequest, search: Search, judgement: Judgement): Attempt | null {
  const crls = readCrlSet(request.crls ?? [], request.requireCrls ?? false);
  let best: Attempt | null = null;
  let left = maxLongerPaths;
  for (const path of candidatePaths(search)) {
    search.budget.paths -= 1;
    const attempt = tryPath(path, request, search, judgement, crls);
    if (best === null || isBetter(attempt, best)) best = attempt;
    if (best.errors.length > 0) continue;
    left -= 1;
    if (left < 0 || endOf(best) >= (search.leaf.notAfterMs ?? 0)) break;
  }
  return best;
}

function tryPath(
  path: CandidatePath,
  request: PathRequest,
  search: Search,
  judgement: Judgement,
  crls: CrlSet,
): Attempt {
  const walked = walkPath(path, judgement);
  crls.signers.clear();
  const more = [
    ...revocationErrors(path, crls, search.intermediates, judgement.atMs),
    ...identityErrors(request, search.leaf),
  ];
  const errors = [...walked.errors, ...more];
  const grave = walked.grave + more.length;
  return { path, errors, grave, warnings: walked.warnings, signers: [...crls.signers.values()] };
}

function isBetter(one: Attempt, other: Attempt): boolean {
  if (one.grave !== other.grave) return one.grave < other.grave;
  if (one.errors.length !== other.errors.length) return one.errors.length < other.errors.length;
  return one.errors.length === 0 && endOf(one) > endOf(other);
}

/** When the first certificate above the leaf ends. */
function endOf({ path, signers }: Attempt): number {
  const [, ...issuers] = path.certificates;
  return Math.min(...[...issuers, ...signers].map(({ notAfterMs }) => notAfterMs ?? Infinity));
}

function judgementOf({ purpose, profile, rootStore, at, policies }: PathRequest): Judgement {
  const web = (profile ?? (purpose === 'server' ? 'web-pki' : 'rfc5280')) === 'web-pki';
  return {
    atMs: at.getTime(),
    purpose,
    rules: { web, publicTrust: web && rootStore.isPublic, anyNameConstraints: web || rootStore.isPublic },
    isVetted: rootStore.isPublic,
    policies: policies ?? null,
  };
}

function newSearch(request: PathRequest, leaf: PathCertificate): Search {
  const { intermediates, pool } = request;
  return {
    leaf,
    intermediates: pool !== undefined && intermediates.length === 0 ? pool : readPool(intermediates, pool),
    rootStore: request.rootStore,
    atMs: request.at.getTime(),
    maxIntermediates: request.maxIntermediates ?? 8,
    budget: newBudget(limitMs),
    deadEnds: new Map(),
  };
}

function identityErrors(
  { host, purpose, rootStore }: PathRequest,
  leaf: PathCertificate,
): readonly ValidationError[] {
  if (host === null || purpose === 'ca') return [];
  const problems = identityProblems(leaf, host, rootStore.isPublic);
  return problems.map((problem) => toError('the certificate', problem));
}

/** Stands in for an anchor where there is none, so that the leaf's own faults are told all the same. */
function untrusted(certificate: PathCertificate): CandidatePath['anchor'] {
  return {
    certificate,
    server: { trusted: true, distrustAfter: null },
    client: { trusted: true, distrustAfter: null },
  };
}

/** What stopped the search, most telling first. */
const deadEndOrder: readonly PathCode[] = [
  'bad-signature',
  'unsupported-signature',
  'malformed-signature-algorithm',
  'path-too-long',
  'search-exhausted',
  'no-issuer',
];

const deadEndTexts: Partial<Record<PathCode, string>> = {
  'bad-signature': "carries a signature that no certificate of its issuer's name has made",
  'path-too-long': 'makes every path through it too long',
  'search-exhausted': 'was reached when the allowance for building paths was used up',
  'no-issuer': 'has no issuer among the trusted and the given certificates',
};

function deadEndErrors({ deadEnds, leaf }: Search): readonly ValidationError[] {
  const rank = ({ code }: DeadEnd): number => deadEndOrder.indexOf(code);
  const ends = [...deadEnds.values()].sort((a, b) => rank(a) - rank(b)).slice(0, 3);
  return ends.map(({ code, certificate }) => {
    const text = deadEndTexts[code] ?? 'is signed with an algorithm that is not supported';
    return toError(nameOf(certificate, false, certificate === leaf), { code, text });
  });
}

function verdict({ rootStore }: PathRequest, faults: Faults, attempt: Attempt | null): Validation {
  const { errors, grave, warnings } = faults;
  return {
    verdict: errors.length === 0 ? 'valid' : 'invalid',
    grade: errors.length === 0 ? 'valid' : grave === 0 ? 'faulty' : 'invalid',
    errors,
    warnings,
    rootStore: storeLabel(rootStore),
    path: attempt?.path.certificates.map(({ sha256 }) => sha256) ?? [],
    links: attempt === null ? [] : linksOf(attempt),
  };
}

function linksOf({ path: { certificates }, signers }: Attempt): readonly PathLink[] {
  const last = certificates.length - 1;
  const above = certificates
    .slice(1)
    .map((issuer, at) => linkOf(issuer, at + 1 === last ? 'anchor' : 'issuer'));
  const others = signers.filter((signer) => !certificates.includes(signer));
  return [...above, ...others.map((signer) => linkOf(signer, 'crl-signer'))];
}

function linkOf(certificate: PathCertificate, role: PathLink['role']): PathLink {
  const { sha256, subject, notBeforeMs, notAfterMs } = certificate;
  const toDate = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
  return {
    sha256,
    subject: nameText(subject),
    role,
    notBefore: toDate(notBeforeMs),
    notAfter: toDate(notAfterMs),
  };
}
