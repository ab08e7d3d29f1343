import { createHash } from 'node:crypto';
import type { Severity } from './severity.js';
import { hostPort, targetOfKey } from './target.js';

/** What a finding is about: an endpoint (key of {@link endpointKey}), a certificate (sha256), a CT log (log id) or Certglass itself. */
export interface Subject {
  readonly kind: 'endpoint' | 'certificate' | 'issuance' | 'ct-log' | 'self';
  readonly key: string;
}

/** Life of a finding. `acknowledged` and `silenced` are open findings a person has spoken on. */
export type FindingState = 'open' | 'acknowledged' | 'silenced' | 'resolved';

/** One cause for concern, from its first sight to its end. The same rule and subject always give the same id. */
export interface Finding {
  /** See {@link findingId}: 32 hex digits. */
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  readonly subject: Subject;
  readonly details: Readonly<Record<string, unknown>>;
  /** Host the finding concerns, for filters and grouping; null when there is none. */
  readonly host: string | null;
  readonly certificateSha256: string | null;
  readonly state: FindingState;
  /** Counts changes of state: 1 = opened, 2 = resolved, 3 = reopened ... What was alerted is remembered by (id, revision). */
  readonly revision: number;
  readonly openedAt: Date;
  readonly lastSeenAt: Date;
  readonly resolvedAt: Date | null;
  /** Who spoke last: `certglass` or a user; with the note given. */
  readonly changedBy: string;
  readonly note: string | null;
}

/** Stable id of the finding of `rule` about `subject`. */
export function findingId(rule: string, subject: Subject): string {
  return createHash('sha256')
    .update(JSON.stringify([rule, subject.kind, subject.key]))
    .digest('hex')
    .slice(0, 32);
}

/**
 * What a finding is about in words: `host:port` of an endpoint, a log's description, a name of the certificate, or what of
 * Certglass itself. Not escaped.
 */
export function placeText({ subject, host, details }: Pick<Finding, 'subject' | 'host' | 'details'>): string {
  if (subject.kind === 'endpoint') {
    const target = targetOfKey(subject.key);
    return hostPort(target.host, target.port);
  }
  if (subject.kind === 'ct-log') return `CT log ${String(details['log'] ?? subject.key)}`;
  if (subject.kind === 'self') return `Certglass, ${subject.key}`;
  return host ?? `certificate ${subject.key}`;
}
