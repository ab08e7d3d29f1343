import type { Evidence, Subject } from '../model/finding.js';
import type { Severity } from '../model/severity.js';

/** What every rule says of itself. `id` is the file name and never changes. */
export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Standard and section, for example `RFC 5280 section 4.1.2.5`, or the measure it was judged by. */
  readonly citation: string;
  /** What to do about it, one or two sentences. */
  readonly remediation: string;
  /** Ids of rules that this one makes superfluous for the same subject: their findings are superseded, not fixed. */
  readonly supersedes?: readonly string[];
  /** The rule binds certificates whose notBefore is at or after this instant. */
  readonly effectiveFrom?: Date;
  /** `public`: only what public CAs issue is held against it. Absent or `all`: everything. */
  readonly scope?: 'public' | 'all';
  /** Off unless the policy switches it on. */
  readonly isOptional?: true;
}

/** What a check found. */
export interface Hit {
  /** The values compared, by name. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Absent: the rule's. */
  readonly severity?: Severity;
  /** Absent: the rule's. */
  readonly title?: string;
  /** When it hurts, for example notAfter; absent when no date is known. */
  readonly dueAt?: Date;
  /** The values compared, each with what it should have been and where it comes from. */
  readonly evidence?: readonly Evidence[];
  /** What the findings of many subjects share; absent: those about one certificate or endpoint belong together. */
  readonly cause?: Subject;
}
