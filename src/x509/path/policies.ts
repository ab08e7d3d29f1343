import type { PathCertificate } from './certificate.js';
import type { Problem } from './codes.js';

const anyPolicy = '2.5.29.32.0';

/**
 * State of policy processing (RFC 5280 section 6.1.2 (a), (d) to (f)). Of the policy tree only the deepest level is kept, one
 * node a policy, as RFC 9618 does: the verdict asks no more, and the tree can grow exponentially.
 */
export interface PolicyState {
  /** Policies valid at this depth, each with those expected next; null: the tree is empty. */
  readonly nodes: ReadonlyMap<string, ReadonlySet<string>> | null;
  readonly explicitPolicy: number;
  readonly policyMapping: number;
  readonly inhibitAnyPolicy: number;
}

/** Before the first certificate; `length` certificates follow the trust anchor. Any policy will do, none is demanded. */
export function initialPolicies(length: number): PolicyState {
  return {
    nodes: new Map([[anyPolicy, new Set([anyPolicy])]]),
    explicitPolicy: length + 1,
    policyMapping: length + 1,
    inhibitAnyPolicy: length + 1,
  };
}

/** Processes the certificate's policies (RFC 5280 section 6.1.3 (d) and (e)). */
export function applyPolicies(
  state: PolicyState,
  certificate: PathCertificate,
  mayUseAny: boolean,
): PolicyState {
  const policies = certificate.extensions.certificatePolicies?.value.map(({ policy }) => policy);
  if (policies === undefined || state.nodes === null) return { ...state, nodes: null };
  const expected = new Set<string>();
  for (const values of state.nodes.values()) for (const value of values) expected.add(value);
  const hasAnyParent = state.nodes.has(anyPolicy);
  const nodes = new Map<string, ReadonlySet<string>>();
  for (const policy of policies)
    if (policy !== anyPolicy && (expected.has(policy) || hasAnyParent)) nodes.set(policy, new Set([policy]));
  if (policies.includes(anyPolicy) && mayUseAny)
    for (const policy of expected) if (!nodes.has(policy)) nodes.set(policy, new Set([policy]));
  return { ...state, nodes: nodes.size > 0 ? nodes : null };
}

/** What a trust anchor's own policy extensions, where it has any, ask of the path (RFC 5937 section 3.2). */
export function anchorPolicies(state: PolicyState, anchor: PathCertificate): PolicyState {
  const applied = anchor.extensions.certificatePolicies === null ? state : applyPolicies(state, anchor, true);
  return preparePolicies(applied, anchor, true);
}

/** True while a policy is demanded and none is left (RFC 5280 section 6.1.3 (f), 6.1.5 (g)). */
export function lacksPolicy(state: PolicyState): boolean {
  return state.explicitPolicy === 0 && state.nodes === null;
}

/** Prepares for the next certificate (RFC 5280 section 6.1.4 (b), (h), (i), (j)); only what is not self-issued is counted. */
export function preparePolicies(
  state: PolicyState,
  certificate: PathCertificate,
  isSelfIssued: boolean,
): PolicyState {
  const { policyConstraints, inhibitAnyPolicy } = certificate.extensions;
  const step = isSelfIssued ? 0 : 1;
  const next = (value: number): number => Math.max(0, value - step);
  const explicit = policyConstraints?.value.requireExplicitPolicy ?? Infinity;
  const mapping = policyConstraints?.value.inhibitPolicyMapping ?? Infinity;
  return {
    nodes: mapPolicies(state, certificate),
    explicitPolicy: Math.min(next(state.explicitPolicy), explicit),
    policyMapping: Math.min(next(state.policyMapping), mapping),
    inhibitAnyPolicy: Math.min(next(state.inhibitAnyPolicy), inhibitAnyPolicy?.value ?? Infinity),
  };
}

function mapPolicies(state: PolicyState, certificate: PathCertificate): PolicyState['nodes'] {
  const mappings = certificate.extensions.policyMappings?.value;
  if (mappings === undefined || state.nodes === null) return state.nodes;
  const bySubject = new Map<string, Set<string>>();
  for (const { issuer, subject } of mappings)
    bySubject.set(issuer, (bySubject.get(issuer) ?? new Set()).add(subject));
  const nodes = new Map(state.nodes);
  for (const [issuer, subjects] of bySubject) {
    if (state.policyMapping === 0) nodes.delete(issuer);
    else if (nodes.has(issuer) || nodes.has(anyPolicy)) nodes.set(issuer, subjects);
  }
  return nodes.size > 0 ? nodes : null;
}

/** After the last certificate (RFC 5280 section 6.1.5 (a) and (b)). */
export function concludePolicies(state: PolicyState, certificate: PathCertificate): PolicyState {
  const demanded = certificate.extensions.policyConstraints?.value.requireExplicitPolicy === 0;
  return { ...state, explicitPolicy: demanded ? 0 : Math.max(0, state.explicitPolicy - 1) };
}

/** CPS pointer and user notice: nothing in them bears on the path. */
const knownQualifiers: ReadonlySet<string> = new Set(['1.3.6.1.5.5.7.2.1', '1.3.6.1.5.5.7.2.2']);

/** Faults of the policy extensions themselves (RFC 5280 sections 4.2.1.4 and 4.2.1.5). */
export function policyProblems({ extensions }: PathCertificate): readonly Problem[] {
  const information = extensions.certificatePolicies?.value ?? [];
  const policies = information.map(({ policy }) => policy);
  const mappings = extensions.policyMappings?.value ?? [];
  const problems: Problem[] = [];
  if (new Set(policies).size < policies.length)
    problems.push({ code: 'policy-repeated', text: 'lists a certificate policy more than once' });
  const isUnknown = information.some(({ qualifiers }) => qualifiers.some((id) => !knownQualifiers.has(id)));
  if (isUnknown && extensions.certificatePolicies?.critical === true)
    problems.push({
      code: 'unknown-critical-extension',
      text: 'has critical certificate policies with an unknown qualifier',
    });
  if (mappings.some(({ issuer, subject }) => issuer === anyPolicy || subject === anyPolicy))
    problems.push({ code: 'policy-mapping-any', text: 'maps anyPolicy, which no one may' });
  if (extensions.policyConstraints?.critical === false)
    problems.push({
      code: 'policy-constraints-not-critical',
      text: 'has policyConstraints that are not critical',
    });
  if (extensions.inhibitAnyPolicy?.critical === false)
    problems.push({
      code: 'inhibit-any-policy-not-critical',
      text: 'has an inhibitAnyPolicy that is not critical',
    });
  return problems;
}
