import { clip } from '../lib/clip.js';
import type { Certificate } from '../model/certificate.js';
import type { KeyEvidence } from '../model/key-evidence.js';
import type { Observation, Verdict } from '../model/observation.js';
import { atLeast } from '../model/severity.js';
import { rules as allRules } from './index.js';
import type { CertificateRule, CheckInput, Hit, Rule, RuleInfo } from './rule.js';
import { ruleFailed } from './self/rule-failed.js';

/** What one rule answered: a hit, or which of the three kinds of no. */
export type Answer = Hit | 'pass' | 'not-applicable' | 'not-in-force';

/**
 * Everything the rules say against one certificate. Pure; never throws: a rule that does is answered for by `rule-failed`.
 * Details come out JSON-safe and small, whatever the certificate holds; texts in them are hostile still.
 */
export function judge(input: CheckInput, rules: readonly Rule[] = allRules): readonly Verdict[] {
  return rules.flatMap((rule) => {
    if (rule.kind !== 'certificate' || !isEnabled(rule, input)) return [];
    try {
      const answer = ask(rule, input);
      return typeof answer === 'string' ? [] : [verdict(rule, answer, input)];
    } catch (error) {
      const details = { rule: rule.id, error: error instanceof Error ? error.message : String(error) };
      return isEnabled(ruleFailed, input) ? [verdict(ruleFailed, { details }, input)] : [];
    }
  });
}

/** What judging a look takes besides the look itself. */
export interface JudgeContext extends Pick<CheckInput, 'policy' | 'now'> {
  /** Path validation; null when it is not done. */
  validate(leaf: Certificate, chain: readonly Certificate[]): CheckInput['validation'];
  inventory(certificate: Certificate): CheckInput['inventory'];
  /** Absent when nobody looks further than at each key. */
  readonly keys?: KeyEvidence;
}

/**
 * Inputs for every certificate a look showed: its own chain first, then the others that a survey found (of the other kind of key, without
 * a server name, for an unknown one). Empty when no certificate came.
 */
export function servedInputs(observation: Observation, context: JudgeContext): readonly CheckInput[] {
  const { policy, now, keys } = context;
  const usual = { asked: null, chain: observation.chain };
  return [usual, ...(observation.survey?.alternates ?? [])].flatMap(
    ({ asked, chain: [certificate, ...chain] }) => {
      if (certificate === undefined) return [];
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
          validation: context.validate(certificate, chain),
          inventory: context.inventory(certificate),
          policy,
          now,
        },
      ];
    },
  );
}

/** What the rules say of one endpoint: of each rule the worst verdict, with the certificate it is about. */
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

function isEnabled({ id }: RuleInfo, { policy }: CheckInput): boolean {
  return policy.rules[id]?.enabled !== false;
}

/** The operator's severity wins over the hit's, which wins over the rule's. */
function verdict(rule: RuleInfo, hit: Hit, { policy }: CheckInput): Verdict {
  const severity = policy.rules[rule.id]?.severity ?? hit.severity ?? rule.severity;
  return {
    rule: rule.id,
    severity,
    title: rule.title,
    details: clip(hit.details) as Verdict['details'],
  };
}
