import { clip } from '../lib/clip.js';
import type { Observation, Verdict } from '../model/observation.js';
import { rules as allRules } from './index.js';
import type { CertificateRule, CheckInput, Hit, Rule, RuleInfo } from './rule.js';
import { ruleFailed } from './rule-failed.js';

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

/** Judges what an endpoint served; nothing when it served no certificate. */
export function judgeObservation(
  observation: Observation,
  context: Pick<CheckInput, 'validation' | 'inventory' | 'policy' | 'now'>,
  rules: readonly Rule[] = allRules,
): readonly Verdict[] {
  const { certificate, chain, target } = observation;
  if (certificate === null) return [];
  return judge(
    {
      ...context,
      certificate,
      observation,
      source: 'served',
      chain: chain.slice(1),
      host: target.serverName,
    },
    rules,
  );
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
