import type { Policy, PolicyException } from './policy.js';
import type { Severity } from './severity.js';

/** How the policy sees a name; every line of `policy.owners` up to the one that applies is answered for. */
export interface PolicyExplanation {
  readonly owner: string | null;
  readonly environment: string | null;
  readonly tags: readonly string[];
  readonly name: string;
  /** The owned domain it lies under; null: none. */
  readonly ownedDomain: string | null;
  /** Number of the line of `policy.owners` that applies, from 0; null: none. */
  readonly line: number | null;
  readonly considered: readonly {
    readonly line: number;
    readonly applies: boolean;
    readonly because: string;
  }[];
  /** Issuers that may issue for it, as the policy names them; empty while any may. */
  readonly approvedIssuers: readonly string[];
  /** When `expiring` warns about it. */
  readonly expiring: Pick<Policy['expiring'], 'warnFraction' | 'warnDays' | 'errorFraction' | 'errorDays'>;
  /** Rules that are switched off or weigh otherwise for it. */
  readonly rules: readonly {
    readonly rule: string;
    readonly enabled: boolean;
    readonly severity: Severity | null;
  }[];
  /** Exceptions that cover it, those about single certificates included. */
  readonly exceptions: readonly Pick<PolicyException, 'rules' | 'reason' | 'approver' | 'expires'>[];
}
