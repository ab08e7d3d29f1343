import { createHash } from 'node:crypto';
import type { Severity } from './severity.js';
import { hostPort, targetOfKey } from './target.js';

/** The kinds of subject known today. A rule may bring another one along; readers show it as it is. */
export const subjectKinds = [
  'endpoint', // key of endpointKey()
  'certificate', // SHA-256
  'issuance', // SHA-256 of the TBSCertificate, see Certificate.tbsSha256; of the certificate when that is unreadable
  'key', // SHA-256 of the SubjectPublicKeyInfo
  'name', // one host name
  'domain', // a registered domain
  'issuer', // RFC 4514 name of an issuer
  'ca', // the organization that runs issuers
  'network', // CIDR
  'ct-log', // log id
  'inventory', // name of a source
  'channel', // name of an alert channel
  'self', // a part of Certglass
] as const;

/** What a finding is about. */
export interface Subject {
  /** One of {@link subjectKinds}, or a kind that a rule brought along. */
  readonly kind: string;
  readonly key: string;
}

/** States of a finding. All but `resolved` mean that the cause exists; all but `open` mean that nobody needs to be alerted. */
export const findingStates = ['open', 'acknowledged', 'silenced', 'accepted', 'resolved'] as const;

/** One of {@link findingStates}. */
export type FindingState = (typeof findingStates)[number];

/** Why a finding was resolved. */
export const resolutions = [
  'fixed', // the cause was checked again and is gone
  'superseded', // another rule reports something worse about the same subject
  'gone', // the endpoint no longer answers, or the certificate is no longer served or logged anywhere
  'out-of-scope', // no scan, policy or rule covers it any more
  'expired', // the certificate has expired and is not in use
  'explained', // the cause turned out to be legitimate; the evidence says why
] as const;

/** One of {@link resolutions}. */
export type Resolution = (typeof resolutions)[number];

/** What made a revision of a finding differ from the one before. */
export const findingChanges = [
  'opened',
  'reopened', // the cause came back, a person reopened it, or a silence or acceptance ended
  'severity-raised',
  'severity-lowered',
  'acknowledged',
  'silenced',
  'accepted',
  'assigned',
  'commented',
  'ticket',
  'resolved',
] as const;

/** One of {@link findingChanges}. */
export type FindingChange = (typeof findingChanges)[number];

/** One value that was compared, or one place where it was seen. Texts may be hostile. */
export interface Evidence {
  readonly label: string;
  readonly value: string;
  /** What it should have been; null when there is no single right value. */
  readonly expected: string | null;
  /** Where the value comes from: `scan`, `ct <log id>:<index>`, `inventory <source>`, `policy` ... */
  readonly source: string;
  /** When it was observed; null when that does not matter. */
  readonly at: Date | null;
}

/** One cause for concern, from its first sight to its end. The same rule and subject always give the same id. */
export interface Finding {
  /** See {@link findingId}: 32 hex digits. */
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  readonly subject: Subject;
  readonly details: Readonly<Record<string, unknown>>;
  readonly evidence: readonly Evidence[];
  /** Findings with the same cause belong together: one certificate on seven hosts is one cause. Form of an id. */
  readonly cause: string;
  /** Host the finding concerns, for filters and grouping; null when there is none. */
  readonly host: string | null;
  readonly certificateSha256: string | null;
  /** When it hurts, for example notAfter or a distrust date; null when no date is known. */
  readonly dueAt: Date | null;
  /** Who is responsible, where it runs and how it is labelled, from policy and inventory. */
  readonly owner: string | null;
  readonly environment: string | null;
  readonly tags: readonly string[];
  readonly state: FindingState;
  /** Counts changes; what was alerted is remembered by (id, revision). Starts at 1. */
  readonly revision: number;
  /** What this revision changed. */
  readonly change: FindingChange;
  /** End of a silence or an acceptance; null: none, or in another state. */
  readonly until: Date | null;
  /** Why it was resolved; null unless it is. */
  readonly resolution: Resolution | null;
  /** The first revision ever, whatever happened since. */
  readonly firstSeenAt: Date;
  readonly openedAt: Date;
  readonly lastSeenAt: Date;
  readonly resolvedAt: Date | null;
  readonly assignee: string | null;
  /** Link to or number of a ticket elsewhere. */
  readonly ticket: string | null;
  /** Who made this revision: `certglass` or a user; with the comment or reason given. */
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
 * What a finding is about, in words: `host:port` of an endpoint, a log's description, a name of the certificate, or a part of
 * Certglass. Not escaped.
 */
export function placeText({ subject, host, details }: Pick<Finding, 'subject' | 'host' | 'details'>): string {
  const { kind, key } = subject;
  if (kind === 'endpoint') {
    const target = targetOfKey(key);
    return hostPort(target.host, target.port);
  }
  if (kind === 'ct-log') return `CT log ${String(details['log'] ?? key)}`;
  if (kind === 'self') return `Certglass, ${key}`;
  if (kind === 'certificate' || kind === 'issuance') return host ?? `certificate ${key}`;
  return kind === 'name' || kind === 'domain' ? key : `${kind} ${key}`;
}
