import type { PolicyExplanation } from '../model/policy-explanation.js';
import type { Policy } from '../model/policy.js';
import { isUnder, ownershipOf, reasons, type Place } from './ownership.js';
import { isInScope, lineFor } from './scope.js';

/** How the policy sees a name, by the code that judges. Pure. */
export function explainPolicy(place: Place & { readonly host: string }, policy: Policy): PolicyExplanation {
  const owned = ownershipOf(place, policy);
  const { warnFraction, warnDays, errorFraction, errorDays } = {
    ...policy.expiring,
    ...lineFor(policy.expiring.overrides, place, policy),
  } as Policy['expiring'];
  return {
    ...owned,
    ...ownerLines(place, policy),
    name: place.host,
    ownedDomain: policy.ownedDomains.find((domain) => isUnder(place.host, domain)) ?? null,
    approvedIssuers: policy.approvedIssuers
      .filter(({ scope }) => isInScope(scope, place, owned))
      .map(
        ({ name, sha256, keyId }) => name ?? (sha256 === null ? `key ${keyId ?? ''}` : `SHA-256 ${sha256}`),
      ),
    expiring: { warnFraction, warnDays, errorFraction, errorDays },
    rules: Object.entries(policy.rules).flatMap(([rule, settings]) => {
      const { enabled = true, severity = null } = {
        ...settings,
        ...lineFor(settings?.overrides ?? [], place, policy),
      };
      return settings === undefined || (enabled && severity === null) ? [] : [{ rule, enabled, severity }];
    }),
    exceptions: policy.exceptions
      .filter((exception) => isInScope(exception, place, owned))
      .map(({ rules, reason, approver, expires }) => ({ rules, reason, approver, expires })),
  };
}

function ownerLines(place: Place, { owners }: Policy): Pick<PolicyExplanation, 'line' | 'considered'> {
  const considered: { line: number; applies: boolean; because: string }[] = [];
  for (const [line, rule] of owners.entries()) {
    const all = reasons(rule, place);
    const against = all.find(({ applies }) => !applies);
    const because = against?.because ?? all.map((reason) => reason.because).join(' and ');
    considered.push({ line, applies: against === undefined, because });
    if (against === undefined) break;
  }
  const last = considered.at(-1);
  return { line: last?.applies === true ? last.line : null, considered };
}
