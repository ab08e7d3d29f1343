import { hostname } from 'node:os';
import { printable } from '../../lib/printable.js';
import { jsonLine } from '../../lib/json-line.js';
import type { CertglassEvent } from '../../model/event.js';
import type { Severity } from '../../model/severity.js';
import { detailsLine } from './siem.js';

/** Syslog severities: critical 2, error 3, warning 4, notice 5; 6 (informational) for events without one (RFC 5424 section 6.2.1). */
const levels: Readonly<Record<Severity, number>> = { critical: 2, error: 3, warning: 4, notice: 5 };
/** Severity 0 to 10 of CEF and LEEF. */
const weights: Readonly<Record<Severity, number>> = { critical: 10, error: 8, warning: 5, notice: 3 };

/** How the body of a syslog message is written. */
export const bodies = { json: jsonLine, cef: cefOf, leef: leefOf } as const;

/** One RFC 5424 message. `facility` 0 to 23. */
export function syslogLine(event: CertglassEvent, body: keyof typeof bodies, facility: number): string {
  const priority = facility * 8 + (event.severity === null ? 6 : levels[event.severity]);
  const host =
    hostname()
      .replace(/[^\x21-\x7e]/g, '')
      .slice(0, 255) || '-';
  const head = `<${priority}>1 ${event.timestamp} ${host} certglass ${process.pid} ${event.event_type}`;
  // RFC 5424 section 6.4: UTF-8 begins with the byte order mark.
  return `${head} - \ufeff${bodies[body](event)}`;
}

/** ArcSight Common Event Format 0: `|` and `\` are escaped in the header, `=`, `\` and line breaks in the extension. */
function cefOf(event: CertglassEvent): string {
  const header = (text: string): string => printable(text, 512).replace(/[\\|]/g, '\\$&');
  const value = (text: string): string => printable(text, 1_023).replace(/[\\=]/g, '\\$&');
  const extension = fieldsOf(event, {
    id: 'externalId',
    time: 'rt',
    message: 'msg',
    place: 'dhost',
    subject: 'cs1',
    issuer: 'cs2',
    serial: 'cs3',
    expires: 'deviceCustomDate1',
    state: 'outcome',
    details: 'cs4',
    link: 'request',
  }).map(([key, text]) => `${key}=${value(text)}`);
  const labels = 'cs1Label=certificate_subject cs2Label=issuer cs3Label=certificate_serial cs4Label=details';
  const severity = event.severity === null ? 1 : weights[event.severity];
  const id = event.finding?.rule ?? event.event_type;
  const head = [
    'CEF:0',
    'Certglass',
    'Certglass',
    '1',
    header(id),
    header(event.event_type),
    String(severity),
  ];
  return `${head.join('|')}|${[...extension, labels].join(' ')}`;
}

/** IBM LEEF 2.0 with a tab between attributes. */
function leefOf(event: CertglassEvent): string {
  const attributes = fieldsOf(event, {
    id: 'externalId',
    time: 'devTime',
    message: 'msg',
    place: 'dst',
    subject: 'certSubject',
    issuer: 'certIssuer',
    serial: 'certSerial',
    expires: 'certExpires',
    state: 'state',
    details: 'details',
    link: 'url',
  }).map(([key, text]) => `${key}=${printable(text, 1_023)}`);
  const severity = event.severity === null ? 1 : weights[event.severity];
  const id = printable(event.finding?.rule ?? event.event_type, 200).replaceAll('|', '_');
  return `LEEF:2.0|Certglass|Certglass|1|${id}|x09|${[`sev=${severity}`, `cat=${event.event_type}`, ...attributes].join('\t')}`;
}

type Field =
  | 'id'
  | 'time'
  | 'message'
  | 'place'
  | 'subject'
  | 'issuer'
  | 'serial'
  | 'expires'
  | 'state'
  | 'details'
  | 'link';

function fieldsOf(
  event: CertglassEvent,
  keys: Readonly<Record<Field, string>>,
): (readonly [string, string])[] {
  const values: Readonly<Record<Field, string | null>> = {
    id: event.id,
    time: event.timestamp,
    message: event.message,
    place: event.target_systems.join(', ') || null,
    subject: event.certificate_subject,
    issuer: event.issuer,
    serial: event.certificate_serial,
    expires: event.expiration_date,
    state: event.finding?.state ?? null,
    details: detailsLine(event) || null,
    link: event.finding?.link ?? null,
  };
  return Object.entries(values).flatMap(([field, value]) =>
    value === null ? [] : [[keys[field as Field], value] as const],
  );
}
