import type { Evidence, Finding, Resolution, Subject } from '../model/finding.js';
import type { Policy } from '../model/policy.js';
import type { AnyQuery, AskStore, ParametersOf, RowOf } from '../model/query.js';
import type { Ownership } from './ownership.js';
import type { Hit, RuleInfo } from './rule-info.js';

/** One finding of a fleet rule. */
export interface FleetHit extends Hit {
  readonly subject: Subject;
  readonly host: string | null;
  readonly certificateSha256: string | null;
  /** Whose it is, where the system that was asked knows; what it leaves open, the policy says. */
  readonly ownership?: Ownership;
}

/** Why a finding ends, where the rule knows better than that its row is missing. */
export interface FleetEnd {
  readonly findingId: string;
  readonly resolution: Resolution;
  /** Replaces the evidence of the finding; absent: it keeps what it had. */
  readonly evidence?: readonly Evidence[];
}

/** What a fleet rule is asked with. */
export interface FleetContext {
  readonly ask: AskStore;
  readonly policy: Policy;
  readonly now: Date;
}

/** A fleet rule as its file writes it; see {@link fleetRule}. */
export interface FleetRuleOf<Q extends AnyQuery> extends RuleInfo {
  readonly query: Q;
  /** How often the query runs. What it may cost stands with its SQL. */
  readonly everyMinutes: number;
  parameters(policy: Policy, now: Date): ParametersOf<Q>;
  /** What a row means; null: nothing. Pure. */
  judge(row: RowOf<Q>, policy: Policy, now: Date): FleetHit | null;
  /** Why these findings of the rule end, whose rows are gone. Those it does not answer for, and all when absent, are fixed. */
  ends?(gone: readonly Finding[], context: FleetContext): Promise<readonly FleetEnd[]>;
}

/** A rule about many things at once: a typed query over the store, and what its rows mean. */
export interface FleetRule extends RuleInfo {
  readonly kind: 'fleet';
  readonly query: Pick<AnyQuery, 'name' | 'description'>;
  readonly everyMinutes: number;
  /** Everything the rule says now. Rejects when the query does. */
  hits(context: FleetContext): Promise<readonly FleetHit[]>;
  ends(gone: readonly Finding[], context: FleetContext): Promise<readonly FleetEnd[]>;
}

/** A fleet rule; the compiler checks its parameters and rows against its query. */
export function fleetRule<Q extends AnyQuery>(rule: FleetRuleOf<Q>): FleetRule {
  const { query, parameters, judge, ends = () => Promise.resolve([]), ...info } = rule;
  return {
    ...info,
    kind: 'fleet',
    query,
    ends,
    async hits({ ask, policy, now }) {
      const rows = await ask(query, parameters(policy, now));
      return rows.map((row) => judge(row, policy, now)).filter((hit) => hit !== null);
    },
  };
}
