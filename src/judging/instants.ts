import type { Policy } from '../model/policy.js';
import type { CertificateRule, CheckInput, EndpointInput, Rule } from '../rules/rule.js';
import { isEnabled } from '../rules/judge.js';
import type { Served } from './grade.js';

/** Says when a judgement may change although nothing but the time did. */
export interface Instants {
  /** Null: never. */
  ofEndpoint(served: Served, now: Date): Date | null;
  /** `isFlagged`: something was found, which ends when the certificate expires. */
  ofIssuance(input: CheckInput, isFlagged: boolean): Date | null;
}

/** After its last second a certificate has expired. */
const secondMs = 1_000;

/** See {@link Instants}. */
export function createInstants(policy: Policy, rules: readonly Rule[]): Instants {
  const enabled = rules.filter((rule) => isEnabled(rule, policy));
  const offers = enabled.filter((rule) => rule.kind === 'endpoint' && rule.standsUntil !== undefined);
  const certificateRules = enabled.filter((rule): rule is CertificateRule => rule.kind === 'certificate');
  const timed = certificateRules.filter(({ standsUntil }) => standsUntil !== undefined);

  const ofIssuances = timed.filter(({ about }) => about === 'issuance');
  const ofRules = (input: CheckInput, some = timed): readonly (Date | null)[] =>
    some.map((rule) => rule.standsUntil?.(input) ?? null);
  return {
    ofEndpoint({ observation, inputs }, now) {
      const offer: EndpointInput = { observation, policy, now };
      const ofOffer = offers.map((rule) => (rule.kind === 'endpoint' ? rule.standsUntil?.(offer) : null));
      return earliest(
        [...inputs.flatMap(datesOf), ...inputs.flatMap((input) => ofRules(input)), ...ofOffer],
        now,
      );
    },
    ofIssuance: (input, isFlagged) =>
      earliest([...ofRules(input, ofIssuances), ...(isFlagged ? datesOf(input) : [])], input.now),
  };
}

/** When the leaf and its chain begin and stop to be valid. */
function datesOf({ certificate, chain }: CheckInput): readonly (Date | null)[] {
  return [certificate, ...chain].flatMap(({ notBefore, notAfter }) => [
    notBefore,
    notAfter === null ? null : new Date(notAfter.getTime() + secondMs),
  ]);
}

/** The earliest instant after `now`; null when there is none. */
export function earliest(instants: readonly (Date | null | undefined)[], now: Date): Date | null {
  let first: Date | null = null;
  for (const at of instants) {
    if (at === null || at === undefined || !(at > now)) continue;
    if (first === null || at < first) first = at;
  }
  return first;
}
