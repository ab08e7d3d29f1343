import type { Alert, AlertChange, CertificateFacts } from '../alerts/channel.js';
import { clip as jsonSafe, clipText as clip } from '../lib/clip.js';
import { placeText, type Finding } from '../model/finding.js';
import { atLeast } from '../model/severity.js';
import { targetOfKey } from '../model/target.js';
import type { NamedCertificate } from '../model/inventory-change.js';

/** What a rule says about itself, as far as messages show it. */
export interface RuleWords {
  readonly remediation: string;
  readonly citation: string;
  readonly theme: string | null;
}

/** What an alert is made of beside the finding. */
export interface AlertParts {
  /** The finding as the channel saw it last; null: never. */
  readonly previous: Finding | null;
  readonly why: 'news' | 'reminder' | 'escalated';
  readonly words: RuleWords | null;
  readonly certificate: NamedCertificate | null;
  /** Address of the console without a slash at its end; null: none. */
  readonly consoleUrl: string | null;
}

/** A finding as people receive it, cut to a sensible length. Pure. */
export function alertOf(finding: Finding, parts: AlertParts): Alert {
  const isEndpoint = finding.subject.kind === 'endpoint';
  return {
    id: finding.id,
    revision: finding.revision,
    change: changeOf(finding, parts),
    rule: clip(finding.rule, 100),
    theme: parts.words?.theme ?? null,
    severity: finding.severity,
    state: finding.state,
    resolution: finding.resolution,
    title: clip(finding.title, 200),
    subject: { kind: finding.subject.kind, key: clip(finding.subject.key, 600) },
    place: clip(placeText(finding), 300),
    host: cut(finding.host, 260),
    target: isEndpoint ? targetOf(finding.subject.key) : null,
    cause: clip(finding.cause, 200),
    firstSeenAt: finding.firstSeenAt.toISOString(),
    openedAt: finding.openedAt.toISOString(),
    resolvedAt: finding.resolvedAt?.toISOString() ?? null,
    dueAt: finding.dueAt?.toISOString() ?? null,
    owner: cut(finding.owner, 100),
    environment: cut(finding.environment, 100),
    tags: finding.tags.slice(0, 10).map((tag) => clip(tag, 60)),
    assignee: cut(finding.assignee, 100),
    ticket: cut(finding.ticket, 300),
    remediation: clip(parts.words?.remediation ?? '', 600),
    citation: clip(parts.words?.citation ?? '', 200),
    evidence: finding.evidence.slice(0, 10).map(({ label, value, expected, source }) => ({
      label: clip(label, 60),
      value: clip(value, 300),
      expected: cut(expected, 200),
      source: clip(source, 120),
    })),
    details: boundedDetails(finding.details),
    since: parts.previous === null ? [] : differences(parts.previous, finding),
    certificateSha256: finding.certificateSha256,
    certificate: parts.certificate === null ? null : certificateFacts(parts.certificate),
    note: finding.note === null ? null : { by: clip(finding.changedBy, 100), text: clip(finding.note, 500) },
    link: parts.consoleUrl === null ? null : `${parts.consoleUrl}/findings/${finding.id}`,
  };
}

function changeOf(finding: Finding, { previous, why }: AlertParts): AlertChange {
  if (finding.state === 'resolved') return 'resolved';
  if (finding.state === 'acknowledged') return 'acknowledged';
  if (why !== 'news') return why;
  if (previous === null) return 'opened';
  if (previous.state === 'resolved') return 'reopened';
  const isWorse = previous.severity !== finding.severity && atLeast(finding.severity, previous.severity);
  return isWorse ? 'worsened' : 'updated';
}

/** What changed, one sentence each: severity and state first, then at most four details. */
function differences(previous: Finding, finding: Finding): readonly string[] {
  const changes: string[] = [];
  if (previous.severity !== finding.severity)
    changes.push(`severity ${previous.severity} -> ${finding.severity}`);
  if (previous.state !== finding.state) changes.push(`${previous.state} -> ${finding.state}`);
  const keys = Object.keys(finding.details).filter(
    (key) => short(previous.details[key]) !== short(finding.details[key]),
  );
  for (const key of keys.slice(0, 4))
    changes.push(`${clip(key, 60)} ${short(previous.details[key])} -> ${short(finding.details[key])}`);
  return changes;
}

function short(value: unknown): string {
  return value === undefined
    ? 'nothing'
    : clip(typeof value === 'string' ? value : JSON.stringify(jsonSafe(value)), 80);
}

const maxDetailBytes = 3_000;

/** At most 20 details of at most 300 characters each, and at most 3,000 bytes together; what is larger stands as text. */
function boundedDetails(details: Finding['details']): Record<string, unknown> {
  const bounded: Record<string, unknown> = {};
  let bytes = 0;
  for (const [key, value] of Object.entries(details).slice(0, 20)) {
    const safe = jsonSafe(value);
    const text = typeof safe === 'string' ? safe : JSON.stringify(safe);
    const kept = text.length > 300 ? clip(text, 300) : safe;
    bytes += Buffer.byteLength(JSON.stringify([clip(key, 60), kept]));
    if (bytes > maxDetailBytes) break;
    bounded[clip(key, 60)] = kept;
  }
  return bounded;
}

function targetOf(key: string): Alert['target'] {
  const { host, address, port, serverName, starttls } = targetOfKey(key);
  return {
    host: clip(host, 260),
    address,
    port,
    serverName: cut(serverName, 260),
    starttls: cut(starttls, 40),
  };
}

function certificateFacts(certificate: NamedCertificate): CertificateFacts {
  return {
    sha256: certificate.sha256,
    subject: clip(certificate.subject, 300),
    issuer: clip(certificate.issuer, 300),
    serialNumber: clip(certificate.serialNumber, 80),
    notBefore: certificate.notBefore?.toISOString() ?? '',
    notAfter: certificate.notAfter?.toISOString() ?? '',
    dnsNames: certificate.names.slice(0, 20).map((name) => clip(name, 260)),
  };
}

function cut(text: string | null, max: number): string | null {
  return text === null ? null : clip(text, max);
}
