import { domainToASCII } from 'node:url';
import { parseRange, type AddressRange } from './addresses.js';

/** One target expression, read but not expanded. `ports` is null where the expression names none. */
export type TargetExpression =
  | { readonly kind: 'host'; readonly host: string; readonly ports: readonly number[] | null }
  | { readonly kind: 'range'; readonly range: AddressRange; readonly ports: readonly number[] | null }
  | { readonly kind: 'service'; readonly record: 'mx' | 'srv'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'stdin' };

/**
 * Reads `host`, `host:port`, `host:port,port-port`, an address, `[v6]:port`, a CIDR or range (with `:port`; `[v6 cidr]:port`),
 * `mx:domain`, `srv:_service._proto.domain`, `@file` or `-`. Throws one sentence that says what to write instead.
 */
export function parseExpression(text: string): TargetExpression {
  const trimmed = text.trim();
  if (trimmed === '-') return { kind: 'stdin' };
  if (trimmed.startsWith('@')) return { kind: 'file', path: trimmed.slice(1) };
  const service = /^(mx|srv):(.+)$/i.exec(trimmed);
  if (service?.[1] && service[2]) {
    const record = service[1].toLowerCase() === 'mx' ? 'mx' : 'srv';
    return { kind: 'service', record, name: hostName(service[2]) };
  }
  if (trimmed.includes('://'))
    throw new Error(`"${trimmed}" is a URL; write the host, or host:port, without scheme and path`);
  const { host, ports } = splitPorts(trimmed);
  const range = parseRange(host);
  if (range !== undefined) return { kind: 'range', range, ports };
  if (host.includes('/') || host.includes(':') || host.includes('['))
    throw new Error(`"${trimmed}" is neither a host, an address nor a range of addresses`);
  return { kind: 'host', host: hostName(host), ports };
}

/** Separates `:ports` from the rest; an IPv6 address takes brackets when a port follows. */
function splitPorts(text: string): { host: string; ports: readonly number[] | null } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed?.[1] !== undefined)
    return { host: bracketed[1], ports: bracketed[2] === undefined ? null : parsePorts(bracketed[2]) };
  const colon = text.indexOf(':');
  if (colon < 0 || colon !== text.lastIndexOf(':')) return { host: text, ports: null };
  return { host: text.slice(0, colon), ports: parsePorts(text.slice(colon + 1)) };
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
  const labels = host.split('.');
  if (host.length > 253 || labels.some((label) => !/^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)))
    throw new Error(
      `"${text}" is not a host name or address` +
        (text.startsWith('*') ? '; a wildcard cannot be connected to, write the names it stands for' : ''),
    );
  return host;
}
