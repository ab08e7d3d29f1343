import type { Config } from '../config/config.js';
import type { Incidents } from '../model/emergency.js';
import type { Policy } from '../model/policy.js';
import type { Reporting } from '../model/reporting.js';
import type { Reviews } from '../model/review.js';
import type { Ownership } from '../reports/report.js';
import { rules } from '../rules/index.js';
import { ownershipOf } from '../rules/ownership.js';
import type { OpenStore } from '../store/index.js';
import { createIncidents } from './incidents.js';
import { packageVersion } from './package-version.js';
import { createReporting, scopeOf } from './reporting.js';
import { createReviews } from './reviews.js';

/** Reports, and what people keep on record. */
export interface Records {
  readonly reporting: Reporting;
  readonly incidents: Incidents;
  readonly reviews: Reviews;
}

/** See {@link Records}. `config` is the one in force. */
export function createRecords(parts: {
  readonly config: () => Config;
  readonly policy: Policy;
  readonly store: OpenStore;
}): Records {
  const { config, policy, store } = parts;
  const ownership = ownershipBy(policy);
  const now = (): Date => new Date();
  const scope = { domain: null, owner: null, environment: null, tag: null };
  return {
    reporting: createReporting({ config, store, rules, version: packageVersion(), ownership }),
    incidents: createIncidents({ store, ownership, now }),
    reviews: createReviews({
      store,
      now,
      input: (from, to) => ({
        from,
        to,
        scope,
        streamRows: store.streamRows,
        ownership,
        policy: { ...policy },
        rules: Object.fromEntries(rules.map(({ id, severity }) => [id, severity])),
        configuration: scopeOf(config()),
      }),
    }),
  };
}

/** Whose the names are: the first of them that the policy knows counts. */
function ownershipBy(policy: Policy): (names: readonly string[]) => Ownership {
  return (names) => {
    const known = names.map((host) => ownershipOf({ host }, policy));
    return known.find(({ owner }) => owner !== null) ?? known[0] ?? ownershipOf({ host: null }, policy);
  };
}
