import type { CertglassEvent } from '../../model/event.js';
import { detailsLine } from './siem.js';

/** An event in the Elastic Common Schema (x509, tls.server, rule, event, host fields). Absent values are left out. */
export function ecsOf(event: CertglassEvent): Record<string, unknown> {
  const { finding } = event;
  const { host, port } = splitPlace(event.target_systems[0] ?? null);
  return withoutNulls({
    '@timestamp': event.timestamp,
    ecs: { version: '8.17.0' },
    message: event.message,
    event: {
      kind: finding === null ? 'event' : 'alert',
      category: ['configuration'],
      type: [finding?.state === 'resolved' ? 'end' : 'info'],
      action: event.event_type,
      id: event.id,
      module: 'certglass',
      dataset: 'certglass.event',
      severity:
        event.severity === null ? null : { notice: 1, warning: 2, error: 3, critical: 4 }[event.severity],
      reason: detailsLine(event) || null,
      url: finding?.link ?? null,
    },
    log: { level: event.severity },
    rule:
      finding === null
        ? null
        : { id: finding.rule, name: finding.rule, reference: finding.citation, ruleset: 'certglass' },
    server: host === null ? null : { address: host, port },
    tls:
      event.certificate_sha256 === null
        ? null
        : {
            server: {
              hash: { sha256: event.certificate_sha256.toUpperCase() },
              x509: {
                subject: { distinguished_name: event.certificate_subject },
                issuer: { distinguished_name: event.issuer },
                serial_number: event.certificate_serial?.replaceAll(':', '') ?? null,
                not_before: event.issued_date,
                not_after: event.expiration_date,
                alternative_names: event.dns_names,
              },
            },
          },
    tags: event.tags.length === 0 ? null : event.tags,
    labels: {
      owner: event.owner,
      environment: event.environment,
      deployment_status: event.deployment_status,
    },
    certglass:
      finding === null ? null : { finding: { id: finding.id, state: finding.state, due_at: finding.due_at } },
  });
}

function splitPlace(place: string | null): { readonly host: string | null; readonly port: number | null } {
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(place ?? '') ?? [];
  return host === '' ? { host: null, port: null } : { host, port: Number(port) };
}

/** Elastic maps absent and null alike, but null objects take space and fail strict mappings. */
function withoutNulls(value: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(value).flatMap(([key, item]) => {
    if (item === null || item === undefined) return [];
    const isObject = typeof item === 'object' && !Array.isArray(item);
    return [[key, isObject ? withoutNulls(item as Record<string, unknown>) : item] as const];
  });
  return Object.fromEntries(kept);
}
