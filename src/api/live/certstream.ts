import type { CtEntry } from '../../model/ct-entry.js';

/** The three streams of certstream: without DER, with it, and names alone. */
export const certstreamPaths = ['/', '/full-stream', '/domains-only'] as const;
/** One of {@link certstreamPaths}. */
export type CertstreamPath = (typeof certstreamPaths)[number];

/** What is known of the log an entry comes from. */
export interface CertstreamSource {
  readonly name: string;
  readonly url: string;
}

/** One entry in the format of certstream servers, which feeds and monitors of others read unchanged. */
export function certstreamMessage(path: CertstreamPath, entry: CtEntry, source: CertstreamSource): string {
  const { certificate, leafIndex, entryType, seenAt } = entry;
  if (path === '/domains-only')
    return JSON.stringify({ message_type: 'dns_entries', data: certificate.names });
  const isPrecertificate = entryType === 'precertificate';
  const leaf = {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    extensions: {},
    not_before: secondsOf(certificate.notBefore),
    not_after: secondsOf(certificate.notAfter),
    serial_number: certificate.serialNumber.toUpperCase(),
    fingerprint: colons(certificate.sha1),
    sha1: colons(certificate.sha1),
    sha256: colons(certificate.sha256),
    signature_algorithm: certificate.signatureAlgorithm ?? 'unknown',
    all_domains: certificate.names,
    ...(path === '/full-stream' ? { as_der: Buffer.from(certificate.der).toString('base64') } : {}),
  };
  const data = {
    update_type: isPrecertificate ? 'PrecertLogEntry' : 'X509LogEntry',
    leaf_cert: leaf,
    ...(path === '/full-stream' ? { chain: [] } : {}),
    cert_index: leafIndex,
    cert_link: `${source.url}ct/v1/get-entries?start=${leafIndex}&end=${leafIndex}`,
    seen: seenAt.getTime() / 1_000,
    source,
  };
  return JSON.stringify({ message_type: 'certificate_update', data });
}

/** Sent when nothing else is, so that clients notice a dead connection. */
export function certstreamHeartbeat(now: Date): string {
  return JSON.stringify({ message_type: 'heartbeat', timestamp: now.getTime() / 1_000 });
}

const parts = ['C', 'CN', 'L', 'O', 'OU', 'ST'] as const;

/** The usual attributes of an RFC 4514 name, the first of each; null where there is none. */
function nameOf(text: string): Record<string, string | null> {
  const found = new Map<string, string>();
  for (const [, key = '', value = ''] of text.matchAll(/(?:^|[,+])([A-Za-z]+)=((?:\\.|[^\\,+])*)/gs))
    if (!found.has(key.toUpperCase())) found.set(key.toUpperCase(), value.replace(/\\(.)/gs, '$1'));
  const named = parts.map((part) => [part, found.get(part) ?? null] as const);
  const aggregated = named.map(([part, value]) => (value === null ? '' : `/${part}=${value}`)).join('');
  return { ...Object.fromEntries(named), aggregated };
}

function secondsOf(date: Date | null): number | null {
  return date === null ? null : Math.floor(date.getTime() / 1_000);
}

function colons(hex: string): string {
  return (hex.toUpperCase().match(/../g) ?? []).join(':');
}
