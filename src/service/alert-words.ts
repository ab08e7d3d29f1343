import type { Words } from '../delivery/compose.js';
import type { AlertsConfig } from '../delivery/config.js';
import type { Routing } from '../delivery/routing/plan.js';
import type { Policy } from '../model/policy.js';
import { ownershipOf } from '../rules/ownership.js';
import { rules } from '../rules/index.js';
import { themes } from '../rules/themes.js';

/** What messages say beside the finding: the console's address, what the rule says, and whose a place is by the present policy. */
export function alertWords(
  { consoleUrl }: Pick<AlertsConfig, 'consoleUrl'>,
  policy: Pick<Policy, 'owners'>,
): Words {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return {
    consoleUrl,
    ownership: (place) => ownershipOf(place, policy),
    ruleWords(id) {
      const rule = byId.get(id);
      if (rule === undefined) return null;
      return { remediation: rule.remediation, citation: rule.citation, theme: themes.get(id) ?? null };
    },
  };
}

/** The configured routes, and the theme of each rule. */
export function routingOf({ routes }: Pick<AlertsConfig, 'routes'>): Routing {
  return { routes, themeOf: (rule) => themes.get(rule) ?? null };
}
