import type { PathCertificate } from './certificate.js';
import type { PathCode, Problem } from './codes.js';
import { isWithin, wildcardBase } from './dns-name.js';
import { generalNameText, splitMailbox, type GeneralName, type GeneralNameKind } from './general-name.js';
import { isInRange } from './ip-address.js';
import { attributeTexts, isWithinName } from './name.js';
import { quote } from './quote.js';
import type { NameConstraints } from './subtrees.js';

/**
 * More comparisons of a name with a constraint than this refuse the path (RFC 5280 section 8 warns of the cost): the limit of
 * OpenSSL; an honest certificate needs a few thousand.
 */
export const maxComparisons = 1 << 20;

/** The constraints gathered on the way down from the trust anchor (RFC 5280 section 6.1.2 (b) and (c)). */
export interface ConstraintState {
  /** Each certificate's permitted subtrees; a name must lie within every one that speaks of its form. */
  readonly permitted: readonly (readonly GeneralName[])[];
  readonly excluded: readonly GeneralName[];
  /** Forms that a critical extension constrains and that nothing here can compare. */
  readonly unsupported: ReadonlySet<GeneralNameKind>;
  /** Comparisons still allowed on this path. */
  readonly budget: { comparisons: number };
}

/** No constraints yet. */
export function unconstrained(): ConstraintState {
  return { permitted: [], excluded: [], unsupported: new Set(), budget: { comparisons: maxComparisons } };
}

const comparable: ReadonlySet<GeneralNameKind> = new Set(['dns', 'email', 'uri', 'ip', 'directory']);

/** Adds one CA's constraints (RFC 5280 section 6.1.4 (g)). */
export function constrain(
  state: ConstraintState,
  added: NameConstraints,
  critical: boolean,
): ConstraintState {
  const forms = [...added.permitted, ...added.excluded].map(({ kind }) => kind);
  const unsupported = critical ? forms.filter((kind) => !comparable.has(kind)) : [];
  return {
    permitted: added.permitted.length > 0 ? [...state.permitted, added.permitted] : state.permitted,
    excluded: [...state.excluded, ...added.excluded],
    unsupported: new Set([...state.unsupported, ...unsupported]),
    budget: state.budget,
  };
}

/** Every name of a certificate that constraints bind (RFC 5280 section 4.2.1.10). */
function constrainedNames({ subject, extensions }: PathCertificate): readonly GeneralName[] {
  const alternative = (extensions.subjectAltName?.value ?? []).map(lowerCase);
  const directory: GeneralName[] = subject.rdns.length > 0 ? [{ kind: 'directory', name: subject }] : [];
  const hasEmail = alternative.some(({ kind }) => kind === 'email');
  const legacy = hasEmail ? [] : attributeTexts(subject, '1.2.840.113549.1.9.1');
  return [...directory, ...alternative, ...legacy.map((text) => ({ kind: 'email' as const, text }))];
}

/** DNS names compare in lower case; done once, for there can be a million comparisons. */
function lowerCase(name: GeneralName): GeneralName {
  return name.kind === 'dns' ? { kind: 'dns', text: name.text.toLowerCase() } : name;
}

/** Names of `certificate` that the constraints forbid; at most one problem of each kind. Excluded is told before permitted. */
export function constraintProblems(state: ConstraintState, certificate: PathCertificate): readonly Problem[] {
  if (state.permitted.length === 0 && state.excluded.length === 0) return [];
  const found = new Map<PathCode, Problem>();
  for (const name of constrainedNames(certificate)) {
    const problem = judgeName(state, name);
    if (problem !== null && !found.has(problem.code)) found.set(problem.code, problem);
    if (state.budget.comparisons < 0) return [tooMany];
  }
  return [...found.values()];
}

const tooMany: Problem = {
  code: 'too-many-names',
  text: `asks for more than ${maxComparisons} comparisons of names with name constraints`,
};

function judgeName(state: ConstraintState, name: GeneralName): Problem | null {
  const shown = (): string => quote(generalNameText(name));
  if (state.unsupported.has(name.kind))
    return {
      code: 'name-constraint-unsupported',
      text: `has an ${shown()}, a form whose constraint cannot be processed`,
    };
  if (!comparable.has(name.kind)) return null;
  if (someMatch(state, name, state.excluded, overlaps))
    return { code: 'name-excluded', text: `has the ${shown()}, which an issuer excludes` };
  for (const subtrees of state.permitted) {
    const isBound = subtrees.some(({ kind }) => kind === name.kind);
    if (isBound && !someMatch(state, name, subtrees, contains))
      return { code: 'name-not-permitted', text: `has the ${shown()}, which an issuer does not permit` };
  }
  return null;
}

type Test = (constraint: GeneralName, name: GeneralName) => boolean;

function someMatch(
  state: ConstraintState,
  name: GeneralName,
  subtrees: readonly GeneralName[],
  test: Test,
): boolean {
  state.budget.comparisons -= subtrees.length;
  if (state.budget.comparisons < 0) return false;
  return subtrees.some((constraint) => constraint.kind === name.kind && test(constraint, name));
}

/** True when everything `name` stands for lies within the constraint. */
function contains(constraint: GeneralName, name: GeneralName): boolean {
  if (constraint.kind === 'dns' && name.kind === 'dns') return containsDns(constraint.text, name.text);
  if (constraint.kind === 'ip' && name.kind === 'ip') return isInRange(name.octets, constraint.octets);
  if (constraint.kind === 'directory' && name.kind === 'directory')
    return isWithinName(name.name, constraint.name);
  if (constraint.kind === 'email' && name.kind === 'email')
    return containsMailbox(constraint.text, name.text);
  if (constraint.kind === 'uri' && name.kind === 'uri') {
    const host = uriHost(name.text);
    return host !== null && containsHost(constraint.text, host);
  }
  return false;
}

/** True when something `name` stands for lies within the constraint; names without a comparable value count as inside. */
function overlaps(constraint: GeneralName, name: GeneralName): boolean {
  if (contains(constraint, name)) return true;
  if (constraint.kind === 'dns' && name.kind === 'dns') {
    const base = wildcardBase(name.text);
    const isBelow = !constraint.text.startsWith('.');
    return isBelow && base !== null && constraint.text.slice(constraint.text.indexOf('.') + 1) === base;
  }
  if (name.kind === 'uri') return uriHost(name.text) === null;
  if (name.kind === 'email') return splitMailbox(name.text) === null;
  return false;
}

/** A constraint that starts with a dot holds the names below it only, so also its wildcard. */
function containsDns(constraint: string, name: string): boolean {
  const base = wildcardBase(name);
  if (!constraint.startsWith('.')) return isWithin(base ?? name, constraint);
  return name.endsWith(constraint);
}

function containsMailbox(constraint: string, text: string): boolean {
  const mailbox = splitMailbox(text);
  if (mailbox === null) return false;
  const exact = constraint.includes('@') ? splitMailbox(constraint) : null;
  if (exact !== null) return exact.local === mailbox.local && exact.host === mailbox.host;
  return containsHost(constraint.toLowerCase(), mailbox.host);
}

/** A constraint that starts with a dot holds the hosts below it, another one just that host; the empty one holds all. */
function containsHost(constraint: string, host: string): boolean {
  if (constraint === '') return true;
  return constraint.startsWith('.') ? host.endsWith(constraint) : host === constraint;
}

/** Lower-case host name of a URI with an authority, or null where there is none or it is an address. */
function uriHost(text: string): string | null {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(text)?.[1];
  if (authority === undefined) return null;
  const host = authority.replace(/^.*@/, '').replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase();
  const isName = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(host) && !/(?:^|\.)\d+$/.test(host);
  return isName ? host : null;
}
