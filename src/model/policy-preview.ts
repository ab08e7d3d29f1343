import type { Finding } from './finding.js';

/** What a finding is, as far as a preview shows it. */
export type PreviewedFinding = Pick<
  Finding,
  'id' | 'rule' | 'severity' | 'state' | 'title' | 'subject' | 'host'
>;

/** What would change if a policy were in force; each list holds at most 1,000, and the counts all. */
export interface PolicyPreview {
  readonly opens: readonly PreviewedFinding[];
  readonly closes: readonly PreviewedFinding[];
  /** Severity or state would be another. */
  readonly changes: readonly { readonly before: PreviewedFinding; readonly after: PreviewedFinding }[];
  readonly counts: { readonly opens: number; readonly closes: number; readonly changes: number };
}
