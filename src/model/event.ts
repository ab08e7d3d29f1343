import { z } from 'zod';
import { severities } from './severity.js';

/** Everything that can happen, as SIEM users know it. Additions only. */
export const eventTypes = [
  'certificate_discovered', // an endpoint serves its first certificate
  'certificate_renewed', // an endpoint serves a successor for the same names
  'certificate_changed', // an endpoint serves a certificate that does not cover the names of the one before
  'certificate_issued', // a watched certificate is first seen in a CT log
  'certificate_removed', // an endpoint no longer serves it
  'certificate_expiring',
  'certificate_expired',
  'deployment_failed', // a successor was issued and is not served everywhere
  'finding_opened',
  'finding_updated',
  'finding_acknowledged',
  'finding_resolved',
  'heartbeat',
  'test',
] as const;

/** Events of the inventory: they belong to no finding, and a channel gets those that its `events` names. */
export const inventoryEventTypes = [
  'certificate_discovered',
  'certificate_renewed',
  'certificate_changed',
  'certificate_issued',
] as const satisfies readonly (typeof eventTypes)[number][];

/** One of {@link inventoryEventTypes}. */
export type InventoryEventType = (typeof inventoryEventTypes)[number];

const text = z.string().nullable();

/** One event, version 1: flat, so that every SIEM can index it. Absent values are null. */
export const eventSchema = z.strictObject({
  schema_version: z.literal('1.0').describe('Version of this shape. Fields are only ever added within 1.x.'),
  id: z.string().describe('Stable: an event that is sent again has the same id. Use it to drop duplicates.'),
  timestamp: z.iso.datetime().describe('When it happened, ISO 8601 in UTC.'),
  event_type: z.enum(eventTypes).describe('What happened.'),
  severity: z.enum(severities).nullable().describe('Severity of the finding; null for inventory events.'),
  message: z.string().describe('One sentence for people.'),
  certificate_subject: text.describe('RFC 4514 name of the subject.'),
  certificate_serial: text.describe('Serial number in upper-case hex, octets separated by colons.'),
  certificate_sha256: text.describe('SHA-256 of the certificate, lower-case hex.'),
  previous_certificate_sha256: text.describe(
    'What was served before; only for renewed, changed and removed.',
  ),
  issuer: text.describe('RFC 4514 name of the issuer.'),
  issued_date: text.describe('notBefore, ISO 8601 in UTC.'),
  expiration_date: text.describe('notAfter, ISO 8601 in UTC.'),
  dns_names: z.array(z.string()).describe('Names the certificate covers, at most 20.'),
  deployment_status: z
    .enum(['served', 'issued', 'partly_deployed', 'removed', 'unknown'])
    .describe('`served`: an endpoint presents it; `issued`: only seen in a CT log.'),
  target_systems: z.array(z.string()).describe('host:port of the endpoints concerned.'),
  owner: text.describe('Who is responsible.'),
  environment: text.describe('For example `production`.'),
  tags: z.array(z.string()).describe('Labels of the endpoint or inventory item.'),
  source: z.enum(['scan', 'ct', 'certglass']).describe('Where the event comes from.'),
  ct_log: text.describe('Id of the log of an issued certificate.'),
  finding: z
    .strictObject({
      id: z.string().describe('The same over the whole life of the finding.'),
      revision: z.int().describe('Counts changes of the finding.'),
      rule: z.string().describe('Rule id.'),
      state: z.string().describe('open, acknowledged, silenced, accepted or resolved.'),
      resolution: text.describe('Why it was resolved.'),
      opened_at: z.iso.datetime().describe('When it was opened.'),
      resolved_at: z.iso.datetime().nullable().describe('When it was resolved.'),
      due_at: z.iso.datetime().nullable().describe('When it starts to hurt.'),
      remediation: z.string().describe('What to do.'),
      citation: z.string().describe('The standard it rests on.'),
      details: z.record(z.string(), z.unknown()).describe('The values compared.'),
      link: text.describe('Page of the finding in the console.'),
    })
    .nullable()
    .describe('The finding; null for inventory events.'),
});

/** One event, see {@link eventSchema}. */
export type CertglassEvent = z.infer<typeof eventSchema>;

/** An event of which only these parts are known. */
export function eventWith(
  parts: Partial<CertglassEvent> & Pick<CertglassEvent, 'id' | 'timestamp' | 'event_type' | 'message'>,
): CertglassEvent {
  const { id, timestamp, event_type, ...rest } = parts;
  return { schema_version: '1.0', id, timestamp, event_type, ...unknown, ...rest };
}

const unknown: Omit<CertglassEvent, 'schema_version' | 'id' | 'timestamp' | 'event_type'> = {
  severity: null,
  message: '',
  certificate_subject: null,
  certificate_serial: null,
  certificate_sha256: null,
  previous_certificate_sha256: null,
  issuer: null,
  issued_date: null,
  expiration_date: null,
  dns_names: [],
  deployment_status: 'unknown',
  target_systems: [],
  owner: null,
  environment: null,
  tags: [],
  source: 'certglass',
  ct_log: null,
  finding: null,
};

/** JSON Schema of an event, as text that ends with a line break. */
export function eventJsonSchema(): string {
  const id = 'urn:certglass:event:1.0';
  const schema = { $id: id, title: 'Certglass event, version 1.0', ...z.toJSONSchema(eventSchema) };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** A serial number as people read it: upper-case octets, `0A:FF:03`. */
export function colonSerial(serialNumber: string): string {
  const even = serialNumber.length % 2 === 0 ? serialNumber : `0${serialNumber}`;
  return (even.toUpperCase().match(/../g) ?? []).join(':');
}
