import type { ValidationError } from '../../model/validation.js';
import type { TrustAnchor } from './root-store.js';
import type { PathCertificate } from './certificate.js';
import {
  canIssue,
  keyIdMismatch,
  keyPolicy,
  purposeProblems,
  usageForPurpose,
  validityProblems,
  type Judgement,
} from './checks.js';
import { isFaultOfForm, toError, type Problem } from './codes.js';
import { keyProblems } from './key.js';
import { nameText } from './name.js';
import { constrain, constraintProblems, unconstrained, type ConstraintState } from './name-constraints.js';
import {
  anchorPolicies,
  applyPolicies,
  concludePolicies,
  initialPolicies,
  lacksPolicy,
  preparePolicies,
  type PolicyState,
} from './policies.js';
import { isSelfIssued, profileProblems, type Role } from './profile.js';
import { quote } from './quote.js';
import { algorithmProblem } from './signature.js';
import { authorityProblems, subscriberProblems } from './web-pki.js';

/** A path from the leaf (first) to the trust anchor (last); signatures and name chaining are already known to be right. */
export interface CandidatePath {
  readonly certificates: readonly PathCertificate[];
  readonly anchor: TrustAnchor;
}

/** What is carried from certificate to certificate (RFC 5280 section 6.1.2). */
interface State {
  readonly constraints: ConstraintState;
  readonly policies: PolicyState;
  /** Non-self-issued certificates that may still follow before the last one. */
  readonly maxPathLength: number;
}

/** What is wrong with a path. */
export interface Faults {
  readonly errors: readonly ValidationError[];
  /** How many of the errors are more than faults of form. */
  readonly grave: number;
  /** Faults of form that the profile tolerates. */
  readonly warnings: readonly ValidationError[];
}

/** Processes a path from its anchor to its leaf (RFC 5280 section 6.1) and returns everything that is wrong with it. */
export function walkPath(path: CandidatePath, judgement: Judgement): Faults {
  const [leaf, ...issuers] = path.certificates;
  const errors: ValidationError[] = [];
  const warnings: ValidationError[] = [];
  let grave = 0;
  const tell = (who: string, problems: readonly Problem[]): void => {
    for (const problem of problems) {
      const isHeld = judgement.rules.web || problem.isTolerable !== true;
      (isHeld ? errors : warnings).push(toError(who, problem));
      if (isHeld && !isFaultOfForm(problem)) grave += 1;
    }
  };
  if (leaf === undefined) return { errors, grave, warnings };
  let state: State = {
    constraints: unconstrained(),
    policies: initialPolicies(issuers.length, judgement.policies),
    maxPathLength: Infinity,
  };
  for (let at = issuers.length - 1; at >= 0; at -= 1) {
    const issuer = issuers[at];
    const subordinate = issuers[at - 1] ?? leaf;
    if (issuer === undefined) continue;
    const isAnchor = at === issuers.length - 1;
    const problems = isAnchor
      ? anchorProblems(issuer, path, judgement)
      : issuerProblems(issuer, state, judgement);
    tell(nameOf(issuer, isAnchor), problems);
    tell(nameOf(subordinate, false, subordinate === leaf), keyIdMismatch(subordinate, issuer));
    state = descend(state, issuer, isAnchor);
  }
  tell('the certificate', leafProblems(leaf, path, state, judgement));
  return { errors, grave, warnings };
}

/**
 * What is wrong with a certificate that leads to no anchor, by itself: a root that is not trusted is held against the profile like an
 * operator's own, whatever the store.
 */
export function walkAlone(certificate: PathCertificate, anchor: TrustAnchor, judgement: Judgement): Faults {
  return walkPath({ certificates: [certificate], anchor }, { ...judgement, isVetted: false });
}

/** How a certificate is called in a sentence. */
export function nameOf(certificate: PathCertificate, isAnchor: boolean, isLeaf = false): string {
  if (isLeaf) return 'the certificate';
  return `the ${isAnchor ? 'trust anchor' : 'issuer'} "${quote(nameText(certificate.subject))}"`;
}

/** The state for the next certificate (RFC 5280 section 6.1.4); an anchor only hands its own limits down. */
function descend(state: State, issuer: PathCertificate, isAnchor: boolean): State {
  const { nameConstraints, basicConstraints } = issuer.extensions;
  const isSelf = isSelfIssued(issuer);
  const left = state.maxPathLength - (isAnchor || isSelf ? 0 : 1);
  return {
    constraints:
      nameConstraints === null
        ? state.constraints
        : constrain(state.constraints, nameConstraints.value, nameConstraints.critical),
    policies: isAnchor
      ? anchorPolicies(state.policies, issuer)
      : preparePolicies(applyPolicies(state.policies, issuer, mayUseAny(state, isSelf)), issuer, isSelf),
    maxPathLength: Math.min(left, basicConstraints?.value.pathLength ?? Infinity),
  };
}

function mayUseAny(state: State, isSelfIssuedIssuer: boolean): boolean {
  return state.policies.inhibitAnyPolicy > 0 || isSelfIssuedIssuer;
}

function anchorProblems(
  anchor: PathCertificate,
  path: CandidatePath,
  judgement: Judgement,
): readonly Problem[] {
  const isRoot = isSelfIssued(anchor);
  const problems = [...validityProblems(anchor, judgement), ...trustProblems(path, judgement)];
  problems.push(...keyProblems(anchor.spki, judgement.isVetted ? 'sound' : keyPolicy(judgement)));
  if (judgement.isVetted)
    return [...problems, ...anchor.problems.filter(({ code }) => code === 'unknown-critical-extension')];
  problems.push(...profileProblems(anchor, 'anchor', judgement.rules), ...canIssue(anchor));
  problems.push(...purposeProblems(anchor, judgement));
  if (judgement.rules.web) problems.push(...authorityProblems(anchor, isRoot, judgement.rules));
  return problems;
}

function trustProblems({ anchor, certificates }: CandidatePath, judgement: Judgement): readonly Problem[] {
  if (judgement.purpose === 'ca') return [];
  const trust = anchor[judgement.purpose];
  if (!trust.trusted)
    return [
      { code: 'root-not-trusted-for-purpose', text: `is not trusted for ${judgement.purpose} certificates` },
    ];
  const issuedMs = certificates[0]?.notBeforeMs ?? null;
  if (trust.distrustAfter === null || (issuedMs !== null && issuedMs <= trust.distrustAfter.getTime()))
    return [];
  const after = trust.distrustAfter.toISOString();
  return [{ code: 'root-distrusted', text: `is distrusted for certificates issued after ${after}` }];
}

function issuerProblems(issuer: PathCertificate, state: State, judgement: Judgement): readonly Problem[] {
  const isSelf = isSelfIssued(issuer);
  const policies = applyPolicies(state.policies, issuer, mayUseAny(state, isSelf));
  return [
    ...commonProblems(issuer, 'issuer', judgement),
    ...canIssue(issuer),
    ...(isSelf ? [] : constraintProblems(state.constraints, issuer)),
    ...(state.maxPathLength <= 0 && !isSelf ? [pathLengthExceeded] : []),
    ...(lacksPolicy(policies) ? [noPolicy] : []),
    ...purposeProblems(issuer, judgement),
    ...(judgement.rules.web ? authorityProblems(issuer, false, judgement.rules) : []),
  ];
}

const pathLengthExceeded: Problem = {
  code: 'path-length-exceeded',
  text: 'stands below an issuer whose path length constraint allows no further CA',
};
const noPolicy: Problem = {
  code: 'policy-not-valid',
  text: 'has no valid certificate policy where one is demanded',
};

function leafProblems(
  leaf: PathCertificate,
  path: CandidatePath,
  state: State,
  judgement: Judgement,
): readonly Problem[] {
  const isOwnAnchor = path.certificates.length === 1;
  if (isOwnAnchor && judgement.purpose === 'ca' && (isSelfIssued(leaf) || judgement.isVetted))
    return anchorProblems(leaf, path, judgement);
  const policies = concludePolicies(
    applyPolicies(state.policies, leaf, state.policies.inhibitAnyPolicy > 0),
    leaf,
    judgement.policies,
  );
  const isCa = leaf.extensions.basicConstraints?.value.isCa === true;
  return [
    ...commonProblems(leaf, 'leaf', judgement),
    ...(isOwnAnchor ? trustProblems(path, judgement) : constraintProblems(state.constraints, leaf)),
    ...(lacksPolicy(policies) && !isOwnAnchor ? [noPolicy] : []),
    ...purposeProblems(leaf, judgement),
    ...(isCa
      ? leafAuthorityProblems(leaf, state, judgement, isOwnAnchor)
      : endEntityProblems(leaf, judgement)),
  ];
}

/**
 * A CA certificate in the last place. Below an exhausted path length constraint it can issue nothing, and RFC 5280 section
 * 4.2.1.9 lets it stand there; a CA that can issue must not answer as a server.
 */
function leafAuthorityProblems(
  leaf: PathCertificate,
  state: State,
  judgement: Judgement,
  isOwnAnchor: boolean,
): readonly Problem[] {
  if (judgement.purpose === 'ca')
    return [
      ...canIssue(leaf),
      ...(judgement.rules.web ? authorityProblems(leaf, false, judgement.rules) : []),
    ];
  if (!judgement.rules.web || judgement.purpose !== 'server') return [];
  const problems = authorityProblems(leaf, false, judgement.rules);
  if (state.maxPathLength <= 0) return problems;
  const text = 'is that of a CA, which must not serve as a server certificate';
  // A server's own certificate among the roots: clients that were given it as a root take it.
  return [...problems, { code: 'leaf-is-ca', text, isTolerable: isOwnAnchor }];
}

function endEntityProblems(leaf: PathCertificate, judgement: Judgement): readonly Problem[] {
  if (judgement.purpose === 'ca') return canIssue(leaf);
  return [
    ...usageForPurpose(leaf, judgement.purpose),
    ...(judgement.rules.web && judgement.purpose === 'server'
      ? subscriberProblems(leaf, judgement.rules)
      : []),
  ];
}

/** What every certificate below the anchor must keep. */
function commonProblems(certificate: PathCertificate, role: Role, judgement: Judgement): readonly Problem[] {
  const weak = algorithmProblem(certificate.signatureAlgorithm);
  return [
    ...validityProblems(certificate, judgement),
    ...profileProblems(certificate, role, judgement.rules),
    ...keyProblems(certificate.spki, keyPolicy(judgement)),
    ...(weak === null ? [] : [weak]),
  ];
}
