import type { Policy } from '../model/policy.js';
import type { CertificateRule, CheckInput, EndpointInput, EndpointRule, Rule } from '../rules/rule.js';
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
  let last = { settings: policy.rules, lists: timedRules(policy, rules) };
  const timed = (): TimedRules => {
    if (last.settings !== policy.rules) last = { settings: policy.rules, lists: timedRules(policy, rules) };
    return last.lists;
  };
  const ofRules = (input: CheckInput, some: readonly CertificateRule[]): readonly (Date | null)[] =>
    some.map((rule) => rule.standsUntil?.(input) ?? null);
  return {
    ofEndpoint({ observation, inputs }, now) {
      const offer: EndpointInput = { observation, policy, now };
      const { offers, certificates } = timed();
      const ofOffers = offers.map((rule) => rule.standsUntil?.(offer) ?? null);
      const ofInputs = inputs.flatMap((input) => [...datesOf(input), ...ofRules(input, certificates)]);
      return earliest([...ofInputs, ...ofOffers], now);
    },
    ofIssuance: (input, isFlagged) =>
      earliest([...ofRules(input, timed().issuances), ...(isFlagged ? datesOf(input) : [])], input.now),
  };
}

/** The rules that are switched on and whose answer changes with time. */
interface TimedRules {
  readonly offers: readonly EndpointRule[];
  readonly certificates: readonly CertificateRule[];
  /** Of `certificates`, those about an issuance. */
  readonly issuances: readonly CertificateRule[];
}

function timedRules(policy: Policy, rules: readonly Rule[]): TimedRules {
  const enabled = rules.filter((rule) => isEnabled(rule, policy));
  const offers = enabled.filter((rule) => rule.kind === 'endpoint');
  const certificates = enabled
    .filter((rule) => rule.kind === 'certificate')
    .filter(({ standsUntil }) => standsUntil !== undefined);
  return {
    offers: offers.filter(({ standsUntil }) => standsUntil !== undefined),
    certificates,
    issuances: certificates.filter(({ about }) => about === 'issuance'),
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
