import type { PathCertificate } from './certificate.js';
import type { Problem } from './codes.js';

/** Stands for every policy (RFC 5280 section 4.2.1.4). */
export const anyPolicy = '2.5.29.32.0';

/** What the caller asks of policies: the user inputs of RFC 5280 section 6.1.1 (c), (e), (f) and (g). */
export interface PolicyDemand {
  /** Policies acceptable to the caller, dotted; null: any. */
  readonly acceptable: readonly string[] | null;
  /** The path must be valid for one of them. */
  readonly isRequired: boolean;
  readonly inhibitMapping: boolean;
  readonly inhibitAny: boolean;
}

/** One policy at one depth. */
interface PolicyNode {
  /** Policies that the next certificate may name for it. */
  readonly expected: ReadonlySet<string>;
  /** What it is called in the domain of the trust anchor, that is, of the caller. */
  readonly origins: ReadonlySet<string>;
}

/**
 * State of policy processing (RFC 5280 section 6.1.2 (a), (d) to (f)). Of the policy tree only the deepest level is kept, one
 * node a policy, as RFC 9618 does: the verdict asks no more, and the tree can grow exponentially.
 */
export interface PolicyState {
  /** By policy; null: the tree is empty. */
  readonly nodes: ReadonlyMap<string, PolicyNode> | null;
  readonly explicitPolicy: number;
  readonly policyMapping: number;
  readonly inhibitAnyPolicy: number;
}

/** Before the first certificate; `length` certificates follow the trust anchor. */
export function initialPolicies(length: number, demand: PolicyDemand | null): PolicyState {
  const unless = (isInhibited = false): number => (isInhibited ? 0 : length + 1);
  return {
    nodes: new Map([[anyPolicy, { expected: new Set([anyPolicy]), origins: new Set([anyPolicy]) }]]),
    explicitPolicy: unless(demand?.isRequired),
    policyMapping: unless(demand?.inhibitMapping),
    inhibitAnyPolicy: unless(demand?.inhibitAny),
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
  const origins = new Map<string, Set<string>>();
  for (const node of state.nodes.values())
    for (const policy of node.expected)
      origins.set(policy, new Set([...(origins.get(policy) ?? []), ...node.origins]));
  const nodes = new Map<string, PolicyNode>();
  const add = (policy: string, from: ReadonlySet<string>): unknown =>
    nodes.set(policy, { expected: new Set([policy]), origins: from });
  for (const policy of policies) {
    const from = origins.get(policy) ?? (state.nodes.has(anyPolicy) ? new Set([policy]) : null);
    if (policy !== anyPolicy && from !== null) add(policy, from);
  }
  if (policies.includes(anyPolicy) && mayUseAny)
    for (const [policy, from] of origins) if (!nodes.has(policy)) add(policy, from);
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
  for (const [issuer, expected] of bySubject) {
    const origins = nodes.get(issuer)?.origins ?? (nodes.has(anyPolicy) ? new Set([issuer]) : null);
    if (state.policyMapping === 0) nodes.delete(issuer);
    else if (origins !== null) nodes.set(issuer, { expected, origins });
  }
  return nodes.size > 0 ? nodes : null;
}

/** After the last certificate (RFC 5280 section 6.1.5 (a), (b) and (g)). */
export function concludePolicies(
  state: PolicyState,
  certificate: PathCertificate,
  demand: PolicyDemand | null,
): PolicyState {
  const demanded = certificate.extensions.policyConstraints?.value.requireExplicitPolicy === 0;
  const acceptable = demand?.acceptable ?? [anyPolicy];
  const isAcceptable = ({ origins }: PolicyNode): boolean =>
    acceptable.includes(anyPolicy) || [anyPolicy, ...acceptable].some((policy) => origins.has(policy));
  return {
    ...state,
    nodes: [...(state.nodes?.values() ?? [])].some(isAcceptable) ? state.nodes : null,
    explicitPolicy: demanded ? 0 : Math.max(0, state.explicitPolicy - 1),
  };
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
  const isUnknown = information.some(({ qualifiers }) =>
    qualifiers.some(({ id }) => !knownQualifiers.has(id)),
  );
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
      isTolerable: true,
    });
  if (extensions.inhibitAnyPolicy?.critical === false)
    problems.push({
      code: 'inhibit-any-policy-not-critical',
      text: 'has an inhibitAnyPolicy that is not critical',
      isTolerable: true,
    });
  return problems;
}
