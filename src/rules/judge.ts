import { clip, clipText } from '../lib/clip.js';
import type { Certificate } from '../model/certificate.js';
import type { Evidence } from '../model/finding.js';
import type { KeyEvidence } from '../model/key-evidence.js';
import type { RevocationStatus } from '../model/network.js';
import { alternatesOf, type Observation, type Verdict } from '../model/observation.js';
import type { Policy } from '../model/policy.js';
import { atLeast } from '../model/severity.js';
import { rules as allRules } from './index.js';
import type {
  CertificateRule,
  CheckInput,
  EndpointInput,
  EndpointRule,
  Hit,
  Rule,
  RuleInfo,
} from './rule.js';
import { ruleFailed } from './self/rule-failed.js';

/** What one rule answered: a hit, or which of the three kinds of no. */
export type Answer = Hit | 'pass' | 'not-applicable' | 'not-in-force';

/** Rules that are asked about an observation or about a certificate. */
export type AskedRule = CertificateRule | EndpointRule;

/**
 * Everything the certificate rules say against one certificate. Pure; never throws: for a rule that does, `rule-failed` answers.
 * Details come out JSON-safe and small, whatever the certificate holds; texts in them are hostile still.
 */
export function judge(input: CheckInput, rules: readonly Rule[] = allRules): readonly Verdict[] {
  return rules.flatMap((rule) =>
    rule.kind === 'certificate' ? verdictOf(rule, input.policy, () => ask(rule, input)) : [],
  );
}

/** Everything the endpoint rules say against one observation; as {@link judge}. */
export function judgeOffer(input: EndpointInput, rules: readonly Rule[] = allRules): readonly Verdict[] {
  return rules.flatMap((rule) =>
    rule.kind === 'endpoint' ? verdictOf(rule, input.policy, () => askEndpoint(rule, input)) : [],
  );
}

/** What judging an observation takes besides the observation itself. */
export interface JudgeContext extends Pick<CheckInput, 'policy' | 'now'> {
  /** Path validation; null when it is not done. */
  validate(leaf: Certificate, chain: readonly Certificate[]): CheckInput['validation'];
  inventory(certificate: Certificate): CheckInput['inventory'];
  /** What lists and responders said of a certificate; absent when none was asked. */
  revocation?(certificate: Certificate): RevocationStatus | undefined;
  /** Absent when keys are judged by themselves only. */
  readonly keys?: KeyEvidence;
}

/** Everything the rules say against one observation: about the endpoint, and about every certificate it showed. */
export function judgeObservation(
  observation: Observation,
  context: JudgeContext,
  rules: readonly Rule[] = allRules,
): readonly Verdict[] {
  const { policy, now } = context;
  const certificates = judgeServed(servedInputs(observation, context), rules);
  return [...certificates.map(({ verdict }) => verdict), ...judgeOffer({ observation, policy, now }, rules)];
}

/**
 * Inputs for every certificate an observation showed: its own chain first, then the others (of the other type of key, and those that
 * a survey found without a server name or for an unknown one). Empty when no certificate came.
 */
export function servedInputs(observation: Observation, context: JudgeContext): readonly CheckInput[] {
  const { policy, now, keys } = context;
  const usual = { asked: null, chain: observation.chain };
  return [usual, ...alternatesOf(observation)].flatMap(({ asked, chain: [certificate, ...chain] }) => {
    if (certificate === undefined) return [];
    const revocation = context.revocation?.(certificate);
    const isNamed = asked === null || asked === 'RSA' || asked === 'ECDSA';
    return [
      {
        certificate,
        source: 'served' as const,
        chain,
        host: isNamed ? observation.target.serverName : null,
        observation,
        ...(asked === null ? {} : { asked }),
        ...(keys === undefined ? {} : { keys }),
        ...(revocation === undefined ? {} : { revocation }),
        validation: context.validate(certificate, chain),
        inventory: context.inventory(certificate),
        policy,
        now,
      },
    ];
  });
}

/** What the certificate rules say of one endpoint: of each rule the worst verdict, with the certificate it is about. */
export function judgeServed(
  inputs: readonly CheckInput[],
  rules: readonly Rule[] = allRules,
): readonly { readonly verdict: Verdict; readonly certificate: Certificate }[] {
  const worst = new Map<string, { verdict: Verdict; certificate: Certificate }>();
  for (const input of inputs) {
    const { certificate, asked } = input;
    for (const verdict of judge(input, rules)) {
      const known = worst.get(verdict.rule)?.verdict.severity;
      if (known !== undefined && atLeast(known, verdict.severity)) continue;
      const marked = { ...verdict, details: { ...verdict.details, asked, certificate: certificate.sha256 } };
      worst.set(verdict.rule, { verdict: asked === undefined ? verdict : marked, certificate });
    }
  }
  return [...worst.values()];
}

/** What one rule says of one certificate; policy does not count here. */
export function ask(rule: CertificateRule, input: CheckInput): Answer {
  const { notBefore } = input.certificate;
  if (rule.effectiveFrom !== undefined && notBefore !== null && notBefore < rule.effectiveFrom)
    return 'not-in-force';
  if (!rule.appliesTo(input)) return 'not-applicable';
  return rule.check(input) ?? 'pass';
}

/** What one rule says of one observation; policy does not count here. `effectiveFrom` is compared with the time of judging. */
export function askEndpoint(rule: EndpointRule, input: EndpointInput): Answer {
  if (rule.effectiveFrom !== undefined && input.now < rule.effectiveFrom) return 'not-in-force';
  if (!rule.appliesTo(input)) return 'not-applicable';
  return rule.check(input) ?? 'pass';
}

/** The operator's severity wins over the hit's, which wins over the rule's. */
export function toVerdict(rule: RuleInfo, hit: Hit, policy: Policy): Verdict {
  return {
    rule: rule.id,
    severity: policy.rules[rule.id]?.severity ?? hit.severity ?? rule.severity,
    title: clipText(hit.title ?? rule.title, 200),
    details: clip(hit.details) as Verdict['details'],
    ...(hit.dueAt === undefined ? {} : { dueAt: hit.dueAt }),
    ...(hit.cause === undefined ? {} : { cause: hit.cause }),
    ...(hit.evidence === undefined ? {} : { evidence: hit.evidence.slice(0, mostEvidence).map(clipped) }),
  };
}

const mostEvidence = 20;

function clipped(one: Evidence): Evidence {
  return { ...one, value: clipText(one.value, 400), expected: one.expected && clipText(one.expected, 400) };
}

/** What one rule says, as a verdict: none, one, or that of `rule-failed` when it throws. */
export function verdictOf(rule: AskedRule, policy: Policy, answer: () => Answer): readonly Verdict[] {
  if (!isEnabled(rule, policy)) return [];
  try {
    const said = answer();
    return typeof said === 'string' ? [] : [toVerdict(rule, said, policy)];
  } catch (error) {
    const details = { rule: rule.id, error: error instanceof Error ? error.message : String(error) };
    return isEnabled(ruleFailed, policy) ? [toVerdict(ruleFailed, { details }, policy)] : [];
  }
}

/** False for a rule that the operator switched off, or did not switch on although that is needed. */
export function isEnabled({ id, isOptional }: RuleInfo, policy: Policy): boolean {
  return policy.rules[id]?.enabled ?? isOptional !== true;
}
