import type { Message } from '../alerts/channel.js';
import { clipText } from '../lib/clip.js';
import { printable } from '../lib/printable.js';
import { colonSerial, eventWith, type CertglassEvent, type InventoryEventType } from '../model/event.js';
import type { InventoryChange, NamedCertificate } from '../model/inventory-change.js';
import { hostPort, targetOfKey } from '../model/target.js';
import { hash, type Ownership, type Words } from './compose.js';

/** What happened, as the documented event. Pure. */
export function inventoryEventOf(change: InventoryChange, words: Words): CertglassEvent {
  const { id, at, endpoint, ctLog, certificate, before } = change;
  const type = typeOf(change);
  const target = endpoint === null ? null : targetOfKey(endpoint);
  const place = target === null ? null : clipText(hostPort(target.host, target.port), 300);
  const { subject, issuer, serialNumber, sha256, names } = certificate;
  return eventWith({
    id,
    timestamp: at.toISOString(),
    event_type: type,
    message: printable(sentence(type, certificate, place), 500),
    certificate_subject: clipText(subject, 300),
    certificate_serial: colonSerial(clipText(serialNumber, 80)),
    certificate_sha256: sha256,
    previous_certificate_sha256: before?.sha256 ?? null,
    issuer: clipText(issuer, 300),
    issued_date: certificate.notBefore?.toISOString() ?? null,
    expiration_date: certificate.notAfter?.toISOString() ?? null,
    dns_names: names.map((name) => clipText(name, 260)),
    deployment_status: place === null ? 'issued' : 'served',
    target_systems: place === null ? [] : [place],
    ...withTags(ownershipOf(change, words)),
    source: place === null ? 'ct' : 'scan',
    ct_log: ctLog,
  });
}

/** Whose the changed endpoint or the first name of a logged certificate is. */
function ownershipOf({ endpoint, certificate }: InventoryChange, words: Words): Ownership {
  const target = endpoint === null ? null : targetOfKey(endpoint);
  const host = target?.host ?? certificate.names[0] ?? '';
  return words.ownership({ host, address: target?.address ?? null, issuer: certificate.issuer });
}

function withTags({ owner, environment, tags }: Ownership) {
  return { owner, environment, tags: [...tags] };
}

/** A certificate for all names of the one before is its renewal. */
function typeOf({ endpoint, certificate, before }: InventoryChange): InventoryEventType {
  if (endpoint === null) return 'certificate_issued';
  if (before === null) return 'certificate_discovered';
  const names = new Set(certificate.names);
  const isCovered = before.names.length > 0 && before.names.every((name) => names.has(name));
  return isCovered ? 'certificate_renewed' : 'certificate_changed';
}

function sentence(type: InventoryEventType, certificate: NamedCertificate, place: string | null): string {
  const { issuer, notAfter, names, subject } = certificate;
  const more = names.length > 1 ? ` and ${names.length - 1} more names` : '';
  const what = `${clipText(names[0] ?? subject, 120)}${more}`;
  const end = notAfter === null ? '' : `, valid until ${notAfter.toISOString().slice(0, 10)}`;
  const by = `by ${clipText(issuer, 120)}${end}`;
  switch (type) {
    case 'certificate_issued':
      return `Certificate for ${what} was issued ${by}`;
    case 'certificate_discovered':
      return `${place} presents a certificate for ${what}, issued ${by}`;
    case 'certificate_renewed':
      return `${place} presents a renewed certificate for ${what}, issued ${by}`;
    case 'certificate_changed':
      return `${place} presents another certificate, for ${what}, issued ${by}`;
  }
}

/** The message that carries these events; `total` counts those that it leaves out as well. */
export function inventoryMessage(
  id: string,
  channel: string,
  events: readonly CertglassEvent[],
  total: number,
  now: Date,
): Message {
  return {
    id,
    kind: 'events',
    createdAt: now.toISOString(),
    alerts: [],
    total: 0,
    resolved: 0,
    open: [],
    omittedByRule: [],
    link: null,
    thread: hash(['events', channel]).slice(0, 32),
    replyTo: [],
    action: 'trigger',
    well: null,
    inventory: { events, total },
  };
}
