import { valueText } from '../../lib/details-text.js';
import { printable } from '../../lib/printable.js';
import { colonSerial, eventWith, type CertglassEvent } from '../../model/event.js';
import type { Alert, Message } from '../channel.js';
import { headlineOf, titleOf } from './anatomy.js';

/** All events of a message: those of the inventory, or its findings. A heartbeat is one event. */
export function eventsOf(message: Message): readonly CertglassEvent[] {
  if (message.inventory !== undefined) return message.inventory.events;
  const findings = message.alerts.map((alert) => eventOf(alert, message));
  if (findings.length > 0) return findings;
  return [blank(message, message.kind === 'test' ? 'test' : 'heartbeat')];
}

function eventOf(alert: Alert, message: Message): CertglassEvent {
  const { certificate } = alert;
  return {
    ...blank(message, typeOf(alert, message)),
    id: `${alert.id}:${alert.revision}${alert.change === 'reminder' || alert.change === 'escalated' ? `:${message.id}` : ''}`,
    timestamp: alert.resolvedAt ?? (alert.change === 'opened' ? alert.openedAt : message.createdAt),
    severity: alert.severity,
    message: printable(`${titleOf(alert)} (${alert.place})`, 500),
    certificate_subject: certificate?.subject ?? null,
    certificate_serial: certificate === null ? null : colonSerial(certificate.serialNumber),
    certificate_sha256: alert.certificateSha256,
    issuer: certificate?.issuer ?? null,
    issued_date: certificate?.notBefore ?? null,
    expiration_date: certificate?.notAfter ?? null,
    dns_names: [...(certificate?.dnsNames ?? [])],
    deployment_status:
      alert.target !== null ? 'served' : alert.subject.kind === 'issuance' ? 'issued' : 'unknown',
    target_systems: alert.target === null ? [] : [alert.place],
    owner: alert.owner,
    environment: alert.environment,
    tags: [...alert.tags],
    source: alert.target === null ? 'certglass' : 'scan',
    finding: {
      id: alert.id,
      revision: alert.revision,
      rule: alert.rule,
      state: alert.state,
      resolution: alert.resolution,
      opened_at: alert.openedAt,
      resolved_at: alert.resolvedAt,
      due_at: alert.dueAt,
      remediation: alert.remediation,
      citation: alert.citation,
      details: { ...alert.details },
      link: alert.link,
    },
  };
}

const typeByRule: Readonly<Record<string, CertglassEvent['event_type']>> = {
  expiring: 'certificate_expiring',
  expired: 'certificate_expired',
  'deploy-gap': 'deployment_failed',
  'endpoint-gone': 'certificate_removed',
};

function typeOf(
  { state, change, rule, certificateSha256 }: Alert,
  { kind }: Message,
): CertglassEvent['event_type'] {
  if (kind === 'test') return 'test';
  if (state === 'resolved') return 'finding_resolved';
  if (state === 'acknowledged') return 'finding_acknowledged';
  if (rule === 'unreachable' && certificateSha256 !== null) return 'certificate_removed';
  const known = typeByRule[rule];
  if (known !== undefined) return known;
  return change === 'opened' || change === 'reopened' ? 'finding_opened' : 'finding_updated';
}

function blank(message: Message, type: CertglassEvent['event_type']): CertglassEvent {
  const { id, createdAt } = message;
  const text = printable(headlineOf(message), 500);
  return eventWith({ id, timestamp: createdAt, event_type: type, message: text });
}

/** The details of an event's finding as one line of text; empty without a finding. */
export function detailsLine({ finding }: CertglassEvent): string {
  return finding === null ? '' : printable(valueText(finding.details), 1_000);
}
