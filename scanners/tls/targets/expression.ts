import { domainToASCII } from 'node:url';
import { parseRange, type AddressRange } from './addresses.js';
import { notAHost } from './not-a-host.js';
import type { Service } from './services.js';

/** One target expression, read but not expanded. `ports` is null where the expression names none. */
export type TargetExpression =
  | { readonly kind: 'host'; readonly host: string; readonly ports: readonly number[] | null }
  | {
      readonly kind: 'range';
      readonly range: AddressRange;
      /** Zone of link-local addresses (`eth0`); null for all others. */
      readonly zone: string | null;
      readonly ports: readonly number[] | null;
    }
  | ({ readonly kind: 'service' } & Service)
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'stdin' };

/**
 * Reads `host`, `host:port`, `host:port,port-port`, an address, `[v6]:port`, `[v6%zone]:port`, a CIDR or range (with `:port`;
 * `[v6 cidr]:port`), `mx:domain`, `srv:_service._proto.domain`, `@file` or `-`. Throws one sentence that says what to write
 * instead.
 */
export function parseExpression(text: string): TargetExpression {
  const trimmed = text.trim();
  if (trimmed === '-') return { kind: 'stdin' };
  if (trimmed.startsWith('@')) return { kind: 'file', path: trimmed.slice(1) };
  const service = /^(mx|srv):(.+)$/i.exec(trimmed);
  if (service?.[1] && service[2]) return { kind: 'service', ...readService(service[1], service[2]) };
  const { host, ports } = splitPorts(trimmed);
  const { text: plain, zone } = withoutZone(host);
  const range = hasNetmask(plain) ? undefined : parseRange(plain);
  if (range !== undefined && (zone === null || range.family === 6))
    return { kind: 'range', range, zone, ports: ports === null ? null : parsePorts(ports) };
  const advice = notAHost(trimmed);
  if (advice !== null) throw new Error(advice);
  if (/[/:[\]%]/.test(host))
    throw new Error(`"${trimmed}" is neither a host, an address nor a range of addresses`);
  return { kind: 'host', host: hostName(host), ports: ports === null ? null : parsePorts(ports) };
}

/** `10.0.0.0/255.255.255.0`: refused with the prefix length to write. */
function hasNetmask(text: string): boolean {
  return /\/\d+\./.test(text);
}

function readService(type: string, text: string): Service {
  const name = hostName(text);
  if (type.toLowerCase() === 'mx') return { record: 'mx', name };
  if (!/^_[^.]+\._tcp\../.test(name))
    throw new Error(
      `"srv:${text}" names no service over TCP; write srv:_service._tcp.domain, for example srv:_imaps._tcp.example.com`,
    );
  return { record: 'srv', name };
}

/**
 * Takes the zone off an address, CIDR or range: `fe80::1%eth0`, `fe80::%eth0/120` (RFC 4007 section 11.7),
 * `fe80::1%eth0-fe80::9%eth0`; in brackets also `%25` for the sign (RFC 6874).
 */
function withoutZone(text: string): { readonly text: string; readonly zone: string | null } {
  const match = /^([0-9a-f:.]+)%(?:25)?([\w.~@-]{1,32}?)(?:(-[0-9a-f:.]+)%(?:25)?\2)?(\/\d+)?$/i.exec(text);
  if (match === null) return { text, zone: null };
  const [, first = '', zone = '', last = '', prefix = ''] = match;
  return { text: `${first}${last}${prefix}`, zone };
}

/** Separates `:ports` from the rest; an IPv6 address takes brackets when a port follows. */
function splitPorts(text: string): { host: string; ports: string | null } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed?.[1] !== undefined) return { host: bracketed[1], ports: bracketed[2] ?? null };
  const colon = text.indexOf(':');
  if (colon < 0 || colon !== text.lastIndexOf(':')) return { host: text, ports: null };
  return { host: text.slice(0, colon), ports: text.slice(colon + 1) };
}

/** Reads a port list such as `443,8443,9000-9010`: sorted, without repeats. Throws when a part is not a port. */
export function parsePorts(text: string): number[] {
  const ports = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part);
    const first = Number(match?.[1] ?? NaN);
    const last = Number(match?.[2] ?? first);
    if (!(first >= 1 && first <= last && last <= 65_535))
      throw new Error(`"${part}" is not a port; write 1 to 65535, a list (443,8443) or a range (9000-9010)`);
    for (let port = first; port <= last; port += 1) ports.add(port);
  }
  return [...ports].sort((x, y) => x - y);
}

/** Lower-case A-labels without the final dot (RFC 5890; underscores permitted). Throws when it cannot be a host name. */
export function hostName(text: string): string {
  const plain = text.replace(/\.$/, '');
  // domainToASCII also turns numbers into addresses (2130706433 is 127.0.0.1): a numeric last label is refused first.
  const host = /(^|\.)(0x[0-9a-f]*|\d+)$/i.test(plain) ? '' : domainToASCII(plain);
  const fault = hostFault(text, host);
  if (fault !== null) throw new Error(`"${text}" is not a host name or address${fault}`);
  return host;
}

/** Why a name in A-labels is no host name, to be put after that it is none; null when it is one. */
function hostFault(text: string, host: string): string | null {
  const labels = host.split('.');
  if (host.length > 253) return '; names have at most 253 characters';
  if (labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))) return null;
  const long = labels.find((label) => label.length > 63);
  if (long !== undefined) return '; labels between dots have at most 63 characters';
  return text.startsWith('*') ? '; a wildcard cannot be connected to, write the names it stands for' : '';
}

/**
 * A name to send as SNI: lower-case A-labels without the final dot. Throws for anything else, an address included, which
 * is never sent (RFC 6066 section 3).
 */
export function serverNameOf(text: string): string {
  const { host } = splitPorts(text.trim());
  if (parseRange(withoutZone(host).text) !== undefined)
    throw new Error(
      `"${text}" is an address, which is never sent as server name (RFC 6066 section 3); leave it out`,
    );
  return hostName(text.trim());
}
