import type { Subject } from './finding.js';

/** Something about Certglass itself or a CT log that a rule may turn into a finding (a fork, a stalled log, a missed quota). */
export interface Incident {
  /** Rule id, for example `ct-log-unreachable`. */
  readonly rule: string;
  readonly subject: Subject;
  /** True opens or refreshes the finding, false says that the cause is gone. */
  readonly active: boolean;
  readonly details: Readonly<Record<string, unknown>>;
}
