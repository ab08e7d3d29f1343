import type { Policy, PolicyException } from '../model/policy.js';
import type { Place } from '../rules/ownership.js';
import { isInScope } from '../rules/scope.js';
import type { Sighting } from './finding-life.js';

/** A sighting, and the exception of the policy that covers it; null: none does. */
export interface Settled extends Sighting {
  readonly exception: PolicyException | null;
}

/**
 * The sighting with what the policy says of its rule for this place: another severity, or none at all when the rule is off there; and with
 * the exception that covers it and ends last.
 */
export function settle(policy: Policy, sighting: Sighting, place: Place): readonly Settled[] {
  const line = policy.rules[sighting.rule]?.overrides?.find((one) => isInScope(one, place, sighting));
  if (line?.enabled === false) return [];
  const covering = policy.exceptions.filter((one) => isCovered(one, sighting, place));
  const exception = covering.reduce<PolicyException | null>(
    (last, one) => (last !== null && last.expires >= one.expires ? last : one),
    null,
  );
  return [{ ...sighting, severity: line?.severity ?? sighting.severity, exception }];
}

function isCovered(one: PolicyException, sighting: Sighting, place: Place): boolean {
  const { rule, certificateSha256 } = sighting;
  const isNamed = one.certificates.length === 0 || one.certificates.includes(certificateSha256 ?? '');
  return one.rules.includes(rule) && isNamed && isInScope(one, place, sighting);
}

/** The end of the last day of an exception. */
export function endOf({ expires }: Pick<PolicyException, 'expires'>): Date {
  return new Date(Date.parse(`${expires}T00:00:00Z`) + 86_400_000);
}
